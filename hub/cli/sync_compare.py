"""``verbundhub sync compare``: do both sides hold the same?"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import httpx2
from rich.console import Console
from rich.table import Table
from rich.text import Text

from catalog_sync.digests import wire
from catalog_sync.digests.comparing import Difference, differences
from catalog_sync.digests.holdings import Holdings
from catalog_sync.digests.messages import Messages
from catalog_sync.digests.tree import Node, Side
from catalog_sync.pipeline.known import scope_of
from catalog_sync.sources.files import files_of
from catalog_sync.sources.registry import UnknownSource, source_by_key
from hub.cli.running import Databases, fail, run
from hub.config import Settings
from hub.egress import Egress

_SECONDS, _BYTES = 60.0, 64 * 1024 * 1024
_FAILED = 2
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class OtherHub:
    """Another hub's digest as a side of a comparison."""

    client: httpx2.AsyncClient
    url: str
    token: str

    async def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]:
        """See `Side.nodes`."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await self.client.get(self.url, params={"prefix": list(prefixes)}, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            fail(f"The other hub does not answer: {error}", _FAILED)
        if not answer.is_success:
            fail(f"The other hub answered {answer.status_code}: {answer.text[:300]}", _FAILED)
        try:
            found = wire.read(answer.json())
        except ValueError as error:
            raise wire.OtherReader("What came back is no digest of a hub.") from error
        return {prefix: found.get(prefix) or Node(prefix, 0, b"") for prefix in prefixes}


@click.command("compare")
@click.option("--source", required=True, metavar="ID", help="Whose entries are compared.")
@click.option("--against", metavar="URL", help="Digest of another hub: https://hub/sync/ID/digest.")
@click.option(
    "--token-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="That hub's token."
)
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path, exists=True))
def compare(
    *, source: str, against: str | None, token_file: Path | None, as_json: bool, paths: tuple[Path, ...]
) -> None:
    """Say what differs between this hub and messages, or another hub; nothing is written.

    With --against and PATHs the messages are compared with the other hub. Exit status: 0 equal, 1 different,
    2 not to be compared, 64 wrong usage.
    """
    if not paths and against is None:
        raise click.UsageError("Name messages to compare with, or --against the digest of another hub.")
    if (against is None) != (token_file is None):
        raise click.UsageError("--against and --token-file go together.")

    token = "" if token_file is None else token_file.read_text(encoding="utf-8").strip()

    async def work(settings: Settings, databases: Databases) -> list[Difference]:
        here: Side = Holdings(databases.catalog).of(source)
        read = await _messages(databases, source, paths)
        if against is None:
            return await differences(here, read or here)
        egress = Egress(settings.egress_allow, seconds=_SECONDS, most_bytes=_BYTES)
        async with httpx2.AsyncClient(transport=egress, trust_env=False) as client:
            return await differences(read or here, OtherHub(client, against, token))

    found = run(work)
    _print(found, as_json=as_json)
    sys.exit(1 if found else 0)


async def _messages(databases: Databases, source: str, paths: Sequence[Path]) -> Side | None:
    try:
        known = await databases.catalog.read(partial(source_by_key, key=source))
    except UnknownSource as error:
        raise click.UsageError(error.sentence) from error
    if not paths:
        return None
    scope = await databases.catalog.read(partial(scope_of, source=known))
    return Messages(files_of(paths), scope, int(time.time() * _MICROSECONDS))


def _print(found: Sequence[Difference], *, as_json: bool) -> None:
    if as_json:
        told = [
            {"entryId": one.entry_id, "what": one.what, "here": _time(one.here), "there": _time(one.there)}
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if not found:
        click.echo("Both sides hold the same.")
        return
    table = Table("entry", "what", "changed here", "changed there")
    for one in found:
        table.add_row(Text(one.entry_id), one.what, _time(one.here) or "", _time(one.there) or "")
    Console().print(table)


def _time(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at / _MICROSECONDS, UTC).isoformat()
