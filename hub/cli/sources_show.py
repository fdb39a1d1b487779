"""``verbundhub sources list`` and ``show``: what a source is, how old its data are, how its fetching goes."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from catalog_sync.catalog.keys import ars_of
from catalog_sync.journal import Run, runs_of, runs_to_confirm
from catalog_sync.pipeline.report import summary
from catalog_sync.pipeline.sweep import SHARE
from catalog_sync.sources.fetching import Fetching, fetchings
from catalog_sync.sources.registry import Source, UnknownSource, all_sources, source_by_key
from hub.cli import sources_words as words
from hub.cli.running import Databases, run
from hub.config import Settings

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """A source as its operator sees it; `now` is in microseconds since 1970, UTC."""

    source: Source
    fetching: Fetching | None
    newest: Run | None
    to_confirm: Sequence[Run]
    now: int

    @property
    def age_seconds(self) -> int | None:
        """How long ago its data were known to be whole."""
        fresh_at = self.source.fresh_at
        return None if fresh_at is None else (self.now - fresh_at) // _MICROSECONDS

    @property
    def age(self) -> str:
        """The same in words."""
        return "nothing delivered" if self.age_seconds is None else words.span(self.age_seconds)

    @property
    def last_run(self) -> str:
        """Its newest run in words."""
        return "none" if self.newest is None else f"{self.newest.id} {self.newest.state.value}"

    @property
    def fetched(self) -> str:
        """How its fetching goes, in words."""
        if self.source.index_url is None:
            return "not fetched"
        if self.fetching is None:
            return "due"
        tried = f"next {_iso(self.fetching.due_at)}"
        if not self.fetching.failures:
            return tried
        return f"breaker {self.fetching.breaker}, {self.fetching.failures} failures in a row, {tried}"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        one, fetching = self.source, self.fetching
        return {
            "source": one.key,
            "name": one.name,
            "agencies": list(one.agencies),
            "areas": [ars_of(area) for area in one.areas],
            "index": one.index_url,
            "everySeconds": one.every_seconds,
            "shrink": {"*": SHARE, **one.shares},
            "freshAt": None if one.fresh_at is None else _iso(one.fresh_at),
            "ageSeconds": self.age_seconds,
            "lastRun": None if self.newest is None else summary(self.newest),
            "toConfirm": [run.id for run in self.to_confirm],
            "breaker": None if one.index_url is None else (fetching.breaker if fetching else "closed"),
            "failures": fetching.failures if fetching and one.index_url else 0,
            "reason": fetching.reason if fetching and one.index_url else None,
            "nextFetch": _iso(fetching.due_at) if fetching and one.index_url else None,
        }


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print an array for programs.")
def list_command(*, as_json: bool) -> None:
    """Say which sources there are, how old their data are and how their fetching goes."""

    async def work(settings: Settings, databases: Databases) -> list[Told]:
        found = await databases.catalog.read(all_sources)
        return [await told(databases, one.key) for one in found]

    found = run(work)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False))
        return
    table = Table("source", "name", "areas", "age of data", "last run", "fetching")
    for one in found:
        row = (one.source.key, one.source.name, ", ".join(map(ars_of, one.source.areas)), one.age)
        state = "" if one.newest is None else one.newest.state.value
        table.add_row(*map(Text, (*row, state, one.fetched)))
    Console().print(table)


@click.command("show")
@click.argument("key", metavar="SOURCE")
@click.option("--json", "as_json", is_flag=True, help="Print the source as JSON.")
def show(*, key: str, as_json: bool) -> None:
    """Say all about SOURCE: what it may deliver, how old its data are, how its fetching goes."""

    async def work(settings: Settings, databases: Databases) -> Told:
        try:
            return await told(databases, key)
        except UnknownSource as error:
            raise click.UsageError(error.sentence) from error

    show_source(run(work), as_json=as_json)


async def told(databases: Databases, key: str) -> Told:
    """All about a source.

    Raises:
        UnknownSource: where there is none.
    """
    found = await databases.catalog.read(partial(source_by_key, key=key))
    read = databases.operations.read
    fetching = await read(fetchings)
    newest = await read(partial(runs_of, source=key, limit=1))
    waiting = await read(partial(runs_to_confirm, source=key))
    now = int(time.time() * _MICROSECONDS)
    return Told(found, fetching.get(key), newest[0] if newest else None, waiting, now)


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment // _MICROSECONDS, UTC).isoformat()


def show_source(one: Told, *, as_json: bool) -> None:
    """Print a source."""
    if as_json:
        click.echo(json.dumps(one.as_json(), ensure_ascii=False))
        return
    source = one.source
    every = "" if source.every_seconds is None else f", every {words.span(source.every_seconds)}"
    lines = [
        ("source", source.key),
        ("name", source.name),
        ("agencies", ", ".join(source.agencies)),
        ("areas", ", ".join(map(ars_of, source.areas))),
        ("index", f"{source.index_url}{every}" if source.index_url else "none: it is not fetched"),
        ("shrink", words.shares_text({"*": SHARE, **source.shares})),
        ("age of data", one.age),
        ("last run", one.last_run),
        ("to confirm", ", ".join(run.id for run in one.to_confirm)),
        ("fetching", one.fetched),
        ("reason", (one.fetching.reason if one.fetching and source.index_url else None) or ""),
    ]
    for name, said in lines:
        if said:
            click.echo(f"{name}: {said}")
