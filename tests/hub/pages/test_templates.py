"""What holds for every template, read as text and as rendered."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html

from catalog_sync.quality.rules import QualityRule
from hub import pages as pages_package
from tests.hub.pages.fakes import KEY, FakeGraph, reader, responsibility, service

TEMPLATES = sorted((Path(pages_package.__file__).parent / "templates").glob("*.html"))
STATIC = Path(pages_package.__file__).parent / "static"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_script_or_style(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "javascript:" not in text
    for script in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL):
        assert not script.strip()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_leads_a_browser_elsewhere_for_files(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"(src|<link[^>]*href)=\"(https?:)?//", text)


def test_own_script_and_style_are_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.iterdir()) < 100_000


ADDRESSES = (
    "/",
    "/suche?q=Personalausweis",
    "/suche?q=Personalausweis&ort=35578",
    "/suche?q=Personalausweis&ort=35578&wer=person&feld=Feld+1",
    "/suche?q=Personalausweis+in+H%C3%BCttenberg",
    "/suche?q=Personalauswei%C3%9F&lang=en",
    "/suche?q=nichts&ort=Nirgendwo",
    "/suche?q=x&ort=35625",
    f"/leistung/{KEY}",
    f"/leistung/{KEY}?ort=065320023023",
    f"/leistung/{KEY}?ort=065320023023&lang=en",
    "/leistung/99000000000000",
)


def rendered(address: str) -> html.HtmlElement:
    graph = FakeGraph(service(responsibilities=[responsibility(), responsibility("CONTACT_POINT")]))
    return html.document_fromstring(reader(graph).get(address).text)


@pytest.fixture(params=ADDRESSES)
def page(request: pytest.FixtureRequest) -> html.HtmlElement:
    return rendered(request.param)


def test_each_page_has_one_first_heading_and_a_title(page: html.HtmlElement) -> None:
    assert len(page.findall(".//h1")) == 1
    assert page.findtext(".//title")


def test_headings_leave_no_level_out(page: html.HtmlElement) -> None:
    levels = [int(str(heading.tag)[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_the_first_stop_of_the_keyboard_leads_to_the_content(page: html.HtmlElement) -> None:
    first = page.xpath("(//a[@href] | //button | //input[not(@type='hidden')])[1]")[0]
    assert first.get("href") == "#main"
    assert page.xpath("//main[@id='main']")
    assert not page.xpath("//*[@tabindex > 0]")


def test_each_input_has_a_label_and_each_id_is_its_own(page: html.HtmlElement) -> None:
    for field in page.xpath("//input[not(@type='hidden')]"):
        assert page.xpath(f"//label[@for='{field.get('id')}']"), field.get("name")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_what_an_element_refers_to_is_there(page: html.HtmlElement) -> None:
    ids = set(page.xpath("//@id"))
    for value in page.xpath("//@aria-describedby | //@aria-labelledby"):
        assert set(value.split()) <= ids
    assert {target[1:] for target in page.xpath("//a/@href") if target.startswith("#")} <= ids


def test_each_page_says_that_it_is_a_demonstration(page: html.HtmlElement) -> None:
    assert "Demonstration" in page.findtext(".//p[@class='hub-banner']", "")


@pytest.mark.parametrize("address", ADDRESSES)
def test_in_english_no_german_interface_is_left(address: str) -> None:
    found = rendered(address + ("&" if "?" in address else "?") + "lang=en")
    words = " ".join(found.xpath("//nav//text() | //footer//text() | //button//text() | //label//text()"))
    assert not re.search(r"\b(Suchen|Anmelden|Weiter|merken|Ort|Zum)\b", words)


def test_every_rule_of_quality_has_words_of_its_own() -> None:
    template = (Path(pages_package.__file__).parent / "templates" / "staff_quality.html").read_text(
        encoding="utf-8"
    )
    assert [rule.name for rule in QualityRule if f'"{rule.name}": t(' not in template] == []
