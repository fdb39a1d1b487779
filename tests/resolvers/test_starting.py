"""Where one starts online, which level that asks for, and whether the person signed in may."""

from collections.abc import Sequence

import pytest

from hub.graph import FindViewer
from identity.assurance import AssuranceLevel
from identity.subject import Organisation, Subject, SubjectKind
from identity.viewer import Viewer
from tests.catalogues import HUB, IDENTITY_CARD, SOLMS, WETZLAR, Catalogue, Json
from tests.makers import Name, code, message, online_service, rule, service

START = """query($area: Ars!) { service(leikaKey: "99008001012000") {
    requiredAssurance(area: $area) anywhere: requiredAssurance
    viewerCanStart(area: $area) { allowed reason required current stepUpUrl onlineService { entryId } } } }"""
URLS = """query($area: Ars!) { entry(id: "L100042.LB.1") { ... on ServiceEntry {
    onlineServices(area: $area) { startUrl matchedLevel onlineService { entryId requiredAssurance } } } } }"""


def citizen(level: AssuranceLevel) -> FindViewer:
    """Somebody signed in for themselves."""
    return known(Viewer(Subject("s", "Erika", SubjectKind.CITIZEN), level))


def firm(level: AssuranceLevel = AssuranceLevel.HIGH) -> FindViewer:
    """Somebody who acts for a business."""
    subject = Subject("t", "Toni", SubjectKind.REPRESENTATIVE)
    return known(Viewer(subject, level, Organisation("o", "Musterbau GmbH")))


def known(viewer: Viewer) -> FindViewer:
    """A request whose viewer this is."""

    async def find() -> Viewer | None:
        return viewer

    return find


async def nobody() -> Viewer | None:
    """A request without token and session."""
    return None


async def decision(catalogue: Catalogue, viewer: FindViewer, area: str = WETZLAR) -> Json:
    """What `viewerCanStart` says."""
    found: Json = (await catalogue.ask(START, {"area": area}, viewer))["service"]["viewerCanStart"]
    return found


async def offered(catalogue: Catalogue, *, level: str | None, described: str | None = None) -> None:
    """An online service for Wetzlar that asks for a level, and an entry that names one."""
    audience = code("leistungsadressat", "001")
    writes = [
        service("1", level=described, extra=audience),
        online_service("o", level=level),
        rule("r", "o", "1", [WETZLAR], online=True),
    ]
    await catalogue.deliver("hessen", message(writes=writes))


async def test_one_with_the_level_may_start(stored: Catalogue) -> None:
    await offered(stored, level="30")
    for level in (AssuranceLevel.SUBSTANTIAL, AssuranceLevel.HIGH):
        assert await decision(stored, citizen(level)) == {
            "allowed": True,
            "reason": "OK",
            "required": "SUBSTANTIAL",
            "current": level.name,
            "stepUpUrl": None,
            "onlineService": {"entryId": "L100042.OD.o"},
        }


async def test_one_below_the_level_is_shown_the_way_to_step_up(catalogue: Catalogue) -> None:
    await offered(catalogue, level="40")
    assert await decision(catalogue, citizen(AssuranceLevel.SUBSTANTIAL)) == {
        "allowed": False,
        "reason": "ASSURANCE_TOO_LOW",
        "required": "HIGH",
        "current": "SUBSTANTIAL",
        "stepUpUrl": f"{HUB}/login?next=%2Faccount&acr=http%3A%2F%2Feidas.europa.eu%2FLoA%2Fhigh",
        "onlineService": {"entryId": "L100042.OD.o"},
    }


async def test_nobody_is_shown_the_way_to_log_in_at_the_level(catalogue: Catalogue) -> None:
    await offered(catalogue, level="20")
    assert await decision(catalogue, nobody) == {
        "allowed": False,
        "reason": "NOT_SIGNED_IN",
        "required": "LOW",
        "current": None,
        "stepUpUrl": f"{HUB}/login?next=%2Faccount&acr=http%3A%2F%2Feidas.europa.eu%2FLoA%2Flow",
        "onlineService": {"entryId": "L100042.OD.o"},
    }


async def test_a_service_that_asks_for_no_level_is_open_to_all(catalogue: Catalogue) -> None:
    await offered(catalogue, level="10")
    found = await decision(catalogue, nobody)
    assert (found["allowed"], found["reason"], found["required"]) == (True, "OK", "NONE")


async def test_where_no_rule_offers_it_it_is_not_online(catalogue: Catalogue) -> None:
    await offered(catalogue, level="30")
    assert await decision(catalogue, citizen(AssuranceLevel.HIGH), SOLMS) == {
        "allowed": False,
        "reason": "NOT_ONLINE_HERE",
        "required": None,
        "current": "HIGH",
        "stepUpUrl": None,
        "onlineService": None,
    }


