"""The merged answer for a place: base text, state and municipality, module by module."""

from datetime import UTC, datetime

import pytest

from tests.catalogues import IDENTITY_CARD, SOLMS, WETZLAR, Catalogue, Json
from tests.makers import Name, delete, message, service, specialisation

BUND = "B100019"
BASE = Name(BUND, "base")
DESCRIPTION = """query($area: Ars, $language: Language, $kinds: [TextModuleKind!]) {
  service(leikaKey: "99008001012000") { title(language: $language) description(area: $area, language: $language) {
    title language machineTranslated keywords
    modules(kinds: $kinds) { kind code text language links { url } provenance { entryId level inherited source { key } } }
    requiredDocuments { text }
    fees { kind amount minimum maximum currency provenance { entryId inherited } }
    deadlines { kind duration { amount unit unitCode } from until provenance { entryId } }
    processingTimes { amount unit unitCode amountTo unitTo provenance { entryId } }
    legalBases { url title }
    provenance { entryId level inherited version changedAt receivedAt source { key } }
    alternatives { entryId } } } }"""
DEADLINES = """<x:modulFrist><x:frist><x:fristauswahl xsi:type="x:FristDauer"><x:dauer>{}</x:dauer>
    <x:einheit>{}</x:einheit></x:fristauswahl></x:frist></x:modulFrist>"""
PROCESSING = """<x:modulBearbeitungsdauer><x:bearbeitungsdauer><x:fristauswahl xsi:type="x:FristDauer">
    <x:dauer>{}</x:dauer><x:einheit>{}</x:einheit></x:fristauswahl></x:bearbeitungsdauer></x:modulBearbeitungsdauer>"""


async def described(
    catalogue: Catalogue,
    area: str | None = WETZLAR,
    language: str | None = "de",
    kinds: list[str] | None = None,
) -> Json:
    """The merged description, which must be there."""
    found: Json | None = await description_or_none(catalogue, area, language, kinds)
    assert found is not None
    return found


async def description_or_none(
    catalogue: Catalogue, area: str | None, language: str | None = "de", kinds: list[str] | None = None
) -> Json | None:
    """The merged description."""
    variables = {"area": area, "language": language, "kinds": kinds}
    found: Json | None = (await catalogue.ask(DESCRIPTION, variables))["service"]["description"]
    return found


def texts(found: Json) -> dict[str, str]:
    """Code -> text."""
    return {one["code"]: one["text"] for one in found["modules"]}


def origins(found: Json) -> dict[str, tuple[str, str, bool]]:
    """Code -> entry, level and whether inherited."""
    return {
        one["code"]: (
            one["provenance"]["entryId"],
            one["provenance"]["level"],
            one["provenance"]["inherited"],
        )
        for one in found["modules"]
    }


@pytest.fixture
async def three(stored: Catalogue) -> Catalogue:
    """Base text, state and city."""
    base = service(
        BASE, title="Personalausweis (Bund)", areas=["00"], modules={"05": "Bund kurz", "06": "Bund lang"}
    )
    await stored.deliver("bund", message(writes=[base]))
    state = service("land", title="Personalausweis (Land)", modules={"05": "Land kurz", "08": "Land Foto"})
    city = service("stadt", title=None, areas=[WETZLAR], modules={"08": "Stadt Foto"})
    await stored.deliver("hessen", message(writes=[state, city]))
    return stored


async def test_each_module_comes_from_the_most_specific_layer_that_has_it(three: Catalogue) -> None:
    found = await described(three)
    assert texts(found) == {
        "03": "Personalausweis (Land)",
        "05": "Land kurz",
        "06": "Bund lang",
        "08": "Stadt Foto",
    }
    assert origins(found) == {
        "03": ("L100042.LB.land", "STATE", True),
        "05": ("L100042.LB.land", "STATE", True),
        "06": ("B100019.LB.base", "COUNTRY", True),
        "08": ("L100042.LB.stadt", "MUNICIPALITY", False),
    }
    assert found["requiredDocuments"] == {"text": "Stadt Foto"}
    assert found["title"] == "Personalausweis (Land)"
    assert found["provenance"]["entryId"] == "L100042.LB.stadt"
    assert found["provenance"]["inherited"] is False
    assert found["alternatives"] == []


