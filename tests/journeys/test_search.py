"""Searching in a real browser: typing with suggestions, by keyboard, without script; narrowing; axe finds nothing."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hub.demo.layout import Layout
from tests.journeys.test_citizen import ERIKA, Citizen

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("demonstration")]

_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_QUESTION, _PLACE = "Was?", "Wo?"


def _context(browser: Browser, width: int, **options: Any) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="de-DE", **options)
    context.set_default_timeout(15_000)
    return context


@pytest.fixture(params=[360, 1280], ids=["phone", "wide"])
def width(request: pytest.FixtureRequest) -> int:
    chosen: int = request.param
    return chosen


@pytest.fixture
def citizen(browser: Browser, demonstration: Layout, tmp_path: Path, width: int) -> Iterator[Citizen]:
    context = _context(browser, width)
    folder = tmp_path / f"search-{width}"
    folder.mkdir()
    yield Citizen(context.new_page(), demonstration, folder, ERIKA)
    context.close()


def _violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page."""
    if not _AXE.is_file():
        if "axe" in os.environ.get("HUB_TEST_REQUIRE", ""):
            pytest.fail("axe-core is missing: make setup fetches it.")
        pytest.skip("axe-core is not here: make setup fetches it where Node.js is.")
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = json.loads(page.evaluate("axe.run(document).then(found => JSON.stringify(found.violations))"))
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def _types(citizen: Citizen, label: str, text: str) -> None:
    citizen.page.get_by_label(label, exact=True).press_sequentially(text, delay=20)


