"""What the graph tells beside hits: counts, other questions, why, highlights, the place that a question names."""

import pytest

from tests.catalogues import BUSINESS, IDENTITY_CARD, SOLMS, WETZLAR, Catalogue, Json
from tests.makers import Name, code, message, online_service, rule, service

DOG, PERMIT, HOTEL = "99102014042000", "99030028001000", "99050015001000"
FACETS = """query($query: String, $area: Ars, $audience: Audience, $policyField: String, $level: AssuranceLevel,
        $situation: ID, $online: Boolean) {
    services(query: $query, area: $area, audience: $audience, policyField: $policyField, assuranceLevel: $level,
            lifeSituation: $situation, onlineOnly: $online, first: 50) { totalCount edges { node { leikaKey } } facets {
        audiences { value count } lifeSituations { value { id name } count } policyFields { value count }
        online { value count } assuranceLevels { value count } } } }"""
ADVICE = """query($query: String, $audience: Audience) { services(query: $query, audience: $audience, first: 10) {
    totalCount didYouMean nearestBundles { id name } place { ars } } }"""
WHY = """query($query: String, $language: Language) { services(query: $query, first: 20) { edges { node { leikaKey }
    why { score match relative { leikaKey } parts { asked matched fields how thesaurus { word language origin changedOn } } }
    highlights(language: $language) { title { text matched } summary { text matched } } } } }"""


@pytest.fixture
async def filled(stored: Catalogue) -> Catalogue:
    """Entries with keywords, summaries, audiences and levels; two are online in Wetzlar, one of them in all Hesse."""
    citizen, business = code("leistungsadressat", "001"), code("leistungsadressat", "002")
    writes = [
        service("1", IDENTITY_CARD, title="Personalausweis beantragen", keywords=["Perso"], extra=citizen, level="40"),
        service(
            "2",
            DOG,
            title={"de": "Hundesteuer anmelden", "en": "Registering a dog"},
            modules={"05": {"de": "<p>Wer einen <b>Hund</b> hält, meldet ihn an.</p>", "en": "<p>Whoever has a dog</p>"}},
            extra=citizen,
            level="20",
        ),
        service("3", PERMIT, title="Baugenehmigung erteilen", keywords=["Häuschen"], extra=citizen + business, level="30"),
        service("4", BUSINESS, title="Gewerbe anmelden", extra=business),
        service("5", HOTEL, title="Gaststättenerlaubnis", keywords=["Hotel"], areas=[WETZLAR], extra=business),
        online_service("o"),
        rule("r1", "o", "2", [WETZLAR], online=True),
        rule("r2", "o", "4", ["06"], online=True),
    ]  # fmt: skip
    await stored.deliver("hessen", message(writes=writes))
    return stored


async def facets(catalogue: Catalogue, **variables: object) -> tuple[list[str], dict[str, object]]:
    """The hits, and the counts as plain pairs."""
    services = (await catalogue.ask(FACETS, variables))["services"]
    counts = {
        name: some
        and {
            one["value"]["name"] if isinstance(one["value"], dict) else one["value"]: one["count"]
            for one in some
        }
        for name, some in services["facets"].items()
    }
    return sorted(edge["node"]["leikaKey"] for edge in services["edges"]), counts


async def test_facets_count_the_hits_of_the_question(filled: Catalogue) -> None:
    keys, counts = await facets(filled, query="anmelden")
    assert {DOG, BUSINESS} <= set(keys)
    assert counts["audiences"] == {"CITIZEN": 1, "BUSINESS": 1}
    assert counts["assuranceLevels"] == {"LOW": 1, "SUBSTANTIAL": 1, "HIGH": 1}
    assert counts["online"] is None
    assert counts["lifeSituations"] == {"Unternehmensstart": 1, "Wohnen & Umzug": 1}
    assert counts["policyFields"] == {"Unternehmen": 1, "Bauen & Wohnen": 1}
    _, counts = await facets(filled, query="katzen")
    assert counts == {
        "audiences": {},
        "lifeSituations": {},
        "policyFields": {},
        "online": None,
        "assuranceLevels": {},
    } or not any(counts.values())


async def test_a_facet_leaves_its_own_filter_out_and_applies_all_others(filled: Catalogue) -> None:
    keys, counts = await facets(filled, audience="BUSINESS")
    assert keys == sorted([PERMIT, BUSINESS, HOTEL])
    assert counts["audiences"] == {"CITIZEN": 3, "BUSINESS": 3}
    assert counts["assuranceLevels"] == {"SUBSTANTIAL": 1, "HIGH": 1}
    keys, counts = await facets(filled, audience="CITIZEN", level="SUBSTANTIAL")
    assert keys == sorted([DOG, PERMIT])
    assert counts["audiences"] == {"CITIZEN": 2, "BUSINESS": 1}
    assert counts["assuranceLevels"] == {"LOW": 1, "SUBSTANTIAL": 2, "HIGH": 3}


