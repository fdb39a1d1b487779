"""Reads of the catalogue in batches: what was read is not read again, and what is not live is not there."""

import asyncio
from collections.abc import Mapping

import pytest

from catalog_sync.catalog.keys import AreaKey, EntryId, EntryKind
from catalog_sync.catalog.memo import Memo
from catalog_sync.catalog.store import CatalogReader
from tests.catalogues import BUSINESS, IDENTITY_CARD, WETZLAR, Catalogue
from tests.makers import authority, delete, message, rule, service, specialisation

UNLISTED = "99123456789012"


class Shelf:
    """A slow store that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    async def fetch(self, keys: list[int]) -> Mapping[int, str]:
        """Odd numbers are there."""
        self.asked.append(keys)
        await asyncio.sleep(0)
        return {key: str(key) for key in keys if key % 2}


async def test_only_what_is_new_is_fetched_also_what_was_not_there() -> None:
    shelf = Shelf()
    memo = Memo(shelf.fetch)
    assert await memo.get([1, 2, 1]) == {1: "1"}
    assert await memo.get([2, 1]) == {1: "1"}
    assert await memo.get([1, 3]) == {1: "1", 3: "3"}
    assert shelf.asked == [[1, 2], [3]]


async def test_readers_at_the_same_time_share_one_fetch() -> None:
    shelf = Shelf()
    memo = Memo(shelf.fetch)
    found = await asyncio.gather(memo.get([1, 2]), memo.get([1]), memo.get([2, 3]))
    assert list(found) == [{1: "1"}, {1: "1"}, {3: "3"}]
    assert shelf.asked == [[1, 2], [3]]


@pytest.fixture
async def filled(stored: Catalogue) -> Catalogue:
    writes = [
        service("1", [IDENTITY_CARD, UNLISTED], modules={"05": "kurz", "08": "Foto"}, fees=["1.00"]),
        service("2", UNLISTED),
        service("3", BUSINESS),
        specialisation("s", "1"),
        authority("a"),
        rule("r", "a", "1", ["06", WETZLAR]),
    ]
    await stored.deliver("hessen", message(writes=writes))
    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Leistung", "3")])
    await stored.deliver("hessen", gone)
    return stored


def named(value: str, kind: EntryKind = EntryKind.SERVICE_ENTRY) -> EntryId:
    return EntryId("L100042", kind, value)


async def test_services_exist_by_the_catalogue_or_by_a_live_entry(filled: Catalogue) -> None:
    async with filled.catalog.snapshot() as snapshot:
        reader = CatalogReader(snapshot)
        found = await reader.services([IDENTITY_CARD, BUSINESS, UNLISTED, "99000000000001"])
        assert {key: record.listed for key, record in found.items()} == {
            IDENTITY_CARD: True,
            BUSINESS: True,
            UNLISTED: False,
        }
        entries = await reader.entries_of_services([IDENTITY_CARD, BUSINESS, UNLISTED])
        assert {key: [one.value for one in records] for key, records in entries.items()} == {
            IDENTITY_CARD: ["1"],
            UNLISTED: ["1", "2"],
        }


async def test_objects_are_found_by_identifier_and_by_number(filled: Catalogue) -> None:
    async with filled.catalog.snapshot() as snapshot:
        reader = CatalogReader(snapshot)
        wanted = [named("1"), named("3"), named("a", EntryKind.AUTHORITY), named("x")]
        by_id = await reader.entries_by_id(wanted)
        assert set(by_id) == {wanted[0], wanted[2]}
        numbers = {record.number for record in by_id.values()}
        assert {record.entry_id for record in (await reader.entries(numbers)).values()} == set(by_id)
        assert await reader.entries([0]) == {}


async def test_modules_facts_and_specialisations_belong_to_their_entry(filled: Catalogue) -> None:
    async with filled.catalog.snapshot() as snapshot:
        reader = CatalogReader(snapshot)
        number = (await reader.entries_by_id([named("1")]))[named("1")].number
        assert [row.code for row in (await reader.modules([number]))[number]] == ["03", "05", "08"]
        assert [row.code for row in (await reader.modules([number], ["08", "99"]))[number]] == ["08"]
        assert await reader.modules([number], []) == {}
        assert set(await reader.facts([number, 0])) == {number}
        changes = await reader.specialisations([number, 0])
        assert {of: [one.value for one in found] for of, found in changes.items()} == {number: ["s"]}


async def test_edges_are_those_whose_area_covers_the_place(filled: Catalogue) -> None:
    async with filled.catalog.snapshot() as snapshot:
        reader = CatalogReader(snapshot)
        number = (await reader.entries_by_id([named("1")]))[named("1")].number
        for place, areas in ((WETZLAR, ["06", WETZLAR]), ("06532", ["06"]), ("14", []), ("", [])):
            edges = await reader.edges([number], AreaKey(place))
            assert sorted(edge.area for edge in edges.get(number, ())) == areas


async def test_counts_are_of_live_objects(filled: Catalogue) -> None:
    async with filled.catalog.snapshot() as snapshot:
        reader = CatalogReader(snapshot)
        assert await reader.counts() == {
            EntryKind.SERVICE_ENTRY: 2,
            EntryKind.AUTHORITY: 1,
            EntryKind.SPECIALISATION: 1,
            EntryKind.RESPONSIBILITY: 1,
        }
        assert await reader.position() > 0
