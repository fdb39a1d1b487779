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

from hub.pages import explorer, queries
from hub.pages.rendering import Pages
from schema.build import build_schema

DOCUMENTS = {
    name: value for name, value in vars(queries).items() if name.isupper() and not name.startswith("_")
} | {example.english: example.query for example in explorer.EXAMPLES}


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
