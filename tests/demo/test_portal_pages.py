import re
import string
import time
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse
from starlette.testclient import TestClient

import schema
from hub.demo.portal import formats
from hub.demo.portal.addresses import local
from hub.demo.portal.app import create_portal, sheets
from hub.demo.portal.delivery import Delivery, deliver
from hub.demo.portal.graph import query_texts
from hub.demo.portal.view import LANGUAGES, View, clean
from tests.demo import answers
from tests.demo.conftest import log_in
from tests.demo.fake_hub import FakeHub, settings

SERVICE = f"/leistung/{answers.KEY}?ort=066110000000"


@pytest.fixture(autouse=True)
def _answers(hub: FakeHub) -> None:
    hub.data = {
        "Front": answers.FRONT,
        "ServicePage": answers.service(),
        "StartPage": answers.start("ASSURANCE_TOO_LOW", "LOW"),
        "Places": {"areas": answers.connection(*answers.NEUSTADT)},
        "Results": {"area": answers.PLACE, "services": answers.connection(answers.HIT)},
        "EntryPage": {"entry": None},
    }


def test_the_front_page_asks_for_its_own_area(portal: TestClient, hub: FakeHub) -> None:
    page = portal.get("/").text
    assert "Leistungen in Hessen" in page
    assert f"/leistung/{answers.KEY}?ort=06" in page
    assert hub.questions[-1]["variables"] == {"area": "06", "language": "de"}


def test_every_page_says_that_it_is_a_demonstration_and_runs_its_own_file_only(portal: TestClient) -> None:
    for path in ("/", "/suche?frage=x", SERVICE, "/no-such-page"):
        answer = portal.get(path)
        assert "kein amtliches Angebot" in answer.text
        assert re.findall(r"<script.*?</script>", answer.text) == [
            '<script src="/suggest.js" type="module"></script>'
        ]
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'; connect-src 'self'" in policy
        assert "form-action 'self' http://127.0.0.1:8000" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_search_looks_in_the_own_area_first(portal: TestClient, hub: FakeHub) -> None:
    page = portal.get("/suche?frage=Ausweis&wo=").text
    assert hub.questions[-1]["variables"]["area"] == "06"
    assert "Personalausweis beantragen" in page
    assert "Zuständig: Bürgeramt Kassel" in page
    assert "Online möglich · Vertrauensniveau: hoch" in page


def test_nothing_in_the_area_is_looked_for_everywhere(portal: TestClient, hub: FakeHub) -> None:
    hub.data["Results"] = {"area": answers.PLACE, "services": answers.connection()}
    page = portal.get("/suche?frage=Quux").text
    assert [asked["variables"]["area"] for asked in hub.questions[-2:]] == ["06", None]
    assert "Dazu haben wir nichts gefunden" in page


def test_words_that_look_like_markup_stay_words(portal: TestClient) -> None:
    page = portal.get("/suche", params={"frage": "<script>alert(1)</script>"}).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_name_of_several_places_is_asked_back_own_state_first(portal: TestClient) -> None:
    page = portal.get("/suche?frage=Ausweis&wo=Neustadt").text
    assert "Welchen Ort meinen Sie?" in page
    assert page.index("Marburg-Biedenkopf") < page.index("Zwickau")
    assert 'value="065340016016" required checked' in page


def test_where_no_place_is_likelier_none_is_chosen_beforehand(portal: TestClient, hub: FakeHub) -> None:
    places = [
        {**answers.PLACE, "ars": f"07232500{number}001", "name": name}
        for number, name in enumerate("ABCDEFG")
    ]
    hub.data["Places"] = {"areas": answers.connection(*places)}
    page = portal.get("/suche?frage=Ausweis&wo=54636").text
    assert page.count('type="radio"') == len(places)
    assert "checked" not in page


def test_one_place_needs_no_question(portal: TestClient, hub: FakeHub) -> None:
    hub.data["Places"] = {"areas": answers.connection(answers.PLACE)}
    portal.get("/suche?frage=Ausweis&wo=34117")
    assert hub.questions[-2]["variables"] == {"postcode": "34117", "first": 50}
    assert hub.questions[-1]["variables"]["place"] == "066110000000"


def test_the_place_chosen_before_stays_while_its_name_stands_in_the_field(
    portal: TestClient, hub: FakeHub
) -> None:
    portal.get("/suche?frage=Ausweis&wo=Neustadt&ort=145240200000")
    assert hub.questions[-1]["variables"]["place"] == "145240200000"