async def test_a_service_for_citizens_is_not_for_who_acts_for_a_business(catalogue: Catalogue) -> None:
    await offered(catalogue, level="30")
    found = await decision(catalogue, firm())
    assert (found["allowed"], found["reason"], found["stepUpUrl"]) == (False, "NOT_FOR_THIS_SUBJECT", None)


async def test_a_service_for_businesses_is_for_who_acts_for_one(catalogue: Catalogue) -> None:
    writes = [service("1", extra=code("leistungsadressat", "002")), online_service("o", level="30")]
    await catalogue.deliver("hessen", message(writes=[*writes, rule("r", "o", "1", ["06"], online=True)]))
    assert (await decision(catalogue, firm()))["reason"] == "OK"
    assert (await decision(catalogue, citizen(AssuranceLevel.HIGH)))["reason"] == "NOT_FOR_THIS_SUBJECT"
    assert (await decision(catalogue, nobody))["reason"] == "NOT_SIGNED_IN"


async def test_a_service_that_names_no_audience_is_for_all(catalogue: Catalogue) -> None:
    writes = [service("1"), online_service("o", level="30"), rule("r", "o", "1", ["06"], online=True)]
    await catalogue.deliver("hessen", message(writes=writes))
    for viewer in (firm(), citizen(AssuranceLevel.HIGH)):
        assert (await decision(catalogue, viewer))["reason"] == "OK"


@pytest.mark.parametrize("level", [None, "00", "15", "99"])
async def test_a_level_that_nobody_names_is_unknown(catalogue: Catalogue, level: str | None) -> None:
    await offered(catalogue, level=level)
    found = await decision(catalogue, citizen(AssuranceLevel.HIGH))
    assert (found["allowed"], found["reason"], found["required"]) == (False, "LEVEL_UNKNOWN", None)


@pytest.mark.parametrize(
    ("online", "described", "required"),
    [
        ("40", "20", "HIGH"),
        ("10", "40", "NONE"),
        (None, "30", "SUBSTANTIAL"),
        ("00", "20", "LOW"),
        (None, None, None),
    ],
)
async def test_the_online_service_s_level_goes_before_the_description_s(
    catalogue: Catalogue, online: str | None, described: str | None, required: str | None
) -> None:
    await offered(catalogue, level=online, described=described)
    found = (await catalogue.ask(START, {"area": WETZLAR}))["service"]
    assert found["requiredAssurance"] == required
    assert found["viewerCanStart"]["required"] == required


async def test_without_an_online_service_the_merged_description_says_the_level(catalogue: Catalogue) -> None:
    base = service(Name("B100019", "b"), areas=["00"], level="20")
    await catalogue.deliver("bund", message(writes=[base]))
    await catalogue.deliver("hessen", message(writes=[service("1", level="40"), service("2", areas=[SOLMS])]))
    found = (await catalogue.ask(START, {"area": SOLMS}))["service"]
    assert (found["requiredAssurance"], found["anywhere"]) == ("HIGH", "LOW")
    assert (await catalogue.ask(START, {"area": "14"}))["service"]["requiredAssurance"] == "LOW"


async def test_of_several_online_services_one_that_may_be_started_is_named(catalogue: Catalogue) -> None:
    writes = [service("1"), online_service("a", level="40"), online_service("b", level="20")]
    writes += [rule(f"r{one}", one, "1", ["06"], online=True) for one in ("a", "b")]
    await catalogue.deliver("hessen", message(writes=writes))
    found = await decision(catalogue, citizen(AssuranceLevel.LOW))
    assert (found["reason"], found["onlineService"]) == ("OK", {"entryId": "L100042.OD.b"})


async def test_reading_the_viewer_makes_an_answer_private(catalogue: Catalogue) -> None:
    await offered(catalogue, level="30")
    asked = await catalogue.run(START, {"area": WETZLAR})
    assert asked.viewer_was_read is True
    assert (await catalogue.run("{ catalogue { dataVersion } }")).viewer_was_read is False
    assert (await catalogue.run("{ viewer { assurance } }")).answer.body == {"data": {"viewer": None}}


async def test_the_viewer_is_shown_with_the_organisation(catalogue: Catalogue) -> None:
    query = "{ viewer { subject { id name kind } assurance actingFor { id name legalForm registerNumber } } }"
    assert await catalogue.ask(query, find_viewer=firm(AssuranceLevel.SUBSTANTIAL)) == {
        "viewer": {
            "subject": {"id": "t", "name": "Toni", "kind": "REPRESENTATIVE"},
            "assurance": "SUBSTANTIAL",
            "actingFor": {
                "id": "o",
                "name": "Musterbau GmbH",
                "legalForm": None,
                "registerNumber": None,
            },
        }
    }


async def urls_at(catalogue: Catalogue, area: str) -> Sequence[str | None]:
    """The links by which one starts."""
    found = (await catalogue.ask(URLS, {"area": area}))["entry"]["onlineServices"]
    return [one["startUrl"] for one in found]


