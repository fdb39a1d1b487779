"""Changing a source later: its words, what it may deliver, from where it is fetched, how much a snapshot may delete."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from catalog_sync.catalog.held import mark_of
from catalog_sync.catalog.ledger import hold
from catalog_sync.catalog.position import raise_position
from catalog_sync.catalog.refilling import refill_areas
from catalog_sync.catalog.steady import make_steady
from catalog_sync.catalog.tables import entry, source, version
from catalog_sync.pipeline.turns import Holder, Store, Turns
from catalog_sync.sources.fetching import fetch_anew
from catalog_sync.sources.registry import (
    BadSource,
    Source,
    check_agencies,
    check_name,
    checked_areas,
    source_by_key,
)
from catalog_sync.xzufi.delivered import NEVER_KNOWN

_MICROSECONDS = 1_000_000
_DAY = 24 * 3600
"""Seconds after which a source is fetched again where no period was ever named."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different; None stays as it is.

    Attributes:
        index_url: empty where it is not to be fetched any more.
        shares: see `registry.Source`.
    """

    name: str | None = None
    agencies: Sequence[str] | None = None
    areas: Sequence[str] | None = None
    index_url: str | None = None
    every_seconds: int | None = None
    shares: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class SourceChanger:
    """Changes sources, each in its turn: a run that is going on ends as it began."""

    catalog: Store
    operations: Store
    clock: Callable[[], float]
    process: Holder

    async def change(self, key: str, change: Change) -> Source:
        """Change a source; gives it as it is then.

        Raises:
            UnknownSource: where there is none.
            BadSource: where a part is malformed, does not exist, or does not fit the others.
            BadArs: for an area that is no regional key.
        """
        before = await self.catalog.read(partial(source_by_key, key=key))
        async with Turns(self.operations, self.clock, self.process).turn(key, "change"):
            now = int(self.clock() * _MICROSECONDS)
            after = await self.catalog.write(partial(_change, key=key, change=change, now=now))
        if (after.index_url, after.every_seconds) != (before.index_url, before.every_seconds):
            await self.operations.write(partial(fetch_anew, source=key))
        return after


def _change(connection: Connection, key: str, change: Change, now: int) -> Source:
    hold(connection)
    before = source_by_key(connection, key)
    values = _values(connection, before, change)
    if not values:
        return before
    connection.execute(update(source).where(source.c.id == before.number).values(values))
    after = source_by_key(connection, key)
    if after.areas != before.areas:
        refill_areas(connection, before.number, after.areas, who=f"change:{key}", at=now)
    if (after.areas, after.agencies) != (before.areas, before.agencies):
        _judge_anew(connection, before.number)
        make_steady(connection, before.number, None, None)
    raise_position(connection)
    return after


def _values(connection: Connection, before: Source, change: Change) -> dict[str, Any]:
    """The columns that change.

    Raises:
        BadSource, BadArs: see `SourceChanger.change`.
    """
    values: dict[str, Any] = {}
    if change.name is not None:
        check_name(change.name)
        values["name"] = change.name
    if change.agencies is not None:
        check_agencies(change.agencies)
        values["agencies"] = json.dumps(list(dict.fromkeys(change.agencies)))
    if change.areas is not None:
        values["areas"] = json.dumps(checked_areas(connection, change.areas))
    if change.shares is not None:
        values["shrink"] = json.dumps(dict(change.shares))
    return values | _fetching(before, change)


def _fetching(before: Source, change: Change) -> dict[str, Any]:
    url = before.index_url if change.index_url is None else change.index_url or None
    if change.every_seconds is not None and url is None:
        raise BadSource(f"Source {before.key} is not fetched: a period needs an index address too.")
    every = None if url is None else change.every_seconds or before.every_seconds or _DAY
    return (
        {}
        if (url, every) == (before.index_url, before.every_seconds)
        else {"index_url": url, "every_seconds": every}
    )


def _judge_anew(connection: Connection, number: int) -> None:
    """Let what comes again be checked again, though its bytes are known: it may not be the source's to write now."""
    winners = select(entry.c.version_id).where(entry.c.source_id == number, entry.c.live)
    known = version.c.id.in_(winners) & (version.c.source_id == number)
    known &= version.c.delivered_hash > mark_of(2**64 - 1)  # rules inside units are judged with their unit
    connection.execute(update(version).where(known).values(delivered_hash=NEVER_KNOWN))