@pytest.mark.parametrize("typed", ["123", "1234567"])
def test_a_postcode_that_is_none_is_explained_at_the_field(
    portal: TestClient, hub: FakeHub, typed: str
) -> None:
    answer = portal.get("/suche", params={"frage": "Ausweis", "wo": typed})
    assert answer.status_code == 400
    assert answer.text.count("Eine Postleitzahl hat fünf Ziffern") == 2
    assert 'aria-invalid="true"' in answer.text
    assert hub.questions == []


def test_an_unknown_place_is_said(portal: TestClient, hub: FakeHub) -> None:
    hub.data["Places"] = {"areas": answers.connection()}
    assert "Diesen Ort kennen wir nicht" in portal.get("/suche?frage=Ausweis&wo=Xyz").text


def test_another_place_leads_back_to_the_service(portal: TestClient, hub: FakeHub) -> None:
    hub.data["Places"] = {"areas": answers.connection(answers.PLACE)}
    answer = portal.get(f"/suche?leistung={answers.KEY}&wo=Kassel")
    assert (answer.status_code, answer.headers["location"]) == (303, SERVICE)


def test_the_service_page_shows_text_authority_reason_and_facts(portal: TestClient) -> None:
    page = portal.get(SERVICE).text
    for part in (
        "Personalausweis beantragen",
        "Diese Unterlagen brauchen Sie",
        "Bürgeramt Kassel",
        "Obere Königsstraße 8",
        "<p>Mo–Fr 8–12 Uhr<br>Do 14–18 Uhr</p>",
        '<a href="https://kassel.example" rel="noopener noreferrer">',
        "Warum diese Stelle?",
        "weil die Regel der Gemeinde genauer ist",
        "37,00 €",
        "gebührenfrei",
        "2 bis 4 Wochen",
        "10 Jahre",
        "Stand: 2. März 2026, Quelle: Redaktion Hessen",
        "Nötiges Vertrauensniveau",
    ):
        assert part in page
    assert "alert(1)" not in page


@pytest.mark.parametrize(
    ("reason", "words", "link"),
    [
        ("OK", "Online beantragen", f"/antrag/{answers.KEY}?ort=066110000000"),
        ("NOT_SIGNED_IN", "Anmelden und beantragen", "/anmelden?niveau=high&amp;weiter=%2Fleistung%2F"),
        (
            "ASSURANCE_TOO_LOW",
            "Höheres Vertrauensniveau nötig: so geht es",
            f"/vertrauensniveau/{answers.KEY}?ort=066110000000",
        ),
        ("NOT_ONLINE_HERE", "Vor Ort beantragen", "#zustaendig"),
        ("NOT_FOR_THIS_SUBJECT", "Mit dieser Anmeldung nicht möglich", "/onlinedienst/L100042.OD.1"),
        ("LEVEL_UNKNOWN", "Onlinedienst ansehen", "/onlinedienst/L100042.OD.1"),
    ],
)
def test_the_button_says_what_will_happen(
    portal: TestClient, hub: FakeHub, reason: str, words: str, link: str
) -> None:
    hub.data["ServicePage"] = answers.service(reason)
    buttons = re.findall(
        r'<a class="kern-btn kern-btn--(?:primary|secondary)" href="([^"]+)"><span class="kern-label">([^<]+)',
        portal.get(SERVICE).text,
    )
    assert [text for _, text in buttons] == [words]
    assert buttons[0][0].startswith(link)


def test_the_way_to_a_higher_level_names_both_levels_and_asks_for_the_needed_one(portal: TestClient) -> None:
    page = portal.get(f"/vertrauensniveau/{answers.KEY}?ort=066110000000").text
    assert re.search(r"Nötiges Vertrauensniveau</dt><dd>hoch", page)
    assert re.search(r"Ihr Vertrauensniveau jetzt</dt><dd>niedrig", page)
    assert "/anmelden?niveau=high&amp;weiter=/leistung/" in page


def test_the_online_service_begins_only_when_the_graph_allows(portal: TestClient, hub: FakeHub) -> None:
    path = f"/antrag/{answers.KEY}?ort=066110000000"
    assert portal.get(path).headers["location"] == SERVICE
    hub.data["StartPage"] = answers.start("OK", "HIGH")
    page = portal.get(path).text
    assert "Hier würde der Onlinedienst beginnen" in page
    assert re.search(r"Ihr Vertrauensniveau</dt><dd>hoch", page)
    assert "https://onlinedienst.example/start" in page