async def test_each_count_is_what_choosing_it_gives(filled: Catalogue) -> None:
    _, counts = await facets(filled, audience="CITIZEN", area=WETZLAR)
    chosen = {
        "audiences": "audience",
        "policyFields": "policyField",
        "assuranceLevels": "level",
    }
    for name, argument in chosen.items():
        for value, count in counts[name].items():  # type: ignore[attr-defined]
            keys, _ = await facets(filled, **{"audience": "CITIZEN", argument: value, "area": WETZLAR})
            assert len(keys) == count, (name, value)
    keys, _ = await facets(filled, audience="CITIZEN", area=WETZLAR, online=True)
    assert len(keys) == counts["online"][True]  # type: ignore[index]


async def test_online_is_counted_at_a_place(filled: Catalogue) -> None:
    assert (await facets(filled, area=WETZLAR))[1]["online"] == {True: 2, False: 4}
    assert (await facets(filled, area=SOLMS))[1]["online"] == {True: 1, False: 5}
    keys, counts = await facets(filled, area=WETZLAR, online=True, audience="CITIZEN")
    assert keys == [DOG]
    assert counts["online"] == {True: 1, False: 2}
    assert counts["audiences"] == {"CITIZEN": 1, "BUSINESS": 1}


async def test_a_level_filters_what_can_be_started_with_it(filled: Catalogue) -> None:
    for level, wanted in {
        "NONE": [],
        "LOW": [DOG],
        "SUBSTANTIAL": [DOG, PERMIT],
        "HIGH": [DOG, PERMIT, IDENTITY_CARD],
    }.items():
        assert (await facets(filled, level=level))[0] == sorted(wanted)


async def test_a_policy_field_filters(filled: Catalogue) -> None:
    assert (await facets(filled, policyField="Querschnitt"))[0] == [IDENTITY_CARD]
    assert (await facets(filled, policyField="Querschnitt", query="gewerbe"))[0] == []
    assert (await facets(filled, policyField="no such"))[0] == []


async def test_a_language_goes_before_others_among_equals_only(stored: Catalogue) -> None:
    first, second = "99001001001000", "99001002001000"
    writes = [
        service("1", first, title="Zwilling"),
        service("2", second, title={"de": "Zwilling", "en": "Twin"}),
        service("3", "99001003001000", title={"de": "Zwilling Bescheinigung Ausstellung", "en": "More"}),
    ]
    await stored.deliver("hessen", message(writes=writes))
    ask = 'query($language: Language) { services(query: "zwilling", language: $language, first: 9) { edges { node { leikaKey } } } }'

    async def keys(language: str | None) -> list[str]:
        answer = await stored.ask(ask, {"language": language})
        return [edge["node"]["leikaKey"] for edge in answer["services"]["edges"]]

    assert (await keys(None))[:2] == [first, second]
    assert (await keys("de"))[:2] == [first, second]
    assert (await keys("en"))[:2] == [second, first]
    assert (await keys("en-GB"))[:2] == [second, first]
    assert (await keys("fr"))[:2] == [first, second]


async def advice(catalogue: Catalogue, query: str, audience: str | None = None) -> Json:
    """What is said beside the hits."""
    found: Json = (await catalogue.ask(ADVICE, {"query": query, "audience": audience}))["services"]
    return found


async def test_a_mistyped_word_is_told_as_it_is_written(filled: Catalogue) -> None:
    assert (await advice(filled, "Persnalausweis, bitte!"))["didYouMean"] == ["Personalausweis, bitte!"]
    assert (await advice(filled, "Häusschen"))["didYouMean"] == ["Häuschen"]
    assert (await advice(filled, "Personalausweis"))["didYouMean"] == []
    assert (await advice(filled, "99008001"))["didYouMean"] == []


async def test_where_nothing_is_found_words_further_away_are_tried(filled: Catalogue) -> None:
    found = await advice(filled, "Perzonalauzweiz")
    assert found["totalCount"] == 0
    assert found["didYouMean"] == ["Personalausweis"]
    assert [one["name"] for one in found["nearestBundles"]] == ["Personalausweis"]
    found = await advice(filled, "Raumfahrt")
    assert (found["totalCount"], found["didYouMean"], found["nearestBundles"]) == (0, [], [])


