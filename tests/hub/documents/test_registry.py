"""Documents asked for by name: Apollo's automatic persisted queries, and those that an operator imported."""

from functools import partial
from typing import Any

import httpx2
import orjson
import pytest

from hub.documents import book
from hub.documents.book import hash_of
from hub.documents.registry import KeptDocuments
from hub.endpoint import GraphEndpoint
from hub.execution.operations import Operations
from schema.build import build_schema
from tests.catalogues import HUB, Catalogue, Clock, small
from tests.conftest import Databases
from tests.hub.test_endpoint import FakeViewers, explorer

GRAPHQL, JSON = "application/graphql-response+json", "application/json"
TEXT = "query Page { sources { key } }"
DAY = 24 * 3600


class Stage:
    """Processes of the hub over one pair of databases."""

    def __init__(self, catalogue: Catalogue, databases: Databases) -> None:
        self.catalogue = catalogue
        self.operations = databases.operations
        self.clock = Clock()

    def client(self, *, trusted_only: bool = False) -> httpx2.AsyncClient:
        """A client of a process that has just begun."""
        checked = Operations(build_schema()._schema)  # noqa: SLF001 - the executable schema has no public name
        documents = KeptDocuments(
            self.operations,
            lambda text: checked.document(text).node is not None,
            self.clock,
            trusted_only=trusted_only,
        )
        endpoint = GraphEndpoint(
            self.catalogue.graph,
            FakeViewers(),
            origin=HUB,
            cookie="session",
            explorer=explorer,
            new_id=lambda: "id-1",
            documents=documents,
        )
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url=HUB)


@pytest.fixture
async def stage(databases: Databases, tmp_path: Any) -> Stage:
    return Stage(await small(databases.catalog, databases.operations, tmp_path), databases)


def persisted(text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}, **more}


async def post(client: httpx2.AsyncClient, body: Any, accept: str = JSON) -> httpx2.Response:
    headers = {"content-type": JSON, "accept": accept}
    return await client.post("/graphql", content=orjson.dumps(body), headers=headers)


async def get(client: httpx2.AsyncClient, **members: Any) -> httpx2.Response:
    parameters = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in members.items()
    }
    return await client.get("/graphql", params=parameters, headers={"accept": JSON})


def code(response: httpx2.Response) -> str:
    (error,) = response.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