def test_a_service_without_any_description_still_has_a_page(portal: TestClient, hub: FakeHub) -> None:
    bare = {
        "leikaKey": answers.KEY,
        "title": "Nur ein Name",
        "description": None,
        "responsibilities": None,
        "onlineServices": None,
        "requiredAssurance": None,
        "viewerCanStart": None,
    }
    hub.data["ServicePage"] = {"area": None, "service": bare}
    answer = portal.get(SERVICE)
    assert answer.status_code == 200
    assert "Nur ein Name" in answer.text
    assert "noch keine zuständige Stelle bekannt" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/leistung/123",
        f"/leistung/{answers.KEY}0",
        "/antrag/x",
        "/vertrauensniveau/x",
        "/behoerde/L1.OE.1",
        "/gibt-es-nicht",
    ],
)
def test_what_is_not_there_gets_a_page_of_its_own(portal: TestClient, path: str) -> None:
    answer = portal.get(path)
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.text


def test_a_key_the_graph_refuses_is_not_found(portal: TestClient, hub: FakeHub) -> None:
    hub.data["EntryPage"] = None
    hub.errors["EntryPage"] = [{"message": "…", "extensions": {"code": "BAD_ENTRY_ID"}}]
    assert portal.get("/behoerde/nonsense").status_code == 404


def test_an_authority_and_an_online_service_have_pages(portal: TestClient, hub: FakeHub) -> None:
    known: dict[str, Any] = {
        name: answers.AUTHORITY[name] for name in ("entryId", "addresses", "contacts", "openingHours")
    }
    hub.data["EntryPage"] = {
        "entry": {
            "__typename": "Authority",
            "authorityName": "Bürgeramt Kassel",
            "provenance": answers.PROVENANCE,
        }
        | known
    }
    page = portal.get("/behoerde/L100042.OE.1").text
    assert "mailto:buergeramt@kassel.example" in page
    assert "tel:0561000-0" in page
    hub.data["EntryPage"] = {
        "entry": {
            "__typename": "OnlineService",
            "entryId": "L100042.OD.1",
            "onlineServiceName": "Ausweis online",
            "links": [{"url": "https://x.example", "title": None, "description": None}],
            "requiredAssurance": "HIGH",
            "provenance": answers.PROVENANCE,
        }
    }
    page = portal.get("/onlinedienst/L100042.OD.1").text
    assert "Ausweis online" in page
    assert "https://x.example" in page


def test_a_hub_that_is_down_is_said_plainly(portal: TestClient, hub: FakeHub) -> None:
    hub.down = True
    assert portal.get("/").status_code == 200
    answer = portal.get(SERVICE)
    assert answer.status_code == 503
    assert "Gerade können wir nichts nachschlagen" in answer.text


def test_a_hub_that_talks_nonsense_is_said_plainly(portal: TestClient, hub: FakeHub) -> None:
    hub.data = {}
    hub.graph_status = 500
    assert portal.get(SERVICE).status_code == 503


def test_the_questions_to_the_graph_are_shown_without_the_token(portal: TestClient, hub: FakeHub) -> None:
    log_in(portal, hub)
    page = portal.get(SERVICE).text
    assert "Was dieses Portal den Graphen gefragt hat (1)" in page
    assert "query ServicePage(" in page
    assert re.search(r"\d,\d ms", page)
    assert "vha_1" not in page


def test_english_by_choice_is_remembered(portal: TestClient, hub: FakeHub) -> None:
    assert "What would you like to do?" in portal.get("/?lang=en").text
    page = portal.get(SERVICE).text
    assert '<html lang="en">' in page
    assert "Sign in and apply" in page
    assert hub.questions[-1]["variables"]["language"] == "en"
    assert "/leistung/" in re.findall(r'<a href="([^"]+)" lang="de"', page)[0]
    assert "Was möchten Sie" in portal.get("/?lang=xx", headers={"cookie": ""}, params={"lang": "de"}).text


def test_all_texts_stand_in_both_languages_and_all_that_templates_name_is_there(tmp_path: Path) -> None:
    view = View(settings(str(tmp_path)), ())
    written = {language: set(view.texts(language)) for language in LANGUAGES}
    assert written["de"] == written["en"]
    folder = Path(create_portal.__code__.co_filename).parent / "templates"
    used = {name for file in folder.glob("*.html") for name in re.findall(r"\bt\.(\w+)", file.read_text())}
    assert used - {"get"} <= written["de"]


def test_style_sheets_are_plainer_without_the_design_system(tmp_path: Path) -> None:
    assert sheets(tmp_path)[0] == "/static/plain.css"
    (tmp_path / "kern").mkdir()
    (tmp_path / "kern" / "kern.min.css").touch()
    assert sheets(tmp_path)[0] == "/assets/kern/kern.min.css"


def test_the_colour_is_the_portals_own(portal: TestClient) -> None:
    assert "--portal-colour: #7a1f45" in portal.get("/colour.css").text
    assert portal.get("/static/portal.css").status_code == 200
    assert portal.get("/healthz").text == "ok\n"