async def test_nearest_bundles_are_told_only_where_nothing_is_found(filled: Catalogue) -> None:
    found = await advice(filled, "Raumfahrtbehörde Mondflug Personalausweis")
    assert found["totalCount"] == 0
    assert [one["id"] for one in found["nearestBundles"]] == ["10119"]
    assert (await advice(filled, "Personalausweis"))["nearestBundles"] == []
    found = await advice(filled, "Personalausweis", "BUSINESS")
    assert found["totalCount"] == 0
    assert [one["id"] for one in found["nearestBundles"]] == ["10119"]


async def hits(catalogue: Catalogue, query: str, language: str | None = None) -> dict[str, Json]:
    """The edges by key."""
    edges = (await catalogue.ask(WHY, {"query": query, "language": language}))["services"]["edges"]
    return {edge["node"]["leikaKey"]: edge for edge in edges}


def marked(segments: list[Json]) -> str:
    """A text with what is marked in brackets."""
    return "".join(f"[{one['text']}]" if one["matched"] else one["text"] for one in segments)


async def test_why_names_words_fields_and_way(filled: Catalogue) -> None:
    why = (await hits(filled, "Perso"))[IDENTITY_CARD]["why"]
    assert (why["match"], why["relative"]) == ("ITSELF", None)
    assert 0 < why["score"] <= 1
    assert why["parts"] == [
        {"asked": "perso", "matched": "Perso", "fields": ["KEYWORD"], "how": "WORD", "thesaurus": None}
    ]
    part = (await hits(filled, "hund"))[DOG]["why"]["parts"][0]
    assert (part["matched"], part["fields"], part["how"]) == (
        "Hundesteuer",
        ["TITLE", "SUMMARY", "TEXT"],
        "WORD",
    )
    part = (await hits(filled, "steuer"))[DOG]["why"]["parts"][0]
    assert (part["matched"], part["fields"], part["how"]) == ("Hundesteuer", ["TITLE"], "PART")
    part = (await hits(filled, "Hundesteuuer"))[DOG]["why"]["parts"][0]
    assert (part["matched"], part["how"]) == ("Hundesteuer", "CORRECTION")
    part = (await hits(filled, "Gaststättenerl"))[HOTEL]["why"]["parts"][0]
    assert (part["matched"], part["how"]) == ("Gaststättenerlaubnis", "BEGINNING")
    part = (await hits(filled, "99008001"))[IDENTITY_CARD]["why"]["parts"][0]
    assert (part["asked"], part["matched"], part["how"]) == ("99008001", IDENTITY_CARD, "KEY")


async def test_why_tells_a_part_that_nothing_answers_and_who_is_followed(filled: Catalogue) -> None:
    sibling = IDENTITY_CARD[:8] + "042000"
    await filled.deliver(
        "bund",
        message(writes=[service(Name("B100019", "9"), sibling, title="Meldung des Verlusts", areas=["00"])]),
    )
    found = await hits(filled, "Personalausweis Bescheinigungsdings")
    if found:
        assert found[IDENTITY_CARD]["why"]["parts"][1]["matched"] is None
    found = await hits(filled, "Personalausweis")
    assert found[IDENTITY_CARD]["why"]["match"] == "ITSELF"
    follower = found[sibling]["why"]
    assert (follower["match"], follower["relative"]["leikaKey"]) == ("SAME_OBJECT", IDENTITY_CARD)
    assert follower["score"] < found[IDENTITY_CARD]["why"]["score"]


async def test_without_a_query_there_is_nothing_to_explain(filled: Catalogue) -> None:
    answer = await filled.ask(
        "{ services(first: 9) { edges { why { score } highlights { title { text matched } } } } }"
    )
    for edge in answer["services"]["edges"]:
        assert edge["why"] is None
        assert [one["matched"] for one in edge["highlights"]["title"]] == [False]


async def test_highlights_mark_words_and_parts_of_words(filled: Catalogue) -> None:
    found = (await hits(filled, "meinen hund anmelden"))[DOG]["highlights"]
    assert marked(found["title"]) == "[Hund]esteuer [anmelden]"
    assert marked(found["summary"]) == "Wer einen [Hund] hält, meldet ihn an."
    assert marked((await hits(filled, "Personalausweis"))[IDENTITY_CARD]["highlights"]["title"]) == (
        "[Personalausweis] Ausstellung"
    )
    assert marked((await hits(filled, "Ausweis"))[IDENTITY_CARD]["highlights"]["title"]) == (
        "Personal[ausweis] Ausstellung"
    )
    english = (await hits(filled, "dog", "en"))[DOG]["highlights"]
    assert marked(english["title"]) == "Registering a [dog]"
    assert marked(english["summary"]) == "Whoever has a [dog]"
