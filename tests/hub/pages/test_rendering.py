from pathlib import Path

import pytest
from jinja2 import UndefinedError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from hub.pages.rendering import Pages


def client(pages: Pages, **context: object) -> TestClient:
    async def page(request: Request) -> Response:
        return pages.render(request, "failed.html", **context)  # type: ignore[arg-type]

    return TestClient(Starlette(routes=[Route("/{path:path}", page)]))


@pytest.fixture
def plain(tmp_path: Path) -> Pages:
    """Pages on a machine where the design system was not fetched."""
    return Pages(built=tmp_path)


def test_what_comes_from_outside_is_escaped(plain: Pages) -> None:
    found = client(plain, number="<script>alert(1)</script> a & b")
    assert "<script>alert" not in found.get("/").text
    assert "a &amp; b" in found.get("/").text


def test_a_value_that_was_forgotten_is_an_error(plain: Pages) -> None:
    with pytest.raises(UndefinedError):
        client(plain).get("/")


@pytest.mark.parametrize(
    ("address", "headers", "language"),
    [
        ("/", {}, "de"),
        ("/", {"accept-language": "en-GB,en;q=0.9,de;q=0.5"}, "en"),
        ("/", {"accept-language": "fr, de;q=0.4, en;q=0.3"}, "de"),
        ("/", {"accept-language": "de;q=0, en;q=0.1"}, "en"),
        ("/", {"accept-language": "en;q=much, de"}, "de"),
        ("/", {"accept-language": "fr"}, "de"),
        ("/?ui_locales=fr+en", {}, "en"),
        ("/?lang=en", {"accept-language": "de"}, "en"),
        ("/?lang=xx", {"accept-language": "en"}, "en"),
        ("/", {"cookie": "hub_language=en", "accept-language": "de"}, "en"),
    ],
)
def test_language_by_choice_by_memory_by_browser(
    plain: Pages, address: str, headers: dict[str, str], language: str
) -> None:
    answer = client(plain, number="x").get(address, headers=headers)
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert ("Front" in answer.text or "front page" in answer.text) == (language == "en")


def test_a_chosen_language_is_remembered_and_an_unknown_one_is_not(plain: Pages) -> None:
    reader = client(plain, number="x")
    assert "set-cookie" not in reader.get("/?lang=xx").headers
    assert reader.get("/?lang=en").cookies["hub_language"] == "en"
    assert '<html lang="en">' in reader.get("/").text


def test_the_language_switch_keeps_the_page_and_its_question(plain: Pages) -> None:
    found = client(plain, number="x").get("/suche?q=Wohnsitz&ort=065320005005").text
    assert 'href="/suche?q=Wohnsitz&amp;ort=065320005005&amp;lang=en"' in found


def test_the_language_switch_never_leads_to_another_host(plain: Pages) -> None:
    found = client(plain, number="x").get("http://testserver//evil.example/x").text
    assert 'href="/evil.example/x?lang=en"' in found
    assert 'href="//' not in found


def test_the_browser_is_told_to_refuse_what_is_not_ours(plain: Pages) -> None:
    headers = client(plain, number="x").get("/").headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["font-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


def test_a_form_may_lead_to_the_portal_that_the_page_names(plain: Pages) -> None:
    answer = client(plain, number="x", form_action=("https://portal.example",)).get("/")
    assert "form-action 'self' https://portal.example;" in answer.headers["content-security-policy"]


def test_https_is_insisted_on_where_it_was_used(plain: Pages) -> None:
    answer = client(plain, number="x").get("https://testserver/?lang=de")
    assert "strict-transport-security" in answer.headers
    assert "Secure" in answer.headers["set-cookie"]


def test_without_the_design_system_no_page_links_to_it(plain: Pages) -> None:
    found = client(plain, number="x").get("/").text
    assert "/assets/" not in found
    assert "/plain.css" in found


def test_with_the_design_system_it_is_linked_under_its_content(tmp_path: Path) -> None:
    (tmp_path / "kern").mkdir()
    for name in ("kern.min.css", "fonts.css"):
        (tmp_path / "kern" / name).write_text("a{}")
    pages = Pages(built=tmp_path)
    found = client(pages, number="x").get("/").text
    assert f"/assets/{pages.built.version}/kern/kern.min.css" in found
    assert "/plain.css" not in found