def test_by_keyboard_alone_from_the_front_page_to_a_service(citizen: Citizen) -> None:
    page = citizen.page
    citizen.opens(f"{citizen.demonstration.hub}/")
    field = page.get_by_role("combobox", name=_QUESTION, exact=True)
    expect(field).to_have_attribute("aria-expanded", "false")
    field.focus()
    page.keyboard.type("P")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("ersonalaus", delay=20)
    expect(field).to_have_attribute("aria-expanded", "true")
    listed = page.get_by_role("listbox").get_by_role("option")
    expect(page.locator(".suggest__status").first).to_contain_text("Pfeiltasten")
    page.keyboard.press("ArrowDown")
    expect(listed.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == listed.first.get_attribute("id")
    citizen.picture("front-suggestions")
    page.keyboard.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", "x")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("Personalaus")
    page.keyboard.press("ArrowDown")
    expect(listed.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/leistung/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Personalausweis")
    assert citizen.complaints == []


def test_a_place_is_chosen_from_the_list_and_its_key_is_sent(citizen: Citizen) -> None:
    page = citizen.page
    citizen.opens(f"{citizen.demonstration.hub}/")
    _types(citizen, _QUESTION, "Hund")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_have_count(0)
    _types(citizen, _PLACE, "Wetz")
    place = page.get_by_role("combobox", name=_PLACE, exact=True)
    expect(place).to_have_attribute("aria-expanded", "true")
    citizen.picture("front-places")
    page.get_by_role("option").filter(has_text="Wetzlar").first.click()
    expect(place).to_have_value("Wetzlar")
    expect(place).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche?*ort=065320023023*")
    citizen.sees("für Wetzlar")
    assert citizen.complaints == []


def test_hits_are_marked_explained_and_narrowed(citizen: Citizen) -> None:
    page = citizen.page
    citizen.opens(f"{citizen.demonstration.hub}/suche?q=Personalausweis+in+Wetzlar")
    citizen.sees("Verstanden als Ort: Wetzlar")
    expect(page.locator("mark").first).to_contain_text("ersonalausweis")
    page.get_by_text("Warum dieser Treffer?").first.click()
    expect(page.locator(".hub-reasons").first).to_contain_text("„personalausweis“")
    narrowing = page.get_by_role("navigation", name="Treffer eingrenzen")
    if narrowing.locator("ul").first.is_hidden():
        narrowing.locator("summary").first.click()
    citizen.picture("results")
    narrowing.get_by_role("link", name="Privatpersonen").click()
    page.wait_for_url("**wer=person*")
    expect(page.get_by_role("link", name="Privatpersonen – Filter entfernen")).to_be_visible()
    citizen.picture("results-narrowed")
    page.get_by_role("link", name="Privatpersonen – Filter entfernen").click()
    page.wait_for_url(lambda url: "wer=" not in url)
    citizen.opens(f"{citizen.demonstration.hub}/suche?q=Persnalausweis&lang=en")
    citizen.picture("results-english")
    citizen.opens(f"{citizen.demonstration.hub}/suche?q=Einhornzucht&lang=de")
    citizen.sees("Dazu haben wir nichts gefunden")
    citizen.picture("no-results")
    assert citizen.complaints == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_axe_finds_nothing_wrong(citizen: Citizen, language: str) -> None:
    hub, portal = citizen.demonstration.hub, citizen.demonstration.hessen
    addresses = {
        "front": f"{hub}/?lang={language}",
        "results": f"{hub}/suche?q=Personalausweis+in+Wetzlar&wer=person&lang={language}",
        "no-results": f"{hub}/suche?q=Einhornzucht&ort=Nirgendwo&lang={language}",
        "place-choice": f"{hub}/suche?q=Personalausweis&ort=35094&lang={language}",
        "portal-results": f"{portal}/suche?frage=Personalausweis&wo=Kassel&lang={language}",
        "portal-narrowed": f"{portal}/suche?frage=anmelden&wer=person&lang={language}",
        "portal-no-results": f"{portal}/suche?frage=Einhornzucht&wer=person&lang={language}",
        "portal-place-choice": f"{portal}/suche?frage=Personalausweis&wo=35094&lang={language}",
    }
    found = {}
    for name, address in addresses.items():
        citizen.opens(address)
        for details in citizen.page.locator("main details:not([open]) > summary").all():
            if details.is_visible():
                details.click()
        citizen.picture(f"axe-{name}-{language}")
        found[name] = _violations(citizen.page)
    citizen.opens(f"{hub}/suche?q=Personalausweis&ort=Wetzlar&lang={language}")
    citizen.page.locator(".hub-hit__link").first.click()
    citizen.page.wait_for_url("**/leistung/*")
    found["service"] = _violations(citizen.page)
    citizen.opens(f"{hub}/?lang={language}")
    citizen.page.get_by_role("combobox").first.press_sequentially("Personal", delay=20)
    expect(citizen.page.get_by_role("option").first).to_be_visible()
    citizen.page.keyboard.press("ArrowDown")
    found["suggestions"] = _violations(citizen.page)
    assert found == {name: [] for name in found}


def test_a_portal_suggests_in_its_own_look(citizen: Citizen) -> None:
    page = citizen.page
    citizen.opens(citizen.demonstration.hessen)
    page.get_by_label("Wo?").press_sequentially("Kass", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Leistung oder Stichwort").press_sequentially("Personalaus", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    citizen.picture("portal-suggestions")
    page.keyboard.press("Enter")
    page.wait_for_url("**/leistung/*")
    citizen.sees("Ort: Kassel")
    assert citizen.complaints == []


def test_a_portal_narrows_and_marks_its_hits(citizen: Citizen) -> None:
    page = citizen.page
    citizen.opens(f"{citizen.demonstration.hessen}/suche?frage=Personalausweis&wo=Kassel")
    expect(page.locator("mark").first).to_contain_text("ersonalausweis")
    narrowing = page.get_by_role("navigation", name="Treffer eingrenzen")
    if narrowing.locator("ul").first.is_hidden():
        narrowing.locator("summary").first.click()
    citizen.picture("portal-results")
    narrowing.get_by_role("link", name="Privatpersonen").click()
    page.wait_for_url("**wer=person*")
    citizen.picture("portal-narrowed")
    page.get_by_role("link", name="Privatpersonen – Filter entfernen").click()
    page.wait_for_url(lambda url: "wer=" not in url)
    citizen.sees("in Kassel")
    assert citizen.complaints == []


def test_without_script_it_is_a_plain_search(
    browser: Browser, demonstration: Layout, tmp_path: Path, width: int
) -> None:
    context = _context(browser, width, java_script_enabled=False)
    citizen = Citizen(context.new_page(), demonstration, tmp_path, ERIKA)
    try:
        citizen.opens(f"{demonstration.hub}/")
        citizen.page.get_by_label(_QUESTION, exact=True).fill("Personalausweis")
        citizen.page.get_by_label(_PLACE, exact=True).fill("35094")
        citizen.presses("Suchen")
        citizen.heading("Welcher Ort ist gemeint?")
        citizen.picture("plain-place-choice")
        citizen.page.get_by_role("radio").first.check()
        citizen.presses("Weiter")
        citizen.heading("Leistungen zu „Personalausweis“")
        citizen.picture("plain-results")
    finally:
        context.close()
