"""Writing down what happens: a row of the feed for every change, in the transaction that makes it.

A batch is the catalogue's only writer (`ledger.hold`), so the numbers that it gives are gapless and in the order of
commits: a reader that has seen a position has seen all before it.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum

import orjson
from sqlalchemy import func, select, update

from catalog_sync.catalog.bulk import insert_new_rows, insert_rows
from catalog_sync.catalog.held import Entry
from catalog_sync.catalog.keys import AreaCode, AreaKey, code_of
from catalog_sync.catalog.ledger import Ledger, rows_of
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import change, past_leika, past_reference, state


class Action(IntEnum):
    """What happened to an object."""

    ADDED = 1
    CHANGED = 2
    GONE = 3


_AREAS_BEFORE = (
    select(change.c.entry_id, change.c.areas)
    .where(listed(change.c.entry_id, "numbers"))
    .order_by(change.c.entry_id, change.c.pos)
)


def write_changes(
    ledger: Ledger, changed: Sequence[Entry], run: str, at: int, areas_of: Mapping[int, tuple[AreaKey, ...]]
) -> None:
    """Write the feed's rows of a batch, and what its objects name now, for the catalogue of past days.

    Args:
        ledger: the batch.
        changed: its entries of which another version answers than before.
        run: whose doing it was.
        at: when; taken as the time of the row before where the clock went back.
        areas_of: the areas of each source, for objects that name none.
    """
    if not changed:
        return
    connection = ledger.connection
    position, epoch = connection.execute(select(state.c.feed, state.c.epoch)).one()
    at = max(at, connection.scalar(select(func.max(change.c.at))) or 0)
    before = {
        row.entry_id: row.areas for row in rows_of(connection, _AREAS_BEFORE, "numbers", _gone(changed))
    }
    rows = []
    for number, one in enumerate(changed, position + 1):
        areas = _areas(one, areas_of) if one.live else before.get(one.id, "[]")
        rows.append((number, one.id, _action(one), one.version_id, at, run, areas))
    insert_rows(connection, change, rows)
    connection.execute(update(state).values(feed=position + len(rows), epoch=epoch or secrets.token_hex(6)))
    _write_past(ledger, changed)


def _gone(changed: Sequence[Entry]) -> list[int]:
    return [one.id for one in changed if not one.live]


def _action(one: Entry) -> Action:
    if not one.live:
        return Action.GONE
    return Action.CHANGED if one.was_live else Action.ADDED


def _areas(one: Entry, areas_of: Mapping[int, tuple[AreaKey, ...]]) -> str:
    """Where an answer may differ: the areas that an object names, else those of its source."""
    shown = one.projection
    codes: Collection[AreaCode] = ()
    if shown is not None:
        codes = shown.rule.areas if shown.rule is not None else shown.areas
    if not codes and (winner := one.winner) is not None:
        codes = [code_of(key) for key in areas_of.get(winner.source_id, ())]
    return orjson.dumps(sorted(codes)).decode()


def _write_past(ledger: Ledger, changed: Sequence[Entry]) -> None:
    services: set[tuple[str, int]] = set()
    named: set[tuple[int, int]] = set()
    entries = ledger.entries
    for one in changed:
        shown = one.projection
        if shown is None:
            continue
        for key in shown.leika_keys:
            services.add((key, one.id))
        if shown.rule is not None:
            named.add((entries[shown.rule.service].id, one.id))
            named.add((entries[shown.rule.owner].id, one.id))
        elif shown.specialises is not None:
            named.add((entries[shown.specialises].id, one.id))
    insert_new_rows(ledger.connection, past_leika, sorted(services))
    insert_new_rows(ledger.connection, past_reference, sorted(named))
