"""The broken ones of the shared sample messages: what is refused, rejected or waits, and what the graph then shows."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog_sync.pipeline.report import exit_status
from tests.catalogues import Catalogue, Json, small
from tests.conftest import SHARED, Databases

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not SHARED.is_dir(),
        reason="the sample data beside the repository is not there; the same rules have tests on own makers",
    ),
]
KINDS = {"leistung": "LB", "zustaendigkeit": "ZS"}
EXPECTED = SHARED / "xzufi" / "expected.json"


@pytest.fixture
async def stored(databases: Databases, tmp_path: Path) -> Catalogue:
    """Places, services and sources, and no entry yet."""
    return await small(databases.catalog, databases.operations, tmp_path)


def facts_of(kind: str) -> list[Any]:
    facts = json.loads(EXPECTED.read_bytes())["facts"] if EXPECTED.exists() else []
    return [pytest.param(fact, id=f"{fact['id']}-{kind}") for fact in facts if fact["kind"] == kind]


async def counted(catalogue: Catalogue) -> int:
    """All live objects, as the graph counts them."""
    found = await catalogue.ask("{ catalogue { counts { live } } }")
    return sum(one["live"] for one in found["catalogue"]["counts"])


async def is_there(catalogue: Catalogue, id: str) -> bool:
    query = "query($id: EntryId!) { entry(id: $id) { id } }"
    return (await catalogue.ask(query, {"id": id}))["entry"] is not None


def file_of(fact: Json) -> Path:
    return SHARED / "xzufi" / str(fact["of"]["file"])


@pytest.mark.parametrize("fact", facts_of("refused"))
async def test_a_file_that_is_refused_leaves_nothing(stored: Catalogue, fact: Json) -> None:
    report = await stored.deliver("hessen", file_of(fact))

    assert report["state"] == "refused"
    assert exit_status(report) == 2
    assert [one["file"] for one in report["refused"]] == [file_of(fact).name]
    assert report["refused"][0]["reason"]
    assert await counted(stored) == fact["accepted"] == 0


@pytest.mark.parametrize("fact", facts_of("rejected"))
async def test_one_bad_object_never_costs_its_neighbours(stored: Catalogue, fact: Json) -> None:
    report = await stored.deliver("hessen", file_of(fact))

    kind, agency, value = fact["object"]
    rejected = [one for one in report["objects"] if one["outcome"] == "rejected"]
    assert exit_status(report) == 1
    assert [(one["kind"], one["agency"], one["id"]) for one in rejected] == [(KINDS[kind], agency, value)]
    assert rejected[0]["line"]
    assert rejected[0]["reason"]
    assert await counted(stored) == fact["accepted"]
    assert await is_there(stored, "L100042.LB.99901")
    assert value is None or not await is_there(stored, f"{agency}.LB.{value}")


@pytest.mark.parametrize("fact", facts_of("waiting"))
async def test_a_rule_that_waits_gives_no_answer(stored: Catalogue, fact: Json) -> None:
    report = await stored.deliver("hessen", file_of(fact))

    kind, agency, value = fact["object"]
    waiting = [one for one in report["objects"] if one["outcome"] == "waiting"]
    taken = [one for one in report["objects"] if one["outcome"] == "added"]
    assert exit_status(report) == 1
    assert [(one["kind"], one["agency"], one["id"]) for one in waiting] == [(KINDS[kind], agency, value)]
    assert "88888888" in waiting[0]["reason"]
    assert len(taken) == fact["accepted"]
    assert not await is_there(stored, "L100042.LB.88888888")
    query = """{ entry(id: "L100042.LB.99901") { ... on ServiceEntry {
        responsibilities(area: "06") { entryId } } } }"""
    assert (await stored.ask(query))["entry"]["responsibilities"] == [{"entryId": "L100042.ZS.99961"}]