async def test_a_text_sent_once_is_asked_for_by_its_hash_in_every_process(stage: Stage) -> None:
    first, second = stage.client(), stage.client()
    unknown = await post(first, persisted())
    assert (unknown.status_code, code(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert unknown.headers["cache-control"] == "no-store"
    sent = await post(first, persisted(query=TEXT))
    assert len(sent.json()["data"]["sources"]) == 4
    for answer in (
        await post(first, persisted()),
        await post(second, persisted()),
        await get(second, **persisted()),
    ):
        assert answer.content == sent.content
    assert (await get(second, **persisted())).headers["cache-control"].startswith("public")


async def test_what_is_not_found_is_400_in_the_new_media_type(stage: Stage) -> None:
    answer = await post(stage.client(), persisted(), accept=GRAPHQL)
    assert (answer.status_code, code(answer)) == (400, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_hash_that_is_another_text_s_is_refused_and_nothing_kept(stage: Stage) -> None:
    client = stage.client()
    answer = await post(client, persisted("{ other }", query=TEXT))
    assert (answer.status_code, code(answer)) == (400, "PERSISTED_QUERY_MISMATCH")
    assert code(await post(client, persisted())) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("text", ["{ nothing }", "{", f"{{ sources {{ key }} }} # {'x' * book.LARGEST}"])
async def test_what_does_not_fit_or_is_too_long_is_not_kept(stage: Stage, text: str) -> None:
    client = stage.client()
    await post(client, persisted(text, query=text))
    assert code(await post(client, persisted(text))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    ("persisted_query", "expected"),
    [
        ({"version": 2, "sha256Hash": "0" * 64}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"sha256Hash": "0" * 64}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ("x", "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"version": 1, "sha256Hash": "0" * 63}, "BAD_REQUEST"),
        ({"version": 1, "sha256Hash": None}, "BAD_REQUEST"),
        ({"version": 1}, "BAD_REQUEST"),
    ],
)
async def test_what_is_no_persisted_query_is_told(stage: Stage, persisted_query: Any, expected: str) -> None:
    body = {"query": TEXT, "extensions": {"persistedQuery": persisted_query}}
    assert code(await post(stage.client(), body)) == expected


async def test_an_imported_document_is_asked_for_by_its_id_and_by_its_hash(stage: Stage) -> None:
    await stage.operations.write(partial(book.take, texts={"page": TEXT}, day=1))
    client = stage.client()
    expected = (await post(client, {"query": TEXT})).content
    for named in ("page", hash_of(TEXT), f"sha256:{hash_of(TEXT)}"):
        assert (await post(client, {"documentId": named})).content == expected
        assert (await get(client, documentId=named)).content == expected
    assert code(await post(client, {"documentId": "other"})) == "PERSISTED_QUERY_NOT_FOUND"
    for wrong in (1, "", "x" * 201):
        assert code(await post(client, {"documentId": wrong})) == "BAD_REQUEST"
    assert code(await post(client, persisted(documentId="page"))) == "BAD_REQUEST"


async def test_variables_and_names_come_beside_the_document(stage: Stage) -> None:
    text = "query A($k: ID!) { source(id: $k) { name } } query B { sources { key } }"
    await stage.operations.write(partial(book.take, texts={"both": text}, day=1))
    body = {"documentId": "both", "operationName": "A", "variables": {"k": "hessen"}}
    answer = await post(stage.client(), body)
    assert answer.json() == {"data": {"source": {"name": "Landesredaktion Hessen"}}}


async def test_a_hub_of_trusted_documents_runs_no_other(stage: Stage) -> None:
    await stage.operations.write(partial(book.take, texts={"page": TEXT}, day=1))
    other = "{ catalogue { dataVersion } }"
    await stage.operations.write(partial(book.keep, text=other, day=1))
    client = stage.client(trusted_only=True)
    for body in ({"documentId": "page"}, {"query": TEXT}, persisted(), persisted(query=TEXT)):
        assert len((await post(client, body)).json()["data"]["sources"]) == 4
    for body in ({"query": other}, persisted(other, query=other), {"query": "{ __typename }"}):
        answer = await post(client, body)
        assert (answer.status_code, code(answer)) == (200, "DOCUMENT_NOT_TRUSTED")
    assert code(await post(client, persisted(other))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_an_id_that_is_imported_anew_means_the_new_text_within_a_minute(stage: Stage) -> None:
    await stage.operations.write(partial(book.take, texts={"page": TEXT}, day=1))
    client = stage.client()
    assert "sources" in (await get(client, documentId="page")).json()["data"]
    new = "{ catalogue { dataVersion } }"
    await stage.operations.write(partial(book.take, texts={"page": new}, day=1))
    stage.clock.now += 61
    assert "catalogue" in (await get(client, documentId="page")).json()["data"]


async def test_what_an_operator_takes_away_is_not_run_for_longer_than_a_minute(stage: Stage) -> None:
    await stage.operations.write(partial(book.take, texts={"page": TEXT}, day=1))
    client = stage.client(trusted_only=True)
    assert "data" in (await post(client, {"query": TEXT})).json()
    await stage.operations.write(partial(book.take, texts={"other": "{ __typename }"}, day=1, replace=True))
    stage.clock.now += 61
    assert code(await post(client, {"query": TEXT})) == "DOCUMENT_NOT_TRUSTED"


async def test_use_is_noted_once_a_day(stage: Stage) -> None:
    today = int(stage.clock.now // DAY)
    await stage.operations.write(partial(book.keep, text=TEXT, day=today - 3))
    await post(stage.client(), persisted())
    found = await stage.operations.read(lambda connection: book.find(connection, hash_of(TEXT)))
    assert found is not None
    assert found.used_on == today


async def test_without_a_store_only_texts_are_taken(stage: Stage) -> None:
    endpoint = GraphEndpoint(
        stage.catalogue.graph, FakeViewers(), origin=HUB, cookie="s", explorer=explorer, new_id=lambda: "1"
    )
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url=HUB)
    assert code(await post(client, persisted())) == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert "data" in (await post(client, {"query": TEXT})).json()
