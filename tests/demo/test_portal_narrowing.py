"""A portal's results are narrowed by links with counts, and show what was asked for."""

from starlette.testclient import TestClient

from tests.demo import answers
from tests.demo.fake_hub import FakeHub

FACETS = {
    "audiences": [{"value": "CITIZEN", "count": 7}, {"value": "BUSINESS", "count": 2}],
    "online": [{"value": True, "count": 3}, {"value": False, "count": 6}],
    "lifeSituations": [{"value": {"id": "57", "name": "Ausweise & Pässe"}, "count": 4}],
    "policyFields": [{"value": "Querschnitt", "count": 5}],
    "assuranceLevels": [{"value": "LOW", "count": 1}],
}


def found(hub: FakeHub, *hits: dict[str, object], **more: object) -> None:
    """Let the hub find these hits, with counted filters beside them."""
    services = {"totalCount": len(hits), "edges": list(hits), "facets": FACETS, **more}
    hub.data = {"Results": {"area": answers.PLACE, "services": services}}


def test_filters_are_links_with_counts_that_keep_question_and_place(portal: TestClient, hub: FakeHub) -> None:
    found(hub, {"node": answers.HIT})
    page = portal.get("/suche?frage=Ausweis&ort=06611").text
    kept = "/suche?frage=Ausweis&amp;ort=06611&amp;"
    for name, value, count in (
        ("Privatpersonen", "wer=person", 7),
        ("Unternehmen", "wer=unternehmen", 2),
        ("Online möglich", "online=1", 3),
        ("Ausweise &amp; Pässe", "lage=57", 4),
        ("Querschnitt", "feld=Querschnitt", 5),
        ("bis niedrig", "niveau=niedrig", 1),
    ):
        counted = f'<span class="narrow__count">{count}<span class="unseen"> Treffer</span></span>'
        assert f'href="{kept}{value}"><span>{name}</span> {counted}' in page
    assert "Alle Filter entfernen" not in page


def test_a_chosen_filter_is_asked_for_and_can_be_taken_away(portal: TestClient, hub: FakeHub) -> None:
    found(hub, {"node": answers.HIT})
    page = portal.get("/suche?frage=Ausweis&ort=06611&wer=person&lage=57&online=1&niveau=niedrig").text
    asked = hub.questions[-1]["variables"]
    assert [asked[name] for name in ("audience", "situation", "field", "assurance", "online")] == [
        "CITIZEN",
        "57",
        None,
        "LOW",
        True,
    ]
    without = "/suche?frage=Ausweis&amp;ort=06611&amp;online=1&amp;niveau=niedrig&amp;lage=57"
    assert f'href="{without}" aria-current="true"><span>Privatpersonen</span>' in page
    assert '<a href="/suche?frage=Ausweis&amp;ort=06611">Alle Filter entfernen</a>' in page
    assert "Treffer eingrenzen (4)" in page


def test_an_unknown_filter_is_as_none(portal: TestClient, hub: FakeHub) -> None:
    found(hub, {"node": answers.HIT})
    portal.get("/suche?frage=Ausweis&wer=niemand&niveau=9&online=x")
    asked = hub.questions[-1]["variables"]
    assert [asked[name] for name in ("audience", "assurance", "online")] == [None, None, False]


def test_where_filters_left_nothing_they_can_be_taken_away(portal: TestClient, hub: FakeHub) -> None:
    found(hub, didYouMean=["Ausweis"])
    page = portal.get("/suche?frage=Auswes&wer=verwaltung").text
    assert '<a href="/suche?frage=Auswes&amp;ort=06">Ohne Filter suchen</a>' in page
    assert '<a href="/suche?frage=Ausweis&amp;ort=06&amp;wer=verwaltung">Ausweis</a>' in page
    assert "online" not in hub.questions[-1]["variables"]


def test_what_was_asked_for_is_marked_in_title_and_summary(portal: TestClient, hub: FakeHub) -> None:
    hit = {
        **answers.HIT,
        "description": {"title": "Hundesteuer <b>", "modules": [{"text": "Für jeden Hund."}]},
    }
    marks = {
        "title": [{"text": "Hund", "matched": True}, {"text": "esteuer <b>", "matched": False}],
        "summary": [
            {"text": "Für jeden ", "matched": False},
            {"text": "Hund", "matched": True},
            {"text": ".", "matched": False},
        ],
    }
    found(hub, {"node": hit, "highlights": marks})
    page = portal.get("/suche?frage=Hund").text
    assert "<mark>Hund</mark>esteuer &lt;b&gt;</a>" in page
    assert "Für jeden <mark>Hund</mark>.</p>" in page
