"""References between objects: a rule answers exactly while it, its service and its owner are all live.

A rule or a specialisation may come before what it names; it waits then, and is linked in the very transaction in which
that comes. Deleting an object makes the rules that name it wait again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import orjson
from sqlalchemy import Column, Connection, bindparam, delete, select

from catalog_sync.catalog.bulk import Many, delete_rows, fetch_of, insert_rows
from catalog_sync.catalog.held import Entry
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.ledger import Ledger
from catalog_sync.catalog.projection import Identity, RuleRow
from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import edge, entry, rule, specialises

EdgeRow = tuple[int, int, int, int, int]
"""Service, area, role, owner, rule."""

_RULES_NAMING = tuple(
    Statement(select(rule).where(listed(column, "numbers")))
    for column in (rule.c.service_id, rule.c.owner_id)
)
_SPECIALISING = Statement(
    select(specialises.c.service_id, specialises.c.entry_id).where(
        listed(specialises.c.service_id, "numbers")
    )
)
_RULES = Statement(select(rule).where(listed(rule.c.id, "numbers")))
_UNLINK = Many(
    delete(edge).where(*(column == bindparam(f"old_{column.key}") for column in edge.c)),
    *(f"old_{column.key}" for column in edge.c),
)
_areas = msgspec.json.Decoder(tuple[int, ...]).decode


@dataclass(slots=True)
class Links:
    """What a batch changes in rules, edges and specialisations."""

    rules: list[tuple[Any, ...]] = field(default_factory=list)
    specialisations: list[tuple[int, int]] = field(default_factory=list)
    edges: list[EdgeRow] = field(default_factory=list)
    unlinked: list[EdgeRow] = field(default_factory=list)
    """Edges that are made anew, or no more."""


def named_by(entries: Iterable[Entry]) -> list[Identity]:
    """What the winners of these entries name."""
    found: list[Identity] = []
    for one in entries:
        if one.projection is not None and one.projection.rule is not None:
            found += (one.projection.rule.service, one.projection.rule.owner)
        if one.projection is not None and one.projection.specialises is not None:
            found.append(one.projection.specialises)
    return found


def link(ledger: Ledger, changed: Sequence[Entry]) -> Links:
    """Decide all links of a batch; sets `waiting` of every entry concerned. All that is named must be known."""
    links = Links()
    written = {one.id for one in changed}
    flipped = [one.id for one in ledger.by_id.values() if one.live != one.was_live and not one.new]
    for one in changed:
        if not one.live:
            one.waiting = False
        elif one.projection is not None and one.projection.rule is not None:
            _link_written(ledger, one, one.projection.rule, links)
        elif one.projection is not None and one.projection.specialises is not None:
            service = ledger.entries[one.projection.specialises]
            one.waiting = not service.live
            links.specialisations.append((service.id, one.id))
    _link_rules_naming(ledger, flipped, written, links)
    _link_specialising(ledger, flipped, written)
    return links


def _link_written(ledger: Ledger, one: Entry, named: RuleRow, links: Links) -> None:
    service, owner = ledger.entries[named.service], ledger.entries[named.owner]
    links.rules.append((one.id, service.id, owner.id, named.role, orjson.dumps(named.areas).decode()))
    _edges(one, service, owner, (named.role, named.areas), links)


def _edges(one: Entry, service: Entry, owner: Entry, told: tuple[int, Iterable[int]], links: Links) -> None:
    one.waiting = one.live and not (service.live and owner.live)
    role, areas = told
    if one.live and not one.waiting:
        links.edges += [(service.id, area, role, owner.id, one.id) for area in areas]


def _link_rules_naming(ledger: Ledger, flipped: Collection[int], written: set[int], links: Links) -> None:
    rows = {
        row[0]: row
        for query in _RULES_NAMING
        for row in fetch_of(ledger.connection, query, "numbers", flipped)
        if row[0] not in written
    }
    ledger.load_numbers({number for row in rows.values() for number in row[:3]}, versions=False)
    for number, service_id, owner_id, role, areas in rows.values():
        codes = _areas(areas.encode())
        links.unlinked += [(service_id, code, role, owner_id, number) for code in codes]
        one, service, owner = (ledger.by_id[known] for known in (number, service_id, owner_id))
        _edges(one, service, owner, (role, codes), links)


def _link_specialising(ledger: Ledger, flipped: Collection[int], written: set[int]) -> None:
    rows = [
        row for row in fetch_of(ledger.connection, _SPECIALISING, "numbers", flipped) if row[1] not in written
    ]
    ledger.load_numbers({number for _, number in rows}, versions=False)
    for service_id, number in rows:
        one = ledger.by_id[number]
        one.waiting = one.live and not ledger.by_id[service_id].live


def write_links(connection: Connection, links: Links) -> None:
    """Write what `link` decided; rows of entries that changed are already away."""
    insert_rows(connection, rule, links.rules)
    insert_rows(connection, specialises, links.specialisations)
    _UNLINK.run(connection, sorted(links.unlinked))
    insert_rows(connection, edge, sorted(links.edges))


def unlink(connection: Connection, numbers: Collection[int]) -> None:
    """Delete the edges of these rules and their references."""
    rows = [
        (service_id, code, role, owner_id, number)
        for number, service_id, owner_id, role, areas in fetch_of(connection, _RULES, "numbers", numbers)
        for code in _areas(areas.encode())
    ]
    _UNLINK.run(connection, sorted(rows))
    delete_rows(connection, rule.c.id, numbers)


def missing_of(connection: Connection, numbers: Collection[int]) -> dict[int, list[str]]:
    """The flat identifiers of what waiting rules and specialisations name and what is not there."""
    found: dict[int, list[str]] = {}
    for query in _MISSING:
        for waiter, kind, agency, value in fetch_of(connection, query, "numbers", numbers):
            flat = f"{agency}.{EntryKind.numbered(kind).value}.{value}"
            found.setdefault(waiter, []).append(flat)
    return found


def _missing(waiter: Column[Any], named: Column[Any]) -> Statement:
    return Statement(
        select(waiter, entry.c.kind, entry.c.agency, entry.c.value)
        .join(entry, entry.c.id == named)
        .where(listed(waiter, "numbers"), entry.c.live.is_(False))
    )


_MISSING = (
    _missing(rule.c.id, rule.c.service_id),
    _missing(rule.c.id, rule.c.owner_id),
    _missing(specialises.c.entry_id, specialises.c.service_id),
)
