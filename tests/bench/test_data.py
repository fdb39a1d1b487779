"""The benchmark measures the hub over data of its own: the same each time, and good enough to be taken whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import orjson
import pytest
from sqlalchemy import NullPool, create_engine

from bench.data import found, generate
from bench.data.later import write_later
from bench.data.offices import leika_key
from bench.data.tiers import LARGE, MEDIUM, QUICK, SMALL, Tier
from bench.importing import AGAIN, import_again, import_all, next_day, read_bare
from bench.plain.app import PlainGraph
from bench.plain.schema import build
from bench.queries import questions
from hub.database import open_database
from hub.execution.running import Operation
from hub.graph import Graph

TINY = Tier("tiny", services=40, districts=1, municipalities=2, local_every=20)
NOON = 1_772_449_200.0


def test_the_same_tier_is_the_same_bytes(tmp_path: Path) -> None:
    made = [generate(tmp_path / name, TINY) for name in ("once", "again")]
    files = [[path.read_bytes() for path in (one.areas, one.postcodes, one.catalogue)] for one in made]
    messages = [[delivery.message.read_bytes() for delivery in one.deliveries] for one in made]
    assert files[0] == files[1]
    assert messages[0] == messages[1]


def test_another_tier_is_other_data(tmp_path: Path) -> None:
    larger = Tier("larger", services=60, districts=1, municipalities=2, local_every=20)
    assert generate(tmp_path / "a", TINY).bytes < generate(tmp_path / "b", larger).bytes


@pytest.mark.parametrize("tier", [TINY, QUICK, SMALL, MEDIUM, LARGE])
def test_each_service_has_a_key_of_its_own(tier: Tier) -> None:
    keys = {leika_key(service) for service in range(tier.services)}
    assert len(keys) == tier.services
    assert {len(key) for key in keys} == {14}


async def test_the_pipeline_takes_every_object(tmp_path: Path) -> None:
    material = generate(tmp_path / "material", TINY)
    hub = tmp_path / "hub"
    hub.mkdir()
    outcomes = (await import_all(material, hub))["outcomes"]
    assert {word for word, number in outcomes.items() if number} == {"added"}
    assert (
        outcomes["added"] >= read_bare(material)["objects"] == sum(one.objects for one in material.deliveries)
    )


async def test_the_next_days_messages_are_told_apart(tmp_path: Path) -> None:
    """Unchanged, byte for byte the same, and a few objects changed: what the rows of the bench are about."""
    material = generate(tmp_path / "material", QUICK)
    assert found(tmp_path / "material", QUICK) == material
    hub = tmp_path / "hub"
    hub.mkdir()
    objects = (await import_all(material, hub))["objects"]
    for way in AGAIN:
        later = next_day(material, way)
        outcomes = (await import_again(later, hub))["outcomes"]
        changed = outcomes.pop("changed")
        assert {word for word, number in outcomes.items() if number} == {"unchanged"}
        assert outcomes["unchanged"] + changed == objects
        assert (changed > 0) == (way == "percent")
    message = material.deliveries[1].message
    every = write_later(message, tmp_path / "every.xml", 5, every=1).read_text(encoding="utf-8")
    assert every.count("2026-03-04T") == message.read_text(encoding="utf-8").count("geaendertDatumZeit>") // 2


@asynccontextmanager
async def plain_stack(hub: Path) -> AsyncIterator[httpx2.AsyncClient]:
    engine = create_engine(f"sqlite:///{hub / 'catalog.db'}", poolclass=NullPool)
    transport = httpx2.ASGITransport(PlainGraph(build(cached=False), engine))
    async with httpx2.AsyncClient(transport=transport, base_url="http://plain") as client:
        yield client
    engine.dispose()


async def test_the_plain_stack_says_what_the_hub_says(tmp_path: Path) -> None:
    """Else the comparison would be worth nothing; and a page has its parts: texts, offices, online services."""
    hub = tmp_path / "hub"
    hub.mkdir()
    await import_all(generate(tmp_path / "material", QUICK), hub)
    catalogue = open_database(f"sqlite:///{hub / 'catalog.db'}")
    graph = Graph(catalogue, catalogue, lambda: NOON, "http://127.0.0.1")
    page = questions(QUICK, 4)[0]
    try:
        async with plain_stack(hub) as plain:
            for variables, body in zip(page.variables, page.bodies(), strict=True):
                found = await graph.run(Operation(page.query, variables), "request")
                told = await plain.post("/", content=body, headers={"content-type": "application/json"})
                assert orjson.loads(told.content) == orjson.loads(orjson.dumps(found.answer.body))
                services = [edge["node"] for edge in found.answer.data["services"]["edges"]]
                assert len(services) == 12
                assert all(one["description"]["modules"] and one["responsibilities"] for one in services)
                assert any(one["onlineServices"] for one in services)
    finally:
        await catalogue.close()


async def test_every_question_has_an_answer(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    hub.mkdir()
    await import_all(generate(tmp_path / "material", TINY), hub)
    catalogue = open_database(f"sqlite:///{hub / 'catalog.db'}")
    graph = Graph(catalogue, catalogue, lambda: NOON, "http://127.0.0.1")
    try:
        for question in questions(TINY, 6):
            for variables in question.variables:
                answer = (await graph.run(Operation(question.query, variables), "request")).answer
                assert answer.errors == []
                assert None not in answer.data.values()
                assert 0 not in [found.get("totalCount") for found in answer.data.values()]
    finally:
        await catalogue.close()
