"""Writing what a batch decided: entries, versions and all rows that are derived from the winners."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, bindparam, select, update

from catalog_sync.catalog.bulk import delete_rows, insert_new_rows, insert_rows
from catalog_sync.catalog.chronicle import write_changes
from catalog_sync.catalog.held import Entry, Held
from catalog_sync.catalog.keys import AreaKey, EntryKind
from catalog_sync.catalog.ledger import Ledger, rows_of
from catalog_sync.catalog.linking import link, named_by, write_links
from catalog_sync.catalog.payload import pack
from catalog_sync.catalog.position import raise_position
from catalog_sync.catalog.projection import project
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import (
    body,
    deletion,
    edge,
    entry,
    entry_area,
    entry_leika,
    holding,
    rule,
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
    EntryKind.RESPONSIBILITY: (edge.c.rule_id, rule.c.id),
}
_KEYS_OF = select(entry_leika.c.leika_key).where(listed(entry_leika.c.entry_id, "numbers"))
_SHOWN = ("source_id", "version_label", "changed_at", "received_at", "approved_at", "head")
_UPDATED = ("live", "waiting", "deleted_at", "deleted_position", "version_id", "carrier_id")


def _update(*names: str) -> Any:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(entry).where(entry.c.id == bindparam("number")).values(values)


_STATE_ONLY, _WHOLE = _update(*_UPDATED), _update(*_UPDATED, *_SHOWN)
_RAISED = (
    update(version)
    .where(version.c.id == bindparam("number"))
    .values(message_at=bindparam("at"), position=bindparam("place"), delivered_hash=bindparam("delivered"))
)


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
    _write_entries(ledger)
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
    winners = [(one, one.winner) for one in changed]
    ledger.fetch_contents(held for _, held in winners if held is not None)
    for one, held in winners:
        if held is not None and held.obj is not None:
            one.projection = project(held.obj, areas_of.get(held.source_id, ()))


def _keys_before(connection: Connection, changed: Sequence[Entry]) -> set[str]:
    known = [one.id for one in changed if one.kind is EntryKind.SERVICE_ENTRY and one.was_version is not None]
    return {row.leika_key for row in rows_of(connection, _KEYS_OF, "numbers", known)}


def _write_entries(ledger: Ledger) -> None:
    entries = ledger.by_id.values()
    insert_rows(ledger.connection, entry, [_row(one) for one in entries if one.new])
    for statement, whole in ((_STATE_ONLY, False), (_WHOLE, True)):
        rows = [
            _values(one)
            for one in entries
            if not one.new and one.changed is whole and one.columns != one.before
        ]
        if rows:
            ledger.connection.execute(statement, rows)


def _row(one: Entry) -> tuple[Any, ...]:
    kind, agency, value = one.identity
    named = {"id": one.id, "kind": kind, "agency": agency, "value": value}
    values = _values(one)
    return tuple(named[key] if key in named else values[f"new_{key}"] for key in entry.c.keys())  # noqa: SIM118


def _values(one: Entry) -> dict[str, Any]:
    held, shown = one.winner, one.projection
    deleted_at, deleted_position = one.deleted or (None, None)
    obj = None if held is None else held.obj
    return {
        "number": one.id,
        "new_live": one.live,
        "new_waiting": one.waiting,
        "new_deleted_at": deleted_at,
        "new_deleted_position": deleted_position,
        "new_version_id": one.version_id,
        "new_carrier_id": one.carrier_id,
        "new_source_id": None if held is None else held.source_id,
        "new_version_label": None if obj is None else obj.version.label,
        "new_changed_at": None if held is None else held.changed_at,
        "new_received_at": None if held is None else held.received_at,
        "new_approved_at": None if shown is None else shown.approved_at,
        "new_head": None if shown is None else shown.head,
    }


def _write_versions(ledger: Ledger, run: str) -> None:
    new: list[tuple[Any, ...]] = []
    raised: list[dict[str, Any]] = []
    for one in ledger.by_id.values():
        for held in one.versions:
            if held.new:
                new.append(_version_row(one, held, run))
            elif held.raised:
                raised.append(_raise(held))
    insert_rows(ledger.connection, version, new)
    if raised:
        ledger.connection.execute(_RAISED, raised)


def _version_row(one: Entry, held: Held, run: str) -> tuple[Any, ...]:
    time, position = held.moment
    identity = (held.id, one.id, held.content_hash, held.delivered_hash, held.changed_at)
    return (*identity, time, position, held.received_at, held.source_id, run, pack(held.encoded), False)


def _write_sayings(ledger: Ledger, run: str) -> None:
    """What this run said of each object and when, so that it can be taken back."""
    entries = ledger.by_id.values()
    held = {(one.id, run, *moment) for entry in entries for one in entry.versions for moment in one.came}
    insert_new_rows(ledger.connection, holding, sorted(held))
    dropped = {(entry.id, run, *moment, False) for entry in entries for moment in entry.dropped}
    insert_new_rows(ledger.connection, deletion, sorted(dropped))


def _raise(held: Held) -> dict[str, Any]:
    time, position = held.moment
    return {"number": held.id, "at": time, "place": position, "delivered": held.delivered_hash}


def _unwrite_derived(connection: Connection, changed: Sequence[Entry]) -> None:
    stale: dict[EntryKind, list[int]] = defaultdict(list)
    for one in changed:
        if one.was_version is not None:
            stale[one.kind].append(one.id)
    for kind, numbers in stale.items():
        for column in _DERIVED[kind]:
            delete_rows(connection, column, numbers)


def _write_derived(connection: Connection, live: Sequence[Entry]) -> None:
    shown = [(one.id, one.projection) for one in live if one.projection is not None]
    insert_rows(connection, body, [(id_, own.facts) for id_, own in shown if own.facts is not None])
    insert_rows(connection, text_module, [(id_, *module) for id_, own in shown for module in own.modules])
    insert_rows(connection, entry_leika, sorted((key, id_) for id_, own in shown for key in own.leika_keys))
    insert_rows(connection, entry_area, [(id_, area) for id_, own in shown for area in own.areas])
