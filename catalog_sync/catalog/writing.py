"""Writing what a batch decided: entries, versions and all rows that are derived from the winners."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, select, update

from catalog_sync.catalog.bulk import Many, delete_rows, fetch_of, insert_new_rows, insert_rows
from catalog_sync.catalog.carrying import write_carriers
from catalog_sync.catalog.chronicle import write_changes
from catalog_sync.catalog.held import Entry, Held
from catalog_sync.catalog.keys import AreaKey, EntryKind
from catalog_sync.catalog.ledger import Ledger
from catalog_sync.catalog.linking import link, named_by, unlink, write_links
from catalog_sync.catalog.position import raise_position
from catalog_sync.catalog.projection import project
from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.steady import disturb
from catalog_sync.catalog.tables import (
    body,
    deletion,
    entry,
    entry_area,
    entry_leika,
    holding,
    specialises,
    text_module,
    version,
)

_DERIVED: dict[EntryKind, tuple[Column[Any], ...]] = {
    EntryKind.SERVICE_ENTRY: (
        text_module.c.entry_id,
        body.c.entry_id,
        entry_leika.c.entry_id,
        entry_area.c.entry_id,
    ),
    EntryKind.SPECIALISATION: (
        text_module.c.entry_id,
        body.c.entry_id,
        entry_area.c.entry_id,
        specialises.c.entry_id,
    ),
    EntryKind.AUTHORITY: (body.c.entry_id,),
    EntryKind.ONLINE_SERVICE: (),
    EntryKind.RESPONSIBILITY: (),
}
_KEYS_OF = Statement(select(entry_leika.c.leika_key).where(listed(entry_leika.c.entry_id, "numbers")))
_SHOWN = ("source_id", "version_label", "changed_at", "received_at", "approved_at", "head")
_UPDATED = ("live", "waiting", "deleted_at", "deleted_position", "version_id", "carrier_id")


def _update(table: Table, *names: str) -> Many:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = update(table).where(table.c.id == bindparam("number")).values(values)
    return Many(statement, "number", *(f"new_{name}" for name in names))


_STATE_ONLY, _WHOLE = _update(entry, *_UPDATED), _update(entry, *_UPDATED, *_SHOWN)
_RAISED = _update(version, "message_at", "position", "delivered_hash")


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch did to the catalogue.

    Attributes:
        answers: whether an answer may differ now.
        leika_keys: the services whose entries changed, for the search's index.
    """

    answers: bool
    leika_keys: frozenset[str]


def write_ledger(ledger: Ledger, run: str, at: int, areas_of: Mapping[int, tuple[AreaKey, ...]]) -> Written:
    """Write all that was decided in a ledger.

    Args:
        ledger: the batch.
        run: whose doing it is.
        at: when, microseconds since 1970, UTC.
        areas_of: the areas of each source, by its number.
    """
    connection = ledger.connection
    changed = [one for one in ledger.by_id.values() if one.changed]
    _project(ledger, changed, areas_of)
    ledger.load(named_by(changed), versions=False)
    links = link(ledger, changed)
    keys = _keys_before(connection, changed)
    disturb(
        connection, [one.id for one in ledger.by_id.values() if not one.new and one.columns != one.before]
    )
    _write_entries(ledger)
    write_carriers(ledger)
    _write_versions(ledger, run)
    _write_sayings(ledger, run)
    _unwrite_derived(connection, changed)
    _write_derived(connection, [one for one in changed if one.live])
    write_links(connection, links)
    write_changes(ledger, changed, run, at, areas_of)
    if answers := bool(changed or links.unlinked):
        raise_position(connection)
    keys |= {key for one in changed if one.projection for key in one.projection.leika_keys}
    return Written(answers, frozenset(keys))


def _project(ledger: Ledger, changed: Sequence[Entry], areas_of: Mapping[int, tuple[AreaKey, ...]]) -> None:
    older: list[tuple[Entry, Held]] = []
    for one in changed:
        if (held := one.winner) is None:
            continue
        if held.content is not None:
            one.projection = held.content.projection
        else:
            older.append((one, held))
    ledger.fetch_contents(held for _, held in older)
    for one, held in older:
        if held.obj is not None:
            one.projection = project(held.obj, areas_of.get(held.source_id, ()))


