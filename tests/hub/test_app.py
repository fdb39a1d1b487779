"""The hub as one application: what an operator and a browser meet."""

import secrets
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx2
import pytest
from starlette.types import Message

from catalog_sync.areas.importing import import_areas
from catalog_sync.areas.recognition import read_sources
from catalog_sync.leika.importing import import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.search.indexing import reindex, reindex_all
from catalog_sync.sources.files import files_of
from catalog_sync.sources.registry import add_source
from hub.app import create_app
from hub.config import Settings
from hub.demo import sample
from hub.egress import Egress
from hub.pages.rendering import Pages
from hub.surroundings import Surroundings
from identity.keys import ensure_keys
from tests.conftest import Databases

NOW = 1_779_300_000.0  # 20 May 2026
ISSUER = "http://127.0.0.1:8000"
WETZLAR = "065320023023"


@pytest.fixture
async def browser(sqlite_databases: Databases, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    ensure_keys(tmp_path, secrets.token_bytes)
    urls = sqlite_databases.urls
    settings = Settings(
        data_dir=tmp_path,
        issuer=ISSUER,
        catalog_url=urls["catalog"],
        identity_url=urls["identity"],
        operations_url=urls["operations"],
    )
    app = create_app(settings, Surroundings(Egress(), Pages(), lambda: NOW, secrets.token_bytes))
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=ISSUER) as client,
    ):
        yield client


async def _fill(databases: Databases) -> None:
    areas = read_sources([sample.AREAS], postcodes=[sample.POSTCODES], today="2026-05-20")
    await databases.catalog.write(partial(import_areas, sources=areas))
    services = read_catalogue([sample.LEIKA, sample.BUNDLES, sample.SITUATIONS])
    await databases.catalog.write(partial(import_services, catalogue=services))
    await databases.catalog.write(reindex_all)
    pipeline = Pipeline(
        databases.catalog,
        databases.operations,
        clock=lambda: NOW,
        random=secrets.token_bytes,
        reindex=reindex,
    )
    for key, agency, area, file in (
        ("bund", "B100019", "00", sample.BUND),
        ("hessen", "L100042", "06", sample.HESSEN),
    ):
        await databases.catalog.write(
            partial(add_source, key=key, name=key.title(), agencies=[agency], areas=[area], now=0)
        )
        report = await pipeline.deliver(key, files_of([file]))
        assert report["counts"]["rejected"] == 0


def _lose(file: Path) -> None:
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    file.mkdir()


async def test_an_empty_hub_is_alive_and_ready(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/healthz")).text == "alive\n"
    assert (await browser.get("/readyz")).json() == {"ready": True, "reasons": {}, "sources": {}}
    assert "Was möchten Sie erledigen?" in (await browser.get("/")).text


async def test_a_hub_whose_database_is_gone_says_which(
    browser: httpx2.AsyncClient, sqlite_databases: Databases, tmp_path: Path
) -> None:
    _lose(tmp_path / "operations.db")
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert list(answer.json()["reasons"]) == ["operations"]


async def test_what_is_not_there_is_a_page_for_people_and_a_line_for_programs(
    browser: httpx2.AsyncClient,
) -> None:
    page = await browser.get("/nowhere", headers={"Accept": "text/html"})
    line = await browser.get("/nowhere")
    assert (page.status_code, line.status_code) == (404, 404)
    assert "<h1" in page.text
    assert line.text == "Not found.\n"
    assert (await browser.delete("/healthz")).status_code == 405


async def test_the_pages_show_what_the_graph_says(
    browser: httpx2.AsyncClient, sqlite_databases: Databases
) -> None:
    await _fill(sqlite_databases)
    found = (await browser.get("/suche", params={"q": "Kraftfahrzeug", "ort": WETZLAR})).text
    assert "<mark>Kraftfahrzeug</mark> zulassen" in found
    assert "Lahn-Dill-Kreis" in found
    page = (await browser.get("/leistung/99036008007000", params={"ort": WETZLAR})).text
    assert "Anmelden und beantragen" in page
    assert "Warum diese Stelle?" in page
    assert "Quelle: Hessen" in page
    english = (await browser.get("/leistung/99036008007000", params={"ort": WETZLAR, "lang": "en"})).text
    assert '<html lang="en"' in english


async def test_nobody_is_signed_in_and_the_account_asks_to(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/account")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{ISSUER}/login?next=")
    query = {"query": "{ viewer { assurance } }"}
    assert (await browser.post("/graphql", json=query)).json() == {"data": {"viewer": None}}


async def test_the_provider_names_itself_by_its_issuer_whatever_the_host_header_says(
    browser: httpx2.AsyncClient,
) -> None:
    found = await browser.get("/.well-known/openid-configuration", headers={"Host": "evil.example"})
    assert found.json()["issuer"] == ISSUER
    assert found.json()["authorization_endpoint"] == f"{ISSUER}/authorize"


@pytest.mark.parametrize("path", ["/authorize/", "/login/", "/token/", "/account/"])
async def test_no_address_redirects_to_what_the_host_header_says(
    browser: httpx2.AsyncClient, path: str
) -> None:
    answer = await browser.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "evil" not in answer.headers.get("location", "") + answer.text
    assert (await browser.get(path.rstrip("/"))).status_code != 404


@pytest.mark.parametrize("path", ["/token", "/logout", "/consent", "/login/start"])
async def test_a_request_that_breaks_off_is_no_failure_of_ours(
    browser: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    app = browser._transport.app  # type: ignore[attr-defined]  # noqa: SLF001 - a client can't break off by itself
    sent: list[Message] = []
    coming: list[Message] = [
        {"type": "http.request", "body": b"grant_type=", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    await app(scope, receive, send)
    assert sent[0]["status"] == 400
    assert caplog.records == []