async def linked(catalogue: Catalogue, url: str | None, extra: str = "", entry: str = "1") -> None:
    """An online service of Hesse with a link."""
    writes = [service(entry), online_service("o", url=url, extra=extra)]
    await catalogue.deliver("hessen", message(writes=[*writes, rule("r", "o", entry, ["06"], online=True)]))


@pytest.mark.parametrize(
    ("url", "filled"),
    [
        ("https://o.example/antrag", "https://o.example/antrag"),
        (
            "https://o.example/{ars}?key={leikaKey}",
            f"https://o.example/065320023023?key={IDENTITY_CARD}",
        ),
        ("https://o.example/?ags={AGS}", "https://o.example/?ags=06532023"),
        ("https://o.example/?l={leistungID}", "https://o.example/?l=L100042.LB.1"),
        ("https://o.example/?a={ars}&amp;b={ars}", "https://o.example/?a=065320023023&b=065320023023"),
    ],
)
async def test_the_start_link_is_filled_in_for_service_and_place(
    catalogue: Catalogue, url: str, filled: str
) -> None:
    await linked(catalogue, url.replace("&amp;", "&"))
    assert await urls_at(catalogue, WETZLAR) == [filled]


async def test_what_is_filled_in_is_encoded(catalogue: Catalogue) -> None:
    query = """{ service(leikaKey: "99008001012000") { onlineServices(area: "06") { startUrl } } }"""
    writes = [service("a/ä&b=1"), online_service("o", url="https://o.example/?l={leistungID}")]
    message_ = message(writes=[*writes, rule("r", "o", "a/ä&b=1", ["06"], online=True)])
    report = await catalogue.deliver("hessen", message_)
    assert report["counts"]["rejected"] == 0
    found = (await catalogue.ask(query))["service"]["onlineServices"]
    assert found == [{"startUrl": "https://o.example/?l=L100042.LB.a%2F%C3%A4%26b%3D1"}]


@pytest.mark.parametrize("name", ["kassenzeichen", "plz_5", "x1", ""])
async def test_a_link_with_a_parameter_that_is_not_known_is_not_offered(
    catalogue: Catalogue, name: str
) -> None:
    await linked(catalogue, f"https://o.example/?a={{ars}}&b={{{name}}}")
    assert await urls_at(catalogue, WETZLAR) == [None]


async def test_another_link_that_can_be_filled_in_is_offered_instead(catalogue: Catalogue) -> None:
    second = (
        f'<x:link languageCode="en">{code("typ", "01")}<x:link>https://o.example/en</x:link></x:link>'
        f'<x:link languageCode="de">{code("typ", "02")}<x:link>https://o.example/hilfe</x:link></x:link>'
    )
    await linked(catalogue, "https://o.example/?b={kassenzeichen}", second)
    assert await urls_at(catalogue, WETZLAR) == ["https://o.example/en"]


async def test_an_ags_is_filled_in_only_where_the_place_has_one(catalogue: Catalogue) -> None:
    unit = Name("L100017", "o")
    entry = Name("L100017", "1")
    writes = [
        service(entry, areas=["14"]),
        online_service(unit, url="https://o.example/{ags}"),
        rule(Name("L100017", "r"), unit, entry, ["14"], online=True),
    ]
    await catalogue.deliver("sachsen", message(writes=writes))
    query = """query($area: Ars!) { entry(id: "L100017.LB.1") { ... on ServiceEntry {
        onlineServices(area: $area) { startUrl } } } }"""
    urls = {}
    for area in ("146285229270", "146285229", "14628"):
        found = (await catalogue.ask(query, {"area": area}))["entry"]["onlineServices"]
        urls[area] = found[0]["startUrl"]
    assert urls == {
        "146285229270": "https://o.example/14628270",
        "146285229": None,
        "14628": "https://o.example/14628000",
    }


async def test_an_online_service_without_a_link_is_offered_without_one(catalogue: Catalogue) -> None:
    await linked(catalogue, None)
    assert await urls_at(catalogue, WETZLAR) == [None]
    assert (await decision(catalogue, citizen(AssuranceLevel.HIGH)))["reason"] == "OK"


async def test_two_entries_that_offer_one_online_service_offer_it_once(catalogue: Catalogue) -> None:
    writes = [service("1"), service("2"), online_service("o")]
    writes += [rule(f"r{one}", "o", one, ["06"], online=True) for one in ("1", "2")]
    await catalogue.deliver("hessen", message(writes=writes))
    query = """{ service(leikaKey: "99008001012000") { onlineServices(area: "06") {
        entryId onlineService { entryId } } } }"""
    found = (await catalogue.ask(query))["service"]["onlineServices"]
    assert found == [{"entryId": "L100042.ZS.r1", "onlineService": {"entryId": "L100042.OD.o"}}]
