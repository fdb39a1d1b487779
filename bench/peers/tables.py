"""The hub's data as a portal's own team would lay it out in PostgreSQL: one row a description, a text, a rule.

Filled from the hub's SQLite file. The peers are spared work that the hub does when it is asked: names and texts stand
there in German and without markup, hits of searches and suggestions are found beforehand.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bench.plain.choosing import in_german, name_of, title_of
from bench.plain.models import Area, Described, Edge, Entry, ListedService, Source, TextModule
from catalog_sync.catalog.keys import AreaLevel, EntryKind, ars_of, cut, key_of
from catalog_sync.catalog.markup import plain_text
from catalog_sync.catalog.tables import area_postcode
from resolvers.assurance import level_of_code
from resolvers.identifiers import global_id
from resolvers.regulatory_types import label
from schema import enums

__all__ = ["cut", "fill"]

Rows = Iterable[Sequence[Any]]
DDL = Path(__file__).with_name("tables.sql")


async def fill(address: str, catalogue: Path, asked: Mapping[str, Rows]) -> None:
    """Make the schema `peers` in a database.

    Args:
        address: of the database.
        catalogue: the hub's SQLite file.
        asked: rows of the tables of what was found beforehand: `hit`, `place`, `suggestion`.
    """
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(DDL.read_text(encoding="utf-8"))
        with Session(create_engine(f"sqlite:///{catalogue}")) as session:
            tables = {**_catalogue(session), **asked}
        for name, rows in tables.items():
            await connection.copy_records_to_table(name, records=list(rows), schema_name="peers")
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _catalogue(session: Session) -> dict[str, list[Sequence[Any]]]:
    entries = {entry.id: entry for entry in session.scalars(select(Entry).where(Entry.live))}
    described: dict[int, list[str]] = {}
    for row in session.scalars(select(Described)):
        described.setdefault(row.entry_id, []).append(row.leika_key)
    return {
        "area": [_area(row) for row in session.scalars(select(Area))],
        "postcode": [(code, key_of(area)) for code, area in session.execute(_POSTCODES)],
        "service": _services(session, entries, described),
        "description": list(_descriptions(session, entries, described)),
        "text_module": list(_modules(session)),
        "authority": [_authority(one) for one in entries.values() if one.kind == EntryKind.AUTHORITY.number],
        "online_service": [
            _online(one) for one in entries.values() if one.kind == EntryKind.ONLINE_SERVICE.number
        ],
        "rule": list(_rules(session, described)),
    }


_POSTCODES = select(area_postcode.c.postcode, area_postcode.c.code)


def _area(row: Area) -> Sequence[Any]:
    key = key_of(row.code)
    return key, ars_of(key), row.name, AreaLevel(len(key)).name, global_id("Area", ars_of(key))


def _services(
    session: Session, entries: Mapping[int, Entry], described: Mapping[int, Sequence[str]]
) -> list[Sequence[Any]]:
    of_key: dict[str, list[Entry]] = {}
    for number, keys in described.items():
        for key in keys if number in entries else ():
            of_key.setdefault(key, []).append(entries[number])
    return [_service(row, of_key.get(row.leika_key, [])) for row in session.scalars(select(ListedService))]


def _service(row: ListedService, entries: Sequence[Entry]) -> Sequence[Any]:
    country = title_of([entry for entry in entries if "" in entry.facts["areas"]])
    codes = sorted({code for entry in entries for code in entry.facts.get("audiences", ())})
    types = [{"code": code, "label": label(code)} for code in sorted(json.loads(row.regulatory_types))]
    title = country[0] if country else row.title
    audiences = [enums.Audience(code).name for code in codes]
    return row.leika_key, global_id("Service", row.leika_key), title, audiences, json.dumps(types)


def _descriptions(
    session: Session, entries: Mapping[int, Entry], described: Mapping[int, Sequence[str]]
) -> Iterable[Sequence[Any]]:
    sources = {row.id: row.name for row in session.scalars(select(Source))}
    for number, keys in described.items():
        if (entry := entries.get(number)) is not None:
            title, language = title_of([entry]) or ("", "de")
            changed = entry.changed.isoformat() if entry.changed else None
            for key in keys:
                for area in entry.facts["areas"]:
                    yield (
                        *(number, key, area, entry.flat_id("LB"), entry.version_label, changed),
                        *(sources[entry.source_id], title, language),
                        language in entry.facts.get("machine_translated", ()),
                        _level(entry),
                    )


def _level(entry: Entry) -> str | None:
    level = level_of_code(entry.facts.get("assurance"))
    return None if level is None else level.name


def _modules(session: Session) -> Iterable[Sequence[Any]]:
    """The texts that a German reader is shown."""
    groups: dict[tuple[int, str], list[TextModule]] = {}
    for row in session.scalars(select(TextModule).order_by(TextModule.entry_id, TextModule.ordinal)):
        groups.setdefault((row.entry_id, row.code), []).append(row)
    for (entry, code), rows in groups.items():
        for row in in_german(rows)[:1]:
            kind = enums.TextModuleKind(code).name
            yield entry, row.ordinal, code, kind, row.language, row.html, plain_text(row.html)


def _authority(entry: Entry) -> Sequence[Any]:
    return entry.id, entry.flat_id("OE"), global_id("Authority", entry.flat_id("OE")), name_of(entry) or ""


def _online(entry: Entry) -> Sequence[Any]:
    links = entry.facts.get("links", [])
    url = links[0]["url"] if links else None
    flat = entry.flat_id("OD")
    return entry.id, flat, global_id("OnlineService", flat), name_of(entry), url, _level(entry)


def _rules(session: Session, described: Mapping[int, Sequence[str]]) -> Iterable[Sequence[Any]]:
    for edge in session.scalars(select(Edge)):
        for key in described.get(edge.service_id, ()):
            role = enums.ResponsibilityRole(edge.role).name if edge.role else "ONLINE"
            yield key, key_of(edge.area), role, edge.owner_id, edge.rule_id