async def test_a_place_without_texts_of_its_own_inherits(three: Catalogue) -> None:
    neighbour = await described(three, SOLMS)
    assert texts(neighbour)["08"] == "Land Foto"
    assert neighbour["provenance"] == neighbour["provenance"] | {
        "entryId": "L100042.LB.land",
        "level": "STATE",
        "inherited": True,
        "source": {"key": "hessen"},
    }
    state = await described(three, "06")
    assert state["provenance"]["entryId"] == "L100042.LB.land"
    assert state["provenance"]["inherited"] is False
    saxony = await described(three, "14")
    assert texts(saxony) == {"03": "Personalausweis (Bund)", "05": "Bund kurz", "06": "Bund lang"}
    assert saxony["provenance"]["inherited"] is True
    assert saxony["requiredDocuments"] is None


@pytest.mark.parametrize("area", [None, "00", "000000000000"])
async def test_without_a_place_the_country_s_layers_answer(three: Catalogue, area: str | None) -> None:
    found = await described(three, area)
    assert texts(found) == {"03": "Personalausweis (Bund)", "05": "Bund kurz", "06": "Bund lang"}
    assert found["provenance"]["inherited"] is False


async def test_the_kinds_asked_for_are_shown_alone(three: Catalogue) -> None:
    found = await described(three, kinds=["SHORT_TEXT", "REQUIRED_DOCUMENTS"])
    assert [(one["kind"], one["text"]) for one in found["modules"]] == [
        ("SHORT_TEXT", "Land kurz"),
        ("REQUIRED_DOCUMENTS", "Stadt Foto"),
    ]
    assert (await described(three, kinds=["OTHER"]))["modules"] == []


async def test_where_nothing_holds_there_is_no_description_and_no_error(catalogue: Catalogue) -> None:
    await catalogue.deliver("hessen", message(writes=[service("land")]))
    assert await description_or_none(catalogue, WETZLAR) is not None
    assert await description_or_none(catalogue, "14") is None
    assert await description_or_none(catalogue, None) is None


async def test_the_entries_that_hold_are_listed_most_specific_first(three: Catalogue) -> None:
    query = (
        """query($area: Ars) { service(leikaKey: "99008001012000") { entries(area: $area) { entryId } } }"""
    )
    at_wetzlar = (await three.ask(query, {"area": WETZLAR}))["service"]["entries"]
    assert [one["entryId"] for one in at_wetzlar] == [
        "L100042.LB.stadt",
        "L100042.LB.land",
        "B100019.LB.base",
    ]
    at_dresden = (await three.ask(query, {"area": "146120000000"}))["service"]["entries"]
    assert [one["entryId"] for one in at_dresden] == ["B100019.LB.base"]
    of_all = (await three.ask(query))["service"]["entries"]
    assert {one["entryId"] for one in of_all} == {one["entryId"] for one in at_wetzlar}


async def test_a_specialisation_is_above_its_entry_in_its_areas_only(stored: Catalogue) -> None:
    state = service("land", modules={"08": "Foto", "16": "Hinweis des Landes"}, fees=["37.00"])
    change = specialisation("s", "land", [WETZLAR], modules={"16": "Kleingeld"}, fees=["40.00"])
    await stored.deliver("hessen", message(writes=[state, change]))

    here = await described(stored)
    assert texts(here) == {"03": "Personalausweis beantragen", "08": "Foto", "16": "Kleingeld"}
    assert origins(here)["16"] == ("L100042.SP.s", "MUNICIPALITY", False)
    assert [fee["amount"] for fee in here["fees"]] == ["40.00"]
    assert here["provenance"]["entryId"] == "L100042.SP.s"
    there = await described(stored, SOLMS)
    assert texts(there)["16"] == "Hinweis des Landes"
    assert [fee["amount"] for fee in there["fees"]] == ["37.00"]

    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("LeistungSpezialisierung", "s")])
    await stored.deliver("hessen", gone)
    assert texts(await described(stored))["16"] == "Hinweis des Landes"


async def test_a_specialisation_may_change_the_title(catalogue: Catalogue) -> None:
    change = specialisation("s", "land", [WETZLAR], modules={"03": "Personalausweis in Wetzlar"})
    await catalogue.deliver("hessen", message(writes=[service("land"), change]))
    assert (await described(catalogue))["title"] == "Personalausweis in Wetzlar"
    assert (await described(catalogue, SOLMS))["title"] == "Personalausweis beantragen"


async def test_of_one_length_the_later_change_wins_and_the_other_is_an_alternative(
    catalogue: Catalogue,
) -> None:
    older = service("1", modules={"05": "alt", "08": "nur hier"}, changed="2026-01-01T00:00:00+01:00")
    newer = service("2", modules={"05": "neu"}, changed="2026-02-01T00:00:00+01:00")
    await catalogue.deliver("hessen", message(writes=[newer, older]))

    found = await described(catalogue)
    assert texts(found) == {"03": "Personalausweis beantragen", "05": "neu"}
    assert found["alternatives"] == [{"entryId": "L100042.LB.1"}]