def test_the_portals_own_entries_are_pushed_with_its_token(portal: TestClient, hub: FakeHub) -> None:
    ends = time.monotonic() + 5
    while "hessen: angekommen" not in (page := portal.get("/").text) and time.monotonic() < ends:
        time.sleep(0.01)
    assert hub.pushes == [("hessen", "Bearer vhs_token", b"<nachricht/>")]
    assert "<dt>neu</dt><dd>7</dd>" in page


async def _no_sleep(_: float) -> None:
    return None


async def test_a_delivery_is_tried_again_until_the_hub_is_there(hub: FakeHub, tmp_path: Path) -> None:
    file = tmp_path / "own.xml"
    file.write_bytes(b"<nachricht/>")
    hub.push_answers = [JSONResponse({}, status_code=503), JSONResponse({"counts": {"unchanged": 3}})]
    portal = create_portal(settings(str(file)), transport=hub.transport(), assets=tmp_path).state.portal
    await deliver(portal.http, portal.settings, delivery := Delivery(), _no_sleep)
    assert (delivery.state, delivery.counts) == ("done", {"unchanged": 3})
    assert len(hub.pushes) == 2


async def test_a_refused_delivery_is_not_repeated(hub: FakeHub, tmp_path: Path) -> None:
    file = tmp_path / "own.xml"
    file.write_bytes(b"<nachricht/>")
    hub.push_answers = [JSONResponse({"title": "no such token"}, status_code=401)]
    portal = create_portal(settings(str(file)), transport=hub.transport(), assets=tmp_path).state.portal
    await deliver(portal.http, portal.settings, delivery := Delivery(), _no_sleep)
    assert delivery.state == "failed"
    assert "401" in delivery.problem
    assert len(hub.pushes) == 1


async def test_a_hub_that_never_comes_is_given_up(hub: FakeHub, tmp_path: Path) -> None:
    file = tmp_path / "own.xml"
    file.write_bytes(b"<nachricht/>")
    hub.down = True
    portal = create_portal(settings(str(file)), transport=hub.transport(), assets=tmp_path).state.portal
    await deliver(portal.http, portal.settings, delivery := Delivery(), _no_sleep)
    assert delivery.state == "failed"


def test_dates_money_and_spans_are_the_readers() -> None:
    assert formats.day("2026-03-02T08:00:00Z", "de") == "2. März 2026"
    assert formats.day("2026-03-02", "en") == "2 March 2026"
    assert formats.day("--04-01", "de") == "--04-01"
    assert formats.day(None, "de") == ""
    assert formats.money("1234.5", "de", "EUR") == "1.234,50 €"
    assert formats.money("1234.5", "en", "EUR") == "€1,234.50"
    assert formats.fee({"kind": "VARIABLE", "minimum": "10", "maximum": "20"}, "de") == "10,00 € bis 20,00 €"
    assert formats.fee({"kind": "VARIABLE", "minimum": "10"}, "en") == "from €10.00"
    assert formats.fee({"kind": "VARIABLE", "maximum": "10"}, "de") == "bis zu 10,00 €"
    assert formats.fee({"kind": "VARIABLE"}, "de") == ""
    assert formats.span({"amount": 1, "unit": "WORKING_DAY"}, "en") == "1 working day"
    assert (
        formats.span({"amount": 3, "unit": "DAY", "amountTo": 2, "unitTo": "WEEK"}, "de")
        == "3 Tage bis 2 Wochen"
    )
    assert formats.span({"amount": 2, "unit": None, "unitCode": "QUARTAL"}, "de") == "2 QUARTAL"


@given(st.text(alphabet=string.printable + "ä\u2028", max_size=40))
def test_a_way_back_is_always_a_path_of_the_portal(address: str) -> None:
    found = local(address)
    assert found.startswith("/")
    assert not found.startswith("//")
    assert "\\" not in found
    assert found.isprintable()


@given(st.text(max_size=80))
def test_cleaned_text_holds_no_script(text: str) -> None:
    cleaned = clean(f"<p onclick='x'>{text}</p><script>{text}</script>").lower()
    assert "<script" not in cleaned
    assert "onclick='" not in cleaned


@pytest.mark.parametrize("name", sorted(query_texts()))
def test_every_query_is_one_that_the_graph_knows(name: str) -> None:
    printed = build_schema((Path(schema.__file__).parent / "schema.graphql").read_text(encoding="utf-8"))
    text = query_texts()[name]
    assert text.startswith(f"query {name}")
    assert validate(printed, parse(text)) == []