def _keys_before(connection: Connection, changed: Sequence[Entry]) -> set[str]:
    known = [one.id for one in changed if one.kind is EntryKind.SERVICE_ENTRY and one.was_version is not None]
    return {key for (key,) in fetch_of(connection, _KEYS_OF, "numbers", known)}


def _write_entries(ledger: Ledger) -> None:
    new: list[tuple[Any, ...]] = []
    stated: list[tuple[Any, ...]] = []
    whole: list[tuple[Any, ...]] = []
    for one in ledger.by_id.values():
        if one.new:
            kind, agency, value = one.identity
            live, waiting, *states = _state(one)
            source_id, *shown = _shown(one)
            new.append((one.id, kind, agency, value, live, waiting, source_id, *states, *shown))
        elif one.columns != one.before:
            if one.changed:
                whole.append((one.id, *_state(one), *_shown(one)))
            else:
                stated.append((one.id, *_state(one)))
    insert_rows(ledger.connection, entry, new)
    _STATE_ONLY.run(ledger.connection, stated)
    _WHOLE.run(ledger.connection, whole)


def _state(one: Entry) -> tuple[Any, ...]:
    """The columns of `_UPDATED`."""
    deleted_at, deleted_position = one.deleted or (None, None)
    return one.live, one.waiting, deleted_at, deleted_position, one.version_id, one.carrier_id


def _shown(one: Entry) -> tuple[Any, ...]:
    """The columns of `_SHOWN`."""
    held, shown = one.winner, one.projection
    if held is None:
        return None, None, None, None, None, None
    label = held.content.label if held.content else held.obj.version.label if held.obj else None
    approved, head = (None, None) if shown is None else (shown.approved_at, shown.head)
    return held.source_id, label, held.changed_at, held.received_at, approved, head


def _write_versions(ledger: Ledger, run: str) -> None:
    new: list[tuple[Any, ...]] = []
    raised: list[tuple[Any, ...]] = []
    for one in ledger.by_id.values():
        for held in one.versions:
            if held.new:
                new.append(_version_row(one, held, run))
            elif held.raised:
                raised.append((held.id, *held.moment, held.delivered_hash))
    insert_rows(ledger.connection, version, new)
    _RAISED.run(ledger.connection, raised)


def _version_row(one: Entry, held: Held, run: str) -> tuple[Any, ...]:
    time, position = held.moment
    identity = (held.id, one.id, held.content_hash, held.delivered_hash, held.changed_at)
    if held.content is None:
        raise AssertionError("a new version was delivered in this batch")
    return (*identity, time, position, held.received_at, held.source_id, run, held.content.payload, False)


def _write_sayings(ledger: Ledger, run: str) -> None:
    """What this run said of each object and when, so that it can be taken back."""
    entries = ledger.by_id.values()
    held = {(one.id, run, *moment) for entry in entries for one in entry.versions for moment in one.came}
    insert_new_rows(ledger.connection, holding, sorted(held))
    dropped = {(entry.id, run, *moment, False) for entry in entries for moment in entry.dropped}
    insert_new_rows(ledger.connection, deletion, sorted(dropped))


def _unwrite_derived(connection: Connection, changed: Sequence[Entry]) -> None:
    stale: dict[EntryKind, list[int]] = defaultdict(list)
    for one in changed:
        if one.was_version is not None:
            stale[one.kind].append(one.id)
    for kind, numbers in stale.items():
        for column in _DERIVED[kind]:
            delete_rows(connection, column, numbers)
    unlink(connection, stale[EntryKind.RESPONSIBILITY])


def _write_derived(connection: Connection, live: Sequence[Entry]) -> None:
    shown = [(one.id, one.projection) for one in live if one.projection is not None]
    insert_rows(connection, body, [(id_, own.facts) for id_, own in shown if own.facts is not None])
    insert_rows(connection, text_module, [(id_, *module) for id_, own in shown for module in own.modules])
    insert_rows(connection, entry_leika, sorted((key, id_) for id_, own in shown for key in own.leika_keys))
    insert_rows(connection, entry_area, [(id_, area) for id_, own in shown for area in own.areas])