async def test_of_one_change_time_the_identifier_decides(catalogue: Catalogue) -> None:
    await catalogue.deliver("hessen", message(writes=[service("2"), service("1")]))
    found = await described(catalogue)
    assert found["provenance"]["entryId"] == "L100042.LB.1"
    assert found["alternatives"] == [{"entryId": "L100042.LB.2"}]


async def test_specificity_goes_before_language(catalogue: Catalogue) -> None:
    base = service(
        BASE,
        title={"de": "Ausweis", "en": "Identity card"},
        areas=["00"],
        modules={"05": {"de": "kurz", "en": "short"}, "06": {"de": "lang", "en": "long"}},
    )
    await catalogue.deliver("bund", message(writes=[base]))
    await catalogue.deliver("hessen", message(writes=[service("1", title=None, modules={"05": "Land"})]))

    found = await described(catalogue, language="en")
    assert {one["code"]: (one["text"], one["language"]) for one in found["modules"]} == {
        "03": ("Identity card", "en"),
        "05": ("Land", "de"),
        "06": ("long", "en"),
    }
    assert (found["title"], found["language"]) == ("Identity card", "en")


@pytest.mark.parametrize(
    ("wanted", "language", "text"),
    [
        ("de-simple", "de-x-simple-language", "leicht"),
        ("de-x-simple-language", "de-x-simple-language", "leicht"),
        ("en-GB", "en", "short"),
        ("fr", "de", "kurz"),
        (None, "de", "kurz"),
        ("hsb", "de", "kurz"),
    ],
)
async def test_a_language_is_looked_up_exact_shorter_german(
    catalogue: Catalogue, wanted: str | None, language: str, text: str
) -> None:
    spoken = {"de": "kurz", "en": "short", "de-x-simple-language": "leicht"}
    await catalogue.deliver("hessen", message(writes=[service("1", title=spoken, modules={"05": spoken})]))

    found = await described(catalogue, language=wanted)
    assert (found["title"], found["language"]) == (text, language)
    assert [(one["text"], one["language"]) for one in found["modules"]] == [(text, language)] * 2


async def test_where_there_is_no_german_any_language_answers(catalogue: Catalogue) -> None:
    await catalogue.deliver("hessen", message(writes=[service("1", title={"hsb": "Wupokaz", "en": "Card"})]))
    found = await described(catalogue)
    assert (found["title"], found["language"]) == ("Card", "en")


async def test_fees_deadlines_and_times_are_the_whole_list_of_the_most_specific(stored: Catalogue) -> None:
    base = service(
        BASE,
        areas=["00"],
        fees=["37.00", "22.80"],
        extra=DEADLINES.format(3, "MONAT") + PROCESSING.format(6, "WOCHE"),
    )
    await stored.deliver("bund", message(writes=[base]))
    state = service("1", fees=[("10.00", "26.00"), None], extra=DEADLINES.format(2, "WERKTAG"))
    await stored.deliver("hessen", message(writes=[state]))

    found = await described(stored)
    assert [(f["kind"], f["amount"], f["minimum"], f["maximum"], f["currency"]) for f in found["fees"]] == [
        ("VARIABLE", None, "10.00", "26.00", "EUR"),
        ("FREE", None, None, None, None),
    ]
    assert found["fees"][0]["provenance"] == {"entryId": "L100042.LB.1", "inherited": True}
    assert [one["duration"] for one in found["deadlines"]] == [
        {"amount": 2, "unit": "WEEKDAY", "unitCode": "WERKTAG"}
    ]
    assert found["deadlines"][0]["provenance"] == {"entryId": "L100042.LB.1"}
    assert [(one["amount"], one["unit"]) for one in found["processingTimes"]] == [(6, "WEEK")]
    assert found["processingTimes"][0]["provenance"] == {"entryId": "B100019.LB.base"}
    in_saxony = await described(stored, "14")
    assert [fee["amount"] for fee in in_saxony["fees"]] == ["37.00", "22.80"]


LINK = """<x:modulText>{}<x:inhalt languageCode="de">{}</x:inhalt>{}</x:modulText>"""


def module(code: str, text: str, *urls: str) -> str:
    """A text module with links beside it."""
    links = "".join(
        f"<x:weiterfuehrenderLink languageCode='de'><x:uri>{url}</x:uri><x:titel>{url[-5:]}</x:titel>"
        "</x:weiterfuehrenderLink>"
        for url in urls
    )
    return LINK.format(f"<x:leikaTextmodul><code>{code}</code></x:leikaTextmodul>", text, links)


