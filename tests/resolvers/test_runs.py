"""Runs in the graph: what each tells, in pages, and to whom."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from catalog_sync.journal import RunState
from catalog_sync.operations import sync_lease
from catalog_sync.pipeline import steps
from catalog_sync.pipeline.record import write_run
from hub.execution.running import Operation
from hub.graph import Graph
from identity.source_access import SourceAccess, nobodys_access, portals_access
from tests.catalogues import HUB, Catalogue
from tests.makers import Name, message, rule, service

APRIL, MAY = "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"
SAXONY = "L100017"

RUNS = """query ($source: ID!, $first: Int = 10, $after: String) { source(id: $source) {
  runs(first: $first, after: $after) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id mode state dryRun createdAt finishedAt reverts revertedBy sentences
      counts { added changed unchanged gone waiting rejected } refused { file line rule reason remedy } } } } } }"""
OBJECTS = """query ($source: ID!, $outcomes: [ObjectOutcome!], $first: Int = 10, $after: String) {
  source(id: $source) { runs(first: 1) { edges { node {
    objects(outcomes: $outcomes, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
      edges { cursor node { kind agency id entryId outcome reason rule remedy file line } } } } } } } }"""
NOTICES = """query ($first: Int = 10, $after: String) { source(id: "hessen") { runs(first: 1) { edges { node {
    notices(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
      edges { node { sentence entryId kind agency id file line } } } } } } } }"""


async def owner(source: str) -> SourceAccess:
    """The source ``hessen`` itself."""
    return SourceAccess.ALLOWED if source == "hessen" else SourceAccess.FORBIDDEN


async def all_allowed(source: str) -> SourceAccess:
    return SourceAccess.ALLOWED


async def weak(source: str) -> SourceAccess:
    return SourceAccess.ASSURANCE_TOO_LOW


async def runs(made: Catalogue, **variables: Any) -> dict[str, Any]:
    answer = await made.ask(RUNS, {"source": "hessen", **variables}, may_see=owner)
    found: dict[str, Any] = answer["source"]["runs"]
    return found


async def objects(made: Catalogue, **variables: Any) -> dict[str, Any]:
    answer = await made.ask(OBJECTS, {"source": "hessen", **variables}, may_see=owner)
    found: dict[str, Any] = answer["source"]["runs"]["edges"][0]["node"]["objects"]
    return found


async def later(made: Catalogue) -> None:
    """Let the next run be newer."""
    made.clock.now += 1


async def test_a_run_tells_what_its_report_tells(stored: Catalogue) -> None:
    bad = [service("1"), service("2", "nonsense"), rule("9", "7", "1")]
    report = await stored.deliver("hessen", message(writes=bad))
    (edge,) = (await runs(stored))["edges"]
    node = edge["node"]
    assert node["counts"] == report["counts"]
    assert (node["id"], node["mode"], node["state"], node["dryRun"]) == (
        report["run"],
        "delta",
        "FINISHED",
        False,
    )
    assert (node["createdAt"], node["finishedAt"]) == ("2026-03-02T11:00:00+00:00",) * 2
    assert (node["refused"], node["sentences"], node["reverts"], node["revertedBy"]) == ([], [], None, None)
    found = await objects(stored)
    told = [edge["node"] for edge in found["edges"]]
    assert [
        {key: one[key] for key in ("agency", "id", "reason", "rule", "remedy", "file", "line")}
        for one in told
    ] == [
        {key: one[key] for key in ("agency", "id", "reason", "rule", "remedy", "file", "line")}
        for one in report["objects"]
    ]
    assert [(one["kind"], one["entryId"], one["outcome"]) for one in told] == [
        ("SERVICE_ENTRY", "L100042.LB.1", "ADDED"),
        ("SERVICE_ENTRY", "L100042.LB.2", "REJECTED"),
        ("RESPONSIBILITY", "L100042.ZS.9", "WAITING"),
    ]
    assert found["totalCount"] == 3


async def test_a_refused_file_is_told(stored: Catalogue) -> None:
    await stored.deliver("hessen", b"no xml")
    (edge,) = (await runs(stored))["edges"]
    (refused,) = edge["node"]["refused"]
    assert (edge["node"]["state"], refused["rule"], refused["file"]) == (
        "REFUSED",
        "not-xml",
        "message-1.xml",
    )


async def test_a_revert_names_what_it_takes_back(stored: Catalogue) -> None:
    first = (await stored.deliver("hessen", message(writes=[service("1")])))["run"]
    await later(stored)
    second = (await stored.pipeline.revert(first))["run"]
    newest, oldest = [edge["node"] for edge in (await runs(stored))["edges"]]
    assert (newest["id"], newest["mode"], newest["reverts"]) == (second, "revert", first)
    assert (oldest["id"], oldest["revertedBy"]) == (first, second)


async def test_runs_come_in_pages_newest_first_without_loss(stored: Catalogue) -> None:
    made = []
    for number in range(5):
        made.append((await stored.deliver("hessen", message(writes=[service(str(number))])))["run"])
        stored.clock.now += number % 2  # some are of the same moment
    found: list[str] = []
    after, more = None, True
    while more:
        page = await runs(stored, first=2, after=after)
        assert page["totalCount"] == 5
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        found += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert sorted(found) == sorted(made)
    stamps = [edge["node"]["createdAt"] for edge in (await runs(stored))["edges"]]
    assert stamps == sorted(stamps, reverse=True)
    assert found == [edge["node"]["id"] for edge in (await runs(stored))["edges"]]


async def test_objects_are_filtered_and_come_in_pages(
    stored: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "BATCH", 3)
    writes = [
        service(str(number), "nonsense" if number % 4 == 0 else "99008001012000") for number in range(20)
    ]
    await stored.deliver("hessen", message(writes=writes))
    for outcomes, wanted in (
        (["REJECTED"], [str(number) for number in range(0, 20, 4)]),
        (["ADDED"], [str(number) for number in range(20) if number % 4]),
        (["ADDED", "REJECTED", "ADDED"], [str(number) for number in range(20)]),
        (None, [str(number) for number in range(20)]),
        (["GONE"], []),
        ([], []),
    ):
        for first in (2, 3, 7, 100):
            found: list[str] = []
            after, more = None, True
            while more:
                page = await objects(stored, outcomes=outcomes, first=first, after=after)
                assert (page["totalCount"], len(page["edges"]) <= first) == (len(wanted), True)
                found += [edge["node"]["id"] for edge in page["edges"]]
                after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
            assert found == wanted


async def test_notices_come_in_pages(stored: Catalogue) -> None:
    writes = [service(str(number), areas=["06", "06999"]) for number in range(5)]
    report = await stored.deliver("hessen", message(writes=writes))
    assert len(report["notices"]) == 5
    found: list[str] = []
    after, more = None, True
    while more:
        answer = await stored.ask(NOTICES, {"first": 2, "after": after}, may_see=owner)
        page = answer["source"]["runs"]["edges"][0]["node"]["notices"]
        assert page["totalCount"] == 5
        found += [edge["node"]["entryId"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert found == [f"L100042.LB.{number}" for number in range(5)]
    assert "does not exist" in page["edges"][0]["node"]["sentence"]


@pytest.mark.parametrize(
    ("may_see", "code", "step_up"),
    [
        (nobodys_access, "NOT_SIGNED_IN", True),
        (portals_access, "FORBIDDEN_SOURCE", False),
        (weak, "ASSURANCE_TOO_LOW", True),
    ],
)
async def test_who_may_not_see_runs_hears_why(
    stored: Catalogue,
    may_see: Any,
    code: str,
    step_up: bool,
) -> None:
    await stored.deliver("hessen", message(writes=[service("1"), service("2", "nonsense")]))
    body = await stored.answer(RUNS, {"source": "hessen"}, may_see=may_see)
    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["path"]) == (code, ["source", "runs"])
    assert ("stepUpUrl" in error["extensions"]) is step_up
    assert body["data"] == {"source": {"runs": None}}
    found = await stored.graph.run(Operation(RUNS, {"source": "hessen"}), "r", may_see=may_see)
    assert found.viewer_was_read


async def test_one_that_is_closed_does_not_close_others(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[service("1")]))
    query = "{ sources { key runs(first: 5) { totalCount } } }"
    body = await stored.answer(query, may_see=owner)
    assert {error["extensions"]["code"] for error in body["errors"]} == {"FORBIDDEN_SOURCE"}
    found = {one["key"]: one["runs"] for one in body["data"]["sources"]}
    assert found == {"bund": None, "hamburg": None, "hessen": {"totalCount": 1}, "sachsen": None}


async def test_the_last_runs_totals_are_public_and_its_objects_are_not(stored: Catalogue) -> None:
    query = '{ source(id: "hessen") { lastRun { id state counts { added rejected } } } }'
    assert (await stored.ask(query))["source"]["lastRun"] is None
    report = await stored.deliver("hessen", message(writes=[service("1"), service("2", "nonsense")]))
    await later(stored)
    await stored.pipeline.deliver("hessen", [], dry_run=True)
    assert (await stored.ask(query))["source"]["lastRun"] == {
        "id": report["run"],
        "state": "FINISHED",
        "counts": {"added": 1, "rejected": 1},
    }
    assert not (await stored.run(query)).viewer_was_read
    for inner in ("objects(first: 1) { totalCount }", "notices(first: 1) { totalCount }", "sentences"):
        body = await stored.answer(f'{{ source(id: "hessen") {{ lastRun {{ id {inner} }} }} }}')
        (error,) = body["errors"]
        assert error["extensions"]["code"] == "NOT_SIGNED_IN"
        assert body["data"]["source"]["lastRun"] == {"id": report["run"], inner.partition("(")[0]: None}
        allowed = f'{{ source(id: "hessen") {{ lastRun {{ {inner} }} }} }}'
        assert (await stored.ask(allowed, may_see=owner))["source"]["lastRun"]


async def test_progress_is_told_while_somebody_works(stored: Catalogue) -> None:
    run = stored.pipeline.new_run("hessen", "delta")
    held = {
        "source": "hessen",
        "run": run.id,
        "holder": "x",
        "beat_at": 0,
        "step": "write",
        "done": 5,
        "total": 9,
    }

    def write(connection: Connection) -> None:
        write_run(connection, run)
        connection.execute(insert(sync_lease), held)

    await stored.operations.write(write)
    query = '{ source(id: "hessen") { runs(first: 1) { edges { node { state progress { step done total } } } } } }'
    node = (await stored.ask(query, may_see=owner))["source"]["runs"]["edges"][0]["node"]
    assert node == {"state": RunState.RECEIVING.name, "progress": {"step": "write", "done": 5, "total": 9}}
    await stored.operations.write(lambda c: c.execute(sync_lease.delete()))
    await stored.deliver("hessen", message(writes=[service("1")]))
    nodes = (await stored.ask(query.replace("first: 1", "first: 5"), may_see=owner))["source"]["runs"][
        "edges"
    ]
    assert [edge["node"]["progress"] for edge in nodes] == [None, None]


def cursor(said: str) -> str:
    return urlsafe_b64encode(said.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        (RUNS, {"first": 0}, "BAD_PAGE_SIZE"),
        (RUNS, {"first": 101}, "BAD_PAGE_SIZE"),
        *[
            (RUNS, {"after": one}, "BAD_CURSOR")
            for one in ("x", "é", cursor("x:y"), cursor("1"), cursor("9" * 30 + ":x"))
        ],
        (OBJECTS, {"first": 0}, "BAD_PAGE_SIZE"),
        (OBJECTS, {"first": 101}, "BAD_PAGE_SIZE"),
        *[
            (OBJECTS, {"after": one}, "BAD_CURSOR")
            for one in ("x", cursor("1"), cursor("ox"), cursor("o" + "9" * 30))
        ],
    ],
)
async def test_a_wrong_page_hears_what_is_right(
    catalogue: Catalogue, query: str, variables: dict[str, Any], code: str
) -> None:
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    assert (await catalogue.error(query, {"source": "hessen", **variables}, may_see=owner))[0] == code


async def test_too_many_objects_of_too_many_runs_are_refused(catalogue: Catalogue) -> None:
    for number in range(11):
        await catalogue.deliver("hessen", message(writes=[service(str(number))]))
    query = '{ source(id: "hessen") { runs(first: 11) { edges { node { objects(first: %d) { totalCount } } } } } }'
    body = await catalogue.answer(query.replace("%d", "100"), may_see=owner)
    assert {error["extensions"]["code"] for error in body["errors"]} == {"TOO_LARGE"}
    await catalogue.ask(query.replace("%d", "90"), may_see=owner)


class Counting:
    """The journal, which counts how often it is read."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.reads = inner, 0

    async def read(self, work: Callable[[Connection], Any]) -> Any:
        self.reads += 1
        return await self.inner.read(work)


async def test_reads_do_not_grow_with_rows(stored: Catalogue) -> None:
    journal: Any = Counting(stored.operations)
    stored.reference = None
    stored.graph = Graph(stored.catalog, journal, stored.clock, HUB)
    query = """{ sources { lastRun { id } runs(first: 20) { totalCount edges { node { progress { done } revertedBy
      notices(first: 10) { totalCount } objects(first: 10) { totalCount edges { node { id } } } } } } } }"""
    needed = []
    for number in (1, 8):
        for one in range(number):
            await stored.deliver("hessen", message(writes=[service(f"{number}-{one}")]))
            await stored.deliver("sachsen", message(writes=[service(Name(SAXONY, f"{one}"), areas=["14"])]))
        journal.reads = 0
        await stored.ask(query, may_see=all_allowed)
        needed.append(journal.reads)
    assert needed == [8, 8]
