"""The sample messages beside the repository, and what their expected.json says that the store can tell."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from catalog_sync.catalog import stored
from catalog_sync.catalog.keys import EntryKind, ancestor_codes, ancestors, parse_ars
from catalog_sync.catalog.tables import area, edge, entry
from tests.catalog_sync.pipeline.hub import Hub, add_areas, file, open_hub
from tests.conftest import Databases

pytestmark = pytest.mark.shared

CLASSES = {
    "leistung": EntryKind.SERVICE_ENTRY,
    "organisationseinheit": EntryKind.AUTHORITY,
    "onlinedienst": EntryKind.ONLINE_SERVICE,
    "zustaendigkeit": EntryKind.RESPONSIBILITY,
    "spezialisierung": EntryKind.SPECIALISATION,
}
ROLES = {"01": 1, "03": 3, None: 0}


async def sample_hub(databases: Databases, shared: Path) -> Hub:
    hub = await open_hub(databases)

    def replace(connection: Connection) -> None:
        connection.execute(delete(area))
        with (shared / "areas" / "ars_2026-04-30.csv").open(encoding="utf-8") as stream:
            keys = {above for row in csv.DictReader(stream) for above in ancestors(parse_ars(row["ars"]))}
        add_areas(connection, (key for key in keys if key))

    await databases.catalog.write(replace)
    await hub.add_source("sammler", ["B100019", "L100042", "L100017", "S100002"], ["00"])
    return hub


async def deliver(hub: Hub, shared: Path, names: list[str]) -> dict[str, Any]:
    files = [file((shared / "xzufi" / name).read_bytes(), name) for name in names]
    return await hub.deliver(*files, source="sammler")


@pytest.mark.parametrize("name", ["base", "base_delta"])
async def test_facts(databases: Databases, shared: Path, name: str) -> None:
    expected = json.loads((shared / "xzufi" / "expected.json").read_text(encoding="utf-8"))
    hub = await sample_hub(databases, shared)
    report = await deliver(hub, shared, expected["sets"][name])
    assert (report["refused"], report["counts"]["rejected"]) == ([], 0)
    told = await databases.catalog.read(Told)
    wrong = [
        fact["id"]
        for fact in expected["facts"]
        if fact["set"] == name and fact["kind"] in KINDS and asked(told, fact) != fact["expect"]
    ]
    assert wrong == []


class Told:
    """What the store says."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(entry).where(entry.c.live)).all()
        self.live = {(row.kind, row.agency, row.value): row for row in rows}
        self.names = {row.id: [row.agency, row.value] for row in rows}
        self.edges = connection.execute(select(edge)).all()

    def row(self, of: dict[str, Any]) -> Any:
        kind = CLASSES[of.get("class", "leistung")]
        return self.live.get((kind.number, *of["id"]))

    def nearest(self, of: dict[str, Any], roles: set[int]) -> tuple[list[list[str]], str | None]:
        service = self.live[EntryKind.SERVICE_ENTRY.number, *of["service"]].id
        for code in ancestor_codes(parse_ars(of["ars"])):
            owners = [
                self.names[one.owner_id]
                for one in self.edges
                if (one.service_id, one.area) == (service, code) and one.role in roles
            ]
            if owners:
                level = {1: "country", 3: "state", 4: "region", 6: "district", 10: "association"}
                return sorted(owners), level.get(len(str(code)), "municipality")
        return [], None


def count(told: Told, of: dict[str, Any]) -> int:
    return sum(kind == CLASSES[of["class"]].number for kind, _, _ in told.live)


def title(told: Told, of: dict[str, Any]) -> str:
    return stored.service_head(told.row(of).head).titles[of["lang"]]


def name_of(told: Told, of: dict[str, Any]) -> str:
    names = {one.language: one.text for one in stored.authority_head(told.row(of).head).names}
    return names[of["lang"]]


def responsible(told: Told, of: dict[str, Any]) -> dict[str, Any]:
    units, level = told.nearest(of, {ROLES[of["role"]]})
    return {"units": units, "level": level}


def online(told: Told, of: dict[str, Any]) -> dict[str, Any]:
    services, level = told.nearest(of, {0})
    return {"services": services, "level": level}


def asked(told: Told, fact: dict[str, Any]) -> Any:
    return KINDS[fact["kind"]](told, fact["of"])


KINDS: dict[str, Callable[[Told, dict[str, Any]], Any]] = {
    "count": count,
    "title": title,
    "name": name_of,
    "responsible": responsible,
    "online": online,
    "exists": lambda told, of: told.row(of) is not None,
    "languages": lambda told, of: list(stored.service_head(told.row(of).head).languages),
    "keys": lambda told, of: list(stored.service_head(told.row(of).head).leika_keys),
    "typing": lambda told, of: list(stored.service_head(told.row(of).head).regulatory_types),
}


async def test_broken_files(databases: Databases, shared: Path) -> None:
    hub = await sample_hub(databases, shared)
    expected = json.loads((shared / "xzufi" / "expected.json").read_text(encoding="utf-8"))
    for fact in (fact for fact in expected["facts"] if fact["set"] is None):
        report = await deliver(hub, shared, [fact["of"]["file"]])
        taken = [one for one in report["objects"] if one["outcome"] in ("added", "changed", "unchanged")]
        assert len(taken) == fact["accepted"], fact["id"]
        if fact["kind"] == "refused":
            assert (report["state"], len(report["refused"])) == ("refused", 1), fact["id"]
            continue
        _, agency, value = fact["object"]
        others = [one for one in report["objects"] if one not in taken]
        assert [(one["outcome"], one["agency"] if value else None, one["id"]) for one in others] == [
            (fact["kind"], agency, value)
        ], fact["id"]
        assert others[0]["reason"]
        assert others[0]["remedy"]


async def test_the_order_of_the_files_does_not_matter(sqlite_databases: Databases, shared: Path) -> None:
    expected = json.loads((shared / "xzufi" / "expected.json").read_text(encoding="utf-8"))
    hub = await sample_hub(sqlite_databases, shared)
    report = await deliver(hub, shared, list(reversed(expected["sets"]["base_delta"])))
    assert await hub.live() == {"LB": 59, "OE": 29, "OD": 9, "SP": 1, "ZS": 81}
    again = await deliver(hub, shared, expected["sets"]["base_delta"])
    assert (again["counts"]["added"], again["counts"]["changed"], again["counts"]["gone"]) == (0, 0, 0)
    assert report["refused"] == []