async def test_legal_bases_links_and_keywords_are_united(stored: Catalogue) -> None:
    base = service(
        BASE,
        areas=["00"],
        keywords=["Perso", "Ausweis"],
        extra=module("07", "§ 9", "https://bund.example/pauswg", "https://beide.example/beide")
        + module("15", "Mehr", "https://bund.example/mehr1"),
    )
    await stored.deliver("bund", message(writes=[base]))
    anchor = "&lt;a href='https://hessen.example/satzung'&gt;Satzung&lt;/a&gt;"
    state = service(
        "1",
        keywords=["Personalausweis", "Perso"],
        extra=module("07", anchor, "https://beide.example/beide")
        + module("15", "Land", "https://land.example/info2"),
    )
    await stored.deliver("hessen", message(writes=[state]))

    found = await described(stored)
    assert [link["url"] for link in found["legalBases"]] == [
        "https://beide.example/beide",
        "https://hessen.example/satzung",
        "https://bund.example/pauswg",
    ]
    assert found["legalBases"][1]["title"] == "Satzung"
    assert found["keywords"] == ["Personalausweis", "Perso", "Ausweis"]
    more = next(one for one in found["modules"] if one["code"] == "15")
    assert more["text"] == "Land"
    assert [link["url"] for link in more["links"]] == [
        "https://land.example/info2",
        "https://bund.example/mehr1",
    ]
    in_saxony = await described(stored, "14")
    assert [link["url"] for link in in_saxony["legalBases"]] == [
        "https://bund.example/pauswg",
        "https://beide.example/beide",
    ]
    assert in_saxony["keywords"] == ["Perso", "Ausweis"]


async def test_links_are_shown_in_every_language_of_their_module(catalogue: Catalogue) -> None:
    both = module("15", "Mehr", "https://bund.example/mehr1").replace(
        "</x:inhalt>", "</x:inhalt><x:inhalt languageCode='en'>More</x:inhalt>"
    )
    await catalogue.deliver("hessen", message(writes=[service("1", extra=both)]))
    for language, text in (("de", "Mehr"), ("en", "More")):
        found = await described(catalogue, language=language)
        more = next(one for one in found["modules"] if one["code"] == "15")
        assert (more["text"], more["links"]) == (text, [{"url": "https://bund.example/mehr1"}])


@pytest.mark.parametrize(
    ("validity", "holds"),
    [
        (("2026-03-02", None), True),
        (("2026-03-03", None), False),
        ((None, "2026-03-02"), True),
        ((None, "2026-03-01"), False),
    ],
)
async def test_validity_is_judged_by_the_day(
    catalogue: Catalogue, validity: tuple[str | None, str | None], *, holds: bool
) -> None:
    await catalogue.deliver("hessen", message(writes=[service("1", validity=validity)]))
    assert (await description_or_none(catalogue, WETZLAR) is not None) is holds
    query = '{ entry(id: "L100042.LB.1") { ... on ServiceEntry { validFrom validUntil } } }'
    assert (await catalogue.ask(query))["entry"] == {"validFrom": validity[0], "validUntil": validity[1]}


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        (datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC), False),  # 23:59:59 in Berlin
        (datetime(2026, 3, 1, 23, 0, tzinfo=UTC), True),  # midnight in Berlin
        (datetime(2026, 3, 2, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), False),
    ],
)
async def test_the_day_begins_and_ends_at_midnight_in_berlin(
    catalogue: Catalogue, now: datetime, *, holds: bool
) -> None:
    await catalogue.deliver("hessen", message(writes=[service("1", validity=("2026-03-02", "2026-03-02"))]))
    catalogue.clock.set(now)
    assert (await description_or_none(catalogue, WETZLAR) is not None) is holds


async def test_in_summer_midnight_in_berlin_is_two_hours_before_utc(catalogue: Catalogue) -> None:
    await catalogue.deliver("hessen", message(writes=[service("1", validity=("2026-07-01", None))]))
    catalogue.clock.set(datetime(2026, 6, 30, 21, 59, tzinfo=UTC))
    assert await description_or_none(catalogue, WETZLAR) is None
    catalogue.clock.set(datetime(2026, 6, 30, 22, 0, tzinfo=UTC))
    assert await description_or_none(catalogue, WETZLAR) is not None


async def test_where_a_state_s_text_has_ended_the_base_text_answers(catalogue: Catalogue) -> None:
    await catalogue.deliver("bund", message(writes=[service(BASE, title="Bund", areas=["00"])]))
    ended = service("1", title="Land", validity=(None, "2026-03-01"))
    await catalogue.deliver("hessen", message(writes=[ended]))
    assert (await described(catalogue))["title"] == "Bund"


