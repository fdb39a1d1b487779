import json
from pathlib import Path

import pytest
from graphql import build_ast_schema, parse, validate
from lxml import html
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from catalog_sync.search.thesaurus_entries import Entry, Relation
from catalog_sync.search.thesaurus_store import put
from hub.pages import explorer, queries
from hub.pages.examples import EXAMPLES, Example
from hub.pages.rendering import Pages
from schema.build import build_schema
from tests.catalogues import IDENTITY_CARD, WETZLAR, Catalogue, catalogue, template
from tests.makers import authority, message, online_service, rule, service

__all__ = ["catalogue", "template"]

DOCUMENTS = {
    name: value for name, value in vars(queries).items() if name.isupper() and not name.startswith("_")
} | {example.english: example.query for example in EXAMPLES}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_the_pages_and_examples_ask_fits_the_schema(name: str) -> None:
    assert validate(build_ast_schema(parse(build_schema().as_str())), parse(DOCUMENTS[name])) == []


def browser(pages: Pages) -> TestClient:
    async def show(request: Request) -> Response:
        return explorer.page(pages, request)

    return TestClient(Starlette(routes=[Route("/graphql", show)]))


@pytest.fixture
def built(tmp_path: Path) -> Pages:
    (tmp_path / "altair").mkdir()
    (tmp_path / "altair" / "main.js").write_text("")
    return Pages(built=tmp_path)


def test_the_explorer_finds_its_files_here_and_its_options_in_the_page(built: Pages) -> None:
    page = html.document_fromstring(browser(built).get("/graphql").text)
    assert page.xpath("//base/@href") == [built.built.address("altair/")]
    options = json.loads(page.xpath("//meta[@name='explorer']/@content")[0])
    assert options["disableAccount"]
    assert options["initialWindows"][-1]["initialName"] == "Leistungen suchen"
    assert "onlineServices" in page.xpath("//meta[@name='explorer']/@content")[0]


def test_the_explorer_may_ask_this_server_and_nobody_else(built: Pages) -> None:
    policy = browser(built).get("/graphql").headers["content-security-policy"]
    assert "connect-src 'self';" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy


def test_without_its_files_the_examples_are_there_to_copy(tmp_path: Path) -> None:
    found = browser(Pages(built=tmp_path)).get("/graphql?lang=en").text
    assert "Find services" in found
    assert "query Suche(" in found
    assert "<script" not in found


@pytest.fixture
async def asked(catalogue: Catalogue) -> Catalogue:
    """A catalogue that has something to say to each example."""
    writes = [
        service("1", IDENTITY_CARD, title="Personalausweis", modules={"05": "Kurz."}, fees=["37.00"]),
        authority("2"),
        online_service("3"),
        rule("4", "2", "1", [WETZLAR]),
        rule("5", "3", "1", ["06"], online=True),
    ]
    await catalogue.deliver("hessen", message(writes=writes))
    entry = Entry("perso", "de", Relation.SAME, ("Personalausweis",))
    await catalogue.catalog.write(lambda connection: put(connection, "verbundhub", [entry], "2026-01-01"))
    return catalogue


def test_there_are_ten_operations_to_click_each_with_a_name_of_its_own() -> None:
    assert len(EXAMPLES) == 10
    for names in ({one.german for one in EXAMPLES}, {one.english for one in EXAMPLES}):
        assert len(names) == 10


NOTHING = {"Who is asking?": {"viewer": None}}
"""What is rightly empty for somebody who has not signed in."""


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.english for one in EXAMPLES])
async def test_every_operation_to_click_has_an_answer(asked: Catalogue, example: Example) -> None:
    found = await asked.ask(example.query, json.loads(example.variables))
    if example.english in NOTHING:
        assert found == NOTHING[example.english]
    else:
        assert all(found.values())
        assert '"edges": []' not in json.dumps(found)
