"""Changing a source later: what its objects answer then, and how what comes again is judged."""

import asyncio
import os
from typing import Any

import pytest
from sqlalchemy import insert, select

from catalog_sync.catalog.tables import source
from catalog_sync.operations import pull
from catalog_sync.pipeline.changing import Change, SourceChanger
from catalog_sync.pipeline.process import own_process
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.turns import Turns
from catalog_sync.sources.fetching import fetchings
from catalog_sync.sources.registry import BadSource, Source, UnknownSource, source_by_key
from tests.catalogues import (
    GIESSEN,
    IDENTITY_CARD,
    LAHN_DILL,
    WETZLAR,
    Catalogue,
    catalogue,
    stored,
    template,
)
from tests.conftest import Databases
from tests.makers import authority, message, rule, service, specialisation

__all__ = ["catalogue", "stored", "template"]

APRIL = "2026-04-01T00:00:00Z"
ANSWER = """query ($key: LeikaKey!, $area: Ars!) {
  service(leikaKey: $key) { description(area: $area) { title } } }"""
TITLE = "Personalausweis beantragen"


async def change(made: Catalogue, databases: Databases, key: str = "hessen", **wish: Any) -> Source:
    changer = SourceChanger(made.catalog, databases.operations, made.clock, own_process())
    return await changer.change(key, Change(**wish))


async def title(made: Catalogue, area: str) -> str | None:
    found = (await made.ask(ANSWER, {"key": IDENTITY_CARD, "area": area}))["service"]["description"]
    return None if found is None else str(found["title"])


async def test_objects_without_areas_move_with_their_source_and_the_feed_tells(
    stored: Catalogue, databases: Databases
) -> None:
    local = specialisation("s", "1", areas=[WETZLAR], modules={"03": "In Wetzlar"})
    await stored.deliver("hessen", message(writes=[service("1", areas=[]), local]))
    assert (await title(stored, GIESSEN), await title(stored, WETZLAR)) == (TITLE, "In Wetzlar")
    before = (await stored.ask("{ changes(first: 10) { edges { node { at } } } }"))["changes"]["edges"]
    await change(stored, databases, areas=["06532"])
    assert (await title(stored, GIESSEN), await title(stored, WETZLAR)) == (None, "In Wetzlar")
    query = "{ changes(first: 10) { edges { node { action entryId areas { ars } } } } }"
    told = (await stored.ask(query))["changes"]["edges"][len(before) :]
    assert [one["node"]["entryId"] for one in told] == ["L100042.LB.1"]
    assert {area["ars"] for area in told[0]["node"]["areas"]} == {"060000000000", LAHN_DILL}
    await change(stored, databases, areas=["06"])
    assert await title(stored, GIESSEN) == TITLE
    versions = '{ entry(id: "L100042.LB.1") { ... on ServiceEntry { versions { until } } } }'
    assert (await stored.ask(versions))["entry"] == {"versions": [{"until": None}]}


async def test_objects_that_name_their_areas_stay_there(stored: Catalogue, databases: Databases) -> None:
    await stored.deliver("hessen", message(writes=[service("1", areas=["06"])]))
    await change(stored, databases, areas=["06532"])
    assert await title(stored, GIESSEN) == TITLE


async def test_known_bytes_are_judged_by_the_new_areas_and_agencies(
    stored: Catalogue, databases: Databases
) -> None:
    writes = [
        service("1", areas=["06531"]),
        service("2", areas=["06532"]),
        authority("7"),
        rule("9", "7", "1"),
    ]
    content = message(created=APRIL, writes=writes)
    stores = databases.catalog, databases.operations
    stored.pipeline = Pipeline(*stores, clock=stored.clock, random=os.urandom, recognised_from=0)
    await stored.deliver("hessen", content, mode="snapshot")
    assert (await stored.deliver("hessen", content, mode="snapshot"))["counts"]["unchanged"] == 4
    await change(stored, databases, areas=["06532"])
    again = await stored.deliver("hessen", content, mode="snapshot")
    assert {one["id"]: one["rule"] for one in again["objects"] if one["outcome"] == "rejected"} == {
        "1": "foreign-area",
        "9": "foreign-area",
    }
    assert again["counts"]["gone"] == 0
    await change(stored, databases, agencies=["L100099"])
    again = await stored.deliver("hessen", content)
    assert {one["rule"] for one in again["objects"]} == {"foreign-agency"}


async def test_a_name_is_told_at_once_and_nothing_else_changes(
    stored: Catalogue, databases: Databases
) -> None:
    query = '{ source(id: "hessen") { name agencies areas { ars } } }'
    before = (await stored.ask(query))["source"]
    await change(stored, databases, name="Redaktion Hessen")
    assert (await stored.ask(query))["source"] == {**before, "name": "Redaktion Hessen"}


async def test_a_new_address_is_due_at_once_with_nothing_held_against_it(
    stored: Catalogue, databases: Databases
) -> None:
    row = {"source": "hessen", "due_at": 2**60, "failures": 4, "reason": "silent"}
    await databases.operations.write(lambda c: c.execute(insert(pull), row))
    assert (await databases.operations.read(fetchings))["hessen"].breaker == "open"
    await change(stored, databases, shares={"LB": 0.5})
    assert "hessen" in await databases.operations.read(fetchings)
    made = await change(stored, databases, index_url="https://x.example/index.txt")
    assert (made.every_seconds, made.shares) == (86400, {"LB": 0.5})
    assert await databases.operations.read(fetchings) == {}
    made = await change(stored, databases, every_seconds=60)
    assert (made.index_url, made.every_seconds) == ("https://x.example/index.txt", 60)
    made = await change(stored, databases, index_url="")
    assert (made.index_url, made.every_seconds) == (None, None)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"name": " "}, "A source has a name"),
        ({"agencies": []}, "at least one agency id"),
        ({"agencies": ["L 1"]}, "is no agency id"),
        ({"areas": ["06999"]}, "does not exist"),
        ({"areas": []}, "at least one area"),
        ({"every_seconds": 60}, "needs an index address"),
    ],
)
async def test_what_cannot_be_changes_nothing(
    stored: Catalogue, databases: Databases, wish: dict[str, Any], sentence: str
) -> None:
    def row(connection: Any) -> Any:
        return connection.execute(select(source).where(source.c.key == "hessen")).one()

    before = await stored.catalog.read(row)
    with pytest.raises(BadSource, match=sentence):
        await change(stored, databases, **{"name": "Neu", **wish})
    assert await stored.catalog.read(row) == before
    with pytest.raises(UnknownSource):
        await change(stored, databases, "nirgends", name="Neu")


async def test_a_change_waits_for_the_run_that_goes_on(stored: Catalogue, databases: Databases) -> None:
    turns = Turns(databases.operations, stored.clock, own_process())
    async with turns.turn("hessen", "a-run"):
        waiting = asyncio.create_task(change(stored, databases, name="Neu"))
        await asyncio.sleep(0.5)
        found = await stored.catalog.read(lambda c: source_by_key(c, "hessen"))
        assert (found.name, waiting.done()) == ("Landesredaktion Hessen", False)
    assert (await waiting).name == "Neu"