async def test_an_entry_without_areas_holds_in_its_source_s(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[service("1", areas=[])]))
    assert (await described(stored, WETZLAR))["provenance"]["level"] == "STATE"
    assert await description_or_none(stored, "14") is None
    query = '{ entry(id: "L100042.LB.1") { ... on ServiceEntry { validIn { ars } } } }'
    assert (await stored.ask(query))["entry"] == {"validIn": [{"ars": "060000000000"}]}


async def test_a_base_text_without_areas_holds_in_the_whole_country(catalogue: Catalogue) -> None:
    await catalogue.deliver("bund", message(writes=[service(BASE, areas=[])]))
    assert (await described(catalogue, None))["provenance"]["level"] == "COUNTRY"
    assert (await described(catalogue, WETZLAR))["provenance"]["inherited"] is True


async def test_provenance_tells_version_change_and_arrival(catalogue: Catalogue) -> None:
    approval = (
        "<x:modulFachlicheFreigabe><x:fachlichFreigegebenAm>2025-12-24</x:fachlichFreigegebenAm>"
        "<x:fachlichFreigegebenDurch languageCode='de'>Ministerium des Innern</x:fachlichFreigegebenDurch>"
        "</x:modulFachlicheFreigabe>"
    )
    entry = service("1", label="7.2", changed="2026-02-01T11:30:00+01:00", extra=approval)
    await catalogue.deliver("hessen", message(writes=[entry]))
    query = """{ service(leikaKey: "99008001012000") { description(area: "06") {
        provenance { version changedAt approvedAt approvedBy receivedAt } } } }"""
    assert (await catalogue.ask(query))["service"]["description"]["provenance"] == {
        "version": "7.2",
        "changedAt": "2026-02-01T10:30:00+00:00",
        "approvedAt": "2025-12-24",
        "approvedBy": ["Ministerium des Innern"],
        "receivedAt": "2026-03-02T11:00:00+00:00",
    }


async def test_html_is_sanitised_and_the_text_is_without_markup(catalogue: Catalogue) -> None:
    html = (
        "<p onclick='x()'>Erst <b>lesen</b></p><script>alert(1)</script>"
        "<ul><li><a href='javascript:alert(1)'>eins</a></li><li><a href='https://a.example/'>zwei</a></li></ul>"
    )
    await catalogue.deliver("hessen", message(writes=[service("1", modules={"05": html})]))
    query = """{ service(leikaKey: "99008001012000") { description(area: "06") {
        modules(kinds: [SHORT_TEXT]) { html text } } } }"""
    shown = (await catalogue.ask(query))["service"]["description"]["modules"][0]
    assert "<b>lesen</b>" in shown["html"]
    assert 'href="https://a.example/"' in shown["html"]
    for hostile in ("script", "onclick", "javascript", "alert"):
        assert hostile not in shown["html"]
    assert shown["text"] == "Erst lesen\n- eins\n- zwei"


async def test_a_machine_translated_title_is_said_to_be_one(catalogue: Catalogue) -> None:
    spoken = {"de": "Ausweis", "en": "Identity card"}
    mark = (
        "<x:sprachversion><x:languageCode>en</x:languageCode>"
        "<x:kennzeichenMaschinelleUebersetzung>true</x:kennzeichenMaschinelleUebersetzung></x:sprachversion>"
    )
    entry = service("1", title=spoken, extra=mark)
    await catalogue.deliver("hessen", message("2.3.1", writes=[entry]))
    assert (await described(catalogue, language="en"))["machineTranslated"] is True
    assert (await described(catalogue, language="de"))["machineTranslated"] is False


async def test_a_service_is_known_by_the_catalogue_or_by_a_live_entry(stored: Catalogue) -> None:
    query = """query($key: LeikaKey!) { service(leikaKey: $key) { leikaKey title
        regulatoryTypes { code } description { title } } }"""
    unlisted = "99123456789012"
    assert (await stored.ask(query, {"key": unlisted}))["service"] is None
    listed = (await stored.ask(query, {"key": IDENTITY_CARD}))["service"]
    assert (listed["title"], listed["description"]) == ("Personalausweis Ausstellung", None)

    await stored.deliver("hessen", message(writes=[service("1", unlisted, title="Neues", typing=["4a"])]))
    assert (await stored.ask(query, {"key": unlisted}))["service"] == {
        "leikaKey": unlisted,
        "title": "Neues",
        "regulatoryTypes": [{"code": "4a"}],
        "description": None,
    }
    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Leistung", "1")])
    await stored.deliver("hessen", gone)
    assert (await stored.ask(query, {"key": unlisted}))["service"] is None
