"""The graph over one catalogue: its state, its day, and the way to step up."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from catalog_sync.catalog.reading import Snapshot
from hub.database import Database
from hub.errors import DatabaseAwayError
from hub.execution.running import Operation
from hub.graph import Graph, nobody
from identity.assurance import AssuranceLevel
from identity.subject import Subject, SubjectKind
from identity.viewer import Viewer
from tests.catalogues import BUSINESS, HUB, WETZLAR, Catalogue, empty
from tests.conftest import Databases
from tests.makers import message, online_service, rule, service

T = TypeVar("T")
VERSION = "{ catalogue { dataVersion } }"


async def version(catalogue: Catalogue) -> str:
    """The data version as the graph tells it."""
    found: str = (await catalogue.ask(VERSION))["catalogue"]["dataVersion"]
    return found


async def test_the_data_version_changes_with_every_change_of_an_answer(stored: Catalogue) -> None:
    first = await version(stored)
    await stored.deliver("hessen", message(writes=[service("1")]))
    second = await version(stored)
    assert second != first
    await stored.areas(stored.written("more_2026-01-02.csv", "ars,name\n06412,Frankfurt am Main\n"))
    assert await version(stored) not in (first, second)


async def test_the_same_message_twice_changes_no_answer(catalogue: Catalogue) -> None:
    query = '{ catalogue { counts { kind live } } service(leikaKey: "99008001012000") { entries { title } } }'
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    before = await catalogue.ask(query)
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    assert await catalogue.ask(query) == before


async def test_the_data_version_changes_with_the_day_in_berlin(catalogue: Catalogue) -> None:
    catalogue.clock.set(datetime(2026, 3, 2, 22, 59, tzinfo=UTC))
    evening = await version(catalogue)
    catalogue.clock.set(datetime(2026, 3, 2, 23, 0, tzinfo=UTC))
    assert catalogue.graph.today() == date(2026, 3, 3)
    assert await version(catalogue) != evening


async def test_what_another_process_writes_is_seen_at_once(catalogue: Catalogue) -> None:
    other = Graph(catalogue.catalog, catalogue.operations, catalogue.clock, HUB)
    query = '{ area(ars: "06412") { name } sources { key freshness } }'
    before = (await other.run(Operation(query), "r")).answer.body["data"]
    assert (before["area"], len(before["sources"])) == (None, 4)
    await catalogue.areas(catalogue.written("more_2026-01-02.csv", "ars,name\n06412,Frankfurt am Main\n"))
    await catalogue.source("stadt", "Stadt Frankfurt", "K1", "06412")
    after = (await other.run(Operation(query), "r")).answer.body["data"]
    assert after["area"] == {"name": "Frankfurt am Main"}
    assert len(after["sources"]) == 5


async def test_freshness_is_when_the_newest_delivery_was_taken(catalogue: Catalogue) -> None:
    query = '{ source(id: "hessen") { freshness } }'
    assert (await catalogue.ask(query))["source"] == {"freshness": None}
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    assert (await catalogue.ask(query))["source"] == {"freshness": "2026-03-02T11:00:00+00:00"}
    catalogue.clock.set(datetime(2026, 3, 3, 11, 0, tzinfo=UTC))
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    assert (await catalogue.ask(query))["source"] == {"freshness": "2026-03-03T11:00:00+00:00"}


async def test_an_empty_catalogue_answers(databases: Databases, tmp_path: object) -> None:
    made = empty(databases.catalog, databases.operations, tmp_path)  # type: ignore[arg-type]
    query = """{ catalogue { counts { kind live } } sources { key } area(ars: "00") { name level }
        services(first: 5) { totalCount } service(leikaKey: "99008001012000") { title }
        areas(query: "Wetzlar", first: 5) { totalCount } viewer { assurance } }"""
    assert await made.ask(query) == {
        "catalogue": {
            "counts": [
                {"kind": kind, "live": 0}
                for kind in (
                    "SERVICE_ENTRY",
                    "AUTHORITY",
                    "ONLINE_SERVICE",
                    "SPECIALISATION",
                    "RESPONSIBILITY",
                )
            ]
        },
        "sources": [],
        "area": {"name": "Deutschland", "level": "COUNTRY"},
        "services": {"totalCount": 0},
        "service": None,
        "areas": {"totalCount": 0},
        "viewer": None,
    }


async def test_stepping_up_leads_back_to_where_one_was(catalogue: Catalogue) -> None:
    writes = [service("1"), online_service("o", level="40"), rule("r", "o", "1", ["06"], online=True)]
    await catalogue.deliver("hessen", message(writes=writes))
    query = f"""{{ service(leikaKey: "99008001012000") {{ viewerCanStart(area: "{WETZLAR}") {{ stepUpUrl }} }} }}"""
    found = await catalogue.graph.run(Operation(query), "r", nobody, "/services/1?area=06&x=ä")
    url = found.answer.body["data"]["service"]["viewerCanStart"]["stepUpUrl"]
    assert url == (
        f"{HUB}/login?next=%2Fservices%2F1%3Farea%3D06%26x%3D%C3%A4"
        "&acr=http%3A%2F%2Feidas.europa.eu%2FLoA%2Fhigh"
    )


async def test_the_viewer_is_looked_up_once_a_request_and_only_when_asked_for(catalogue: Catalogue) -> None:
    looked_up: list[int] = []

    async def find() -> Viewer | None:
        looked_up.append(1)
        return Viewer(Subject("s", None, SubjectKind.CITIZEN), AssuranceLevel.LOW)

    catalogue.reference = None
    await catalogue.ask("{ sources { key } }", find_viewer=find)
    assert looked_up == []
    service_ = """service(leikaKey: "99008001012000") { viewerCanStart(area: "06") { reason } }"""
    await catalogue.ask(f"{{ viewer {{ assurance }} a: {service_} b: {service_} }}", find_viewer=find)
    assert looked_up == [1]


@pytest.mark.parametrize("query", ["{ viewer { assurance } }", "{ viewer { __typename } }"])
async def test_an_answer_that_asks_for_the_viewer_is_private_also_when_nobody_is_there(
    catalogue: Catalogue, query: str
) -> None:
    assert (await catalogue.run(query)).viewer_was_read is True


async def test_a_graph_that_is_prepared_answers_the_first_search_without_reading_all_words(
    stored: Catalogue,
) -> None:
    graph = Graph(stored.catalog, stored.operations, stored.clock, "https://hub.example")
    await graph.prepare()
    stored.count_anew()
    search = Operation('{ services(query: "Gewerbe", first: 5) { totalCount } }')
    assert (await graph.run(search, "request-1")).answer.body == {"data": {"services": {"totalCount": 1}}}
    assert not [one.sqlite for one in stored.catalog.statements if "posting.surface" in one.sqlite]


async def test_a_graph_is_prepared_later_where_the_database_is_away(stored: Catalogue) -> None:
    database = Away(stored.catalog)
    graph = Graph(database, stored.operations, stored.clock, "https://hub.example")
    await graph.prepare()
    search = Operation(
        '{ services(query: "Gewerbe anmelden", first: 5) { totalCount edges { node { leikaKey } } } }'
    )
    with pytest.raises(DatabaseAwayError):
        await graph.run(search, "request-1")
    database.is_back = True
    for number in (2, 3):
        body = (await graph.run(search, f"request-{number}")).answer.body
        found = {"totalCount": 1, "edges": [{"node": {"leikaKey": BUSINESS}}]}
        assert body == {"data": {"services": found}}


class Away:
    """A database that does not answer until it is back."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self.dialect = inner.dialect
        self.is_back = False

    def _there(self) -> Database:
        if not self.is_back:
            raise DatabaseAwayError
        return self._inner

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Pass it on, or raise."""
        return self._there().snapshot()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Pass it on, or raise."""
        return await self._there().read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Pass it on, or raise."""
        return await self._there().write(work)

    async def close(self) -> None:
        """The test closes what is open."""
