"""What an office should look at: each rule with an object that it finds and one that it does not."""

from typing import Any

import pytest

from catalog_sync.quality.rules import QualityRule
from tests.catalogues import BUSINESS, IDENTITY_CARD, WETZLAR, Catalogue
from tests.makers import (
    Name,
    Write,
    authority,
    delete,
    message,
    online_service,
    rule,
    service,
    specialisation,
)

MODULES = {"05": "Kurz", "06": "Voll", "07": "§ 9", "08": "Foto", "11": "Ablauf"}
APPROVED = "<x:modulFachlicheFreigabe><x:fachlichFreigegebenAm>2026-01-05</x:fachlichFreigegebenAm></x:modulFachlicheFreigabe>"
SAXONY, FEDERAL = "L100017", "B100019"

COUNTS = """query ($source: ID!, $day: Date) {
  source(id: $source) { quality(olderThan: $day) { olderThan counts { rule number } } }
}"""
FINDINGS = """query ($source: ID!, $rule: QualityRule!, $first: Int = 10, $after: String, $day: Date) {
  source(id: $source) { quality(olderThan: $day) { findings(rule: $rule, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { rule entryId title detail entry { __typename id } } } } } }
}"""
ENTRY = "query ($id: EntryId!, $day: Date) { entry(id: $id) { ... on ServiceEntry { quality(olderThan: $day) } } }"


def good(id: str | Name = "1", leika: str = IDENTITY_CARD, **changed: Any) -> Write:
    """A description that no rule finds, but for what is said otherwise."""
    return service(id, leika, **{"modules": MODULES, "extra": APPROVED, **changed})


def answered(service_id: str | Name = "1", number: str = "") -> list[Write]:
    """Who answers for it."""
    return [authority(f"7{number}"), rule(f"9{number}", f"7{number}", service_id)]


async def counts(catalogue: Catalogue, source: str = "hessen", **variables: Any) -> dict[str, int]:
    """The rules that find something."""
    answer = await catalogue.ask(COUNTS, {"source": source, **variables})
    rows = answer["source"]["quality"]["counts"]
    assert [row["rule"] for row in rows] == [one.name for one in QualityRule]
    return {row["rule"]: row["number"] for row in rows if row["number"]}


async def findings(
    catalogue: Catalogue, looked_for: str, source: str = "hessen", **variables: Any
) -> dict[str, Any]:
    answer = await catalogue.ask(FINDINGS, {"source": source, "rule": looked_for, **variables})
    found: dict[str, Any] = answer["source"]["quality"]["findings"]
    assert found["totalCount"] >= len(found["edges"])
    return found


async def details(catalogue: Catalogue, looked_for: str, source: str = "hessen") -> dict[str, str]:
    """What is told of each object found."""
    edges = (await findings(catalogue, looked_for, source))["edges"]
    assert {edge["node"]["rule"] for edge in edges} <= {looked_for}
    return {edge["node"]["entryId"]: edge["node"]["detail"] for edge in edges}


async def rules_of(catalogue: Catalogue, entry: str, **variables: Any) -> list[str]:
    answer = await catalogue.ask(ENTRY, {"id": entry, **variables})
    rules: list[str] = answer["entry"]["quality"]
    return rules


async def test_what_is_whole_is_found_by_no_rule(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[good(), *answered(), online_service("8")]))
    assert await counts(stored) == {}
    assert await rules_of(stored, "L100042.LB.1") == []
    assert (await findings(stored, "DUPLICATE"))["edges"] == []


async def test_a_source_without_objects_has_nothing_wanting(stored: Catalogue) -> None:
    assert await counts(stored, "hamburg") == {}


async def test_modules_that_a_description_lacks_are_named(stored: Catalogue) -> None:
    few = good("2", title=None, modules={"06": "Voll", "07": "§ 9", "24": "Teaser"})
    other = good("3", title=None, modules={**MODULES, "02": "Amtlich"})
    await stored.deliver("hessen", message(writes=[good(), few, other, *answered()]))
    assert await details(stored, "MISSING_MODULES") == {
        "L100042.LB.2": "Es fehlt: Bezeichnung (03 oder 02), erforderliche Unterlagen (08), Verfahrensablauf (11)."
    }
    assert "MISSING_MODULES" in await rules_of(stored, "L100042.LB.2")
    assert "MISSING_MODULES" not in await rules_of(stored, "L100042.LB.3")


async def test_an_empty_module_is_missing(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[good(modules={**MODULES, "06": "<p> </p>"}), *answered()]))
    assert await details(stored, "MISSING_MODULES") == {"L100042.LB.1": "Es fehlt: Volltext (06)."}


async def test_a_description_without_approval_is_found(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[good("1"), good("2", extra=""), *answered()]))
    assert list(await details(stored, "NOT_APPROVED")) == ["L100042.LB.2"]
    assert "NOT_APPROVED" in await rules_of(stored, "L100042.LB.2")


async def test_texts_are_outdated_from_a_day_in_berlin_on(stored: Catalogue) -> None:
    writes = [
        good("1", changed="2024-03-02T00:00:00+01:00"),
        good("2", changed="2024-03-01T23:59:59+01:00"),
        good("3", changed=None),
        specialisation("s", "1", [WETZLAR], changed="2020-05-04T08:00:00+02:00"),
    ]
    await stored.deliver("hessen", message(writes=writes))
    assert await details(stored, "OUTDATED") == {
        "L100042.LB.2": "Zuletzt geändert am 01.03.2024.",
        "L100042.SP.s": "Zuletzt geändert am 04.05.2020.",
    }
    assert (await counts(stored, day="2024-03-01"))["OUTDATED"] == 1
    assert (await counts(stored, day="2026-03-02"))["OUTDATED"] == 3
    assert "OUTDATED" in await rules_of(stored, "L100042.LB.2")
    assert "OUTDATED" not in await rules_of(stored, "L100042.LB.1")
    assert "OUTDATED" in await rules_of(stored, "L100042.LB.1", day="2026-03-02")


async def test_a_responsibility_that_waits_says_for_what(stored: Catalogue) -> None:
    writes = [good(), *answered(), rule("10", "77", "1"), rule("11", "7", "99")]
    await stored.deliver("hessen", message(writes=writes))
    assert await details(stored, "RESPONSIBILITY_WAITING") == {
        "L100042.ZS.10": "Noch nicht geliefert: L100042.OE.77.",
        "L100042.ZS.11": "Noch nicht geliefert: L100042.LB.99.",
    }
    first, second = (await findings(stored, "RESPONSIBILITY_WAITING"))["edges"]
    assert (first["node"]["entry"], first["node"]["title"]) == (None, None)
    assert second["node"]["entry"]["__typename"] == "Responsibility"
    await stored.deliver("hessen", message(writes=[authority("77"), good("99", BUSINESS)]))
    assert await counts(stored) == {}


async def test_a_service_that_nobody_answers_for_is_found(stored: Catalogue) -> None:
    only_online = [good("3"), online_service("8"), rule("12", "8", "3", online=True)]
    await stored.deliver("hessen", message(writes=[good("1"), good("2"), *answered(), *only_online]))
    assert list(await details(stored, "WITHOUT_RESPONSIBILITY")) == ["L100042.LB.2", "L100042.LB.3"]
    assert await rules_of(stored, "L100042.LB.2") == ["WITHOUT_RESPONSIBILITY"]
    later = message(created="2026-03-03T04:15:00+01:00", deletes=[delete("Organisationseinheit", "7")])
    await stored.deliver("hessen", later)
    assert await counts(stored) == {"RESPONSIBILITY_WAITING": 1, "WITHOUT_RESPONSIBILITY": 3}


async def test_a_federal_text_is_answered_for_where_a_state_describes_the_service(stored: Catalogue) -> None:
    federal = [
        good(Name(FEDERAL, "1"), IDENTITY_CARD, areas=["00"]),
        good(Name(FEDERAL, "2"), BUSINESS, areas=["00"]),
    ]
    await stored.deliver("bund", message(writes=federal))
    await stored.deliver("hessen", message(writes=[good(), *answered()]))
    assert list(await details(stored, "WITHOUT_RESPONSIBILITY", "bund")) == ["B100019.LB.2"]


async def test_an_online_service_without_link_is_found(stored: Catalogue) -> None:
    tricky = '"links":[ überall'
    writes = [online_service("8"), online_service("9", tricky, url=None)]
    await stored.deliver("hessen", message(writes=writes))
    found = await findings(stored, "ONLINE_SERVICE_WITHOUT_LINK")
    assert [(edge["node"]["entryId"], edge["node"]["title"]) for edge in found["edges"]] == [
        ("L100042.OD.9", tricky)
    ]
    assert found["edges"][0]["node"]["entry"]["__typename"] == "OnlineService"


async def test_two_sources_that_describe_a_service_for_an_area_are_duplicates(stored: Catalogue) -> None:
    await stored.source("giessen", "Stadt Gießen", "L100099", "06")
    await stored.deliver(
        "giessen", message(writes=[good(Name("L100099", "5")), good(Name("L100099", "6"), BUSINESS)])
    )
    writes = [good("1"), good("2"), good("3", areas=[WETZLAR]), good("4", "99115005104000")]
    writes.append(good("5", "99115005104000"))  # twice in one source is its own matter
    await stored.deliver("hessen", message(writes=writes))
    assert await details(stored, "DUPLICATE") == {
        "L100042.LB.1": "Dieselbe Leistung im selben Gebiet beschreibt auch: Stadt Gießen.",
        "L100042.LB.2": "Dieselbe Leistung im selben Gebiet beschreibt auch: Stadt Gießen.",
    }
    assert await details(stored, "DUPLICATE", "giessen") == {
        "L100099.LB.5": "Dieselbe Leistung im selben Gebiet beschreibt auch: Landesredaktion Hessen."
    }
    assert "DUPLICATE" in await rules_of(stored, "L100042.LB.1")
    assert "DUPLICATE" not in await rules_of(stored, "L100042.LB.3")


async def test_a_description_without_areas_is_found(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[good("1"), good("2", areas=[]), *answered()]))
    assert list(await details(stored, "WITHOUT_AREAS")) == ["L100042.LB.2"]
    assert "WITHOUT_AREAS" in await rules_of(stored, "L100042.LB.2")


async def test_what_is_gone_and_what_is_another_sources_is_not_counted(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[service("1"), service("2")]))
    assert (await counts(stored))["NOT_APPROVED"] == 2
    later = message(created="2026-03-03T04:15:00+01:00", deletes=[delete("Leistung", "2")])
    await stored.deliver("hessen", later)
    assert (await counts(stored))["NOT_APPROVED"] == 1
    assert await counts(stored, "sachsen") == {}


async def test_words_are_english_where_english_is_asked_for(catalogue: Catalogue) -> None:
    titles = {"de": "Ausweis", "en": "Identity card"}
    await catalogue.deliver("hessen", message(writes=[good(title=titles, modules={})]))
    query = FINDINGS.replace("title detail", 'title(language: "en") detail(language: "en")')
    answer = await catalogue.ask(query, {"source": "hessen", "rule": "MISSING_MODULES"})
    node = answer["source"]["quality"]["findings"]["edges"][0]["node"]
    assert node["title"] == "Identity card"
    assert node["detail"] == (
        "Missing: short text (05) or teaser (24), full text (06), legal basis (07), required documents (08), "
        "procedure (11)."
    )


async def test_pages_follow_each_other(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[good(str(number)) for number in range(5)]))
    names, after = [], None
    for first, more in ((2, True), (2, True), (2, False)):
        page = await findings(stored, "WITHOUT_RESPONSIBILITY", first=first, after=after)
        assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (5, more)
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        after = page["pageInfo"]["endCursor"]
        names += [edge["node"]["entryId"] for edge in page["edges"]]
    assert names == [f"L100042.LB.{number}" for number in range(5)]
    end = await findings(stored, "WITHOUT_RESPONSIBILITY", after=after)
    assert (end["edges"], end["pageInfo"]["endCursor"]) == ([], None)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "BAD_PAGE_SIZE"),
        ({"first": 101}, "BAD_PAGE_SIZE"),
        ({"after": "x"}, "BAD_CURSOR"),
        ({"after": "Mzpx"}, "BAD_CURSOR"),
        ({"after": "é"}, "BAD_CURSOR"),
        ({"after": "cTk5OTk5OTk5OTk5OTk5OTk5OTk5"}, "BAD_CURSOR"),
    ],
)
async def test_a_wrong_page_hears_what_is_right(
    catalogue: Catalogue, variables: dict[str, Any], code: str
) -> None:
    asked = {"source": "hessen", "rule": "DUPLICATE", **variables}
    assert (await catalogue.error(FINDINGS, asked))[0] == code


async def test_a_past_entry_is_judged_by_itself(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[good(modules={}, extra="")]))
    query = """query ($at: DateTime!) {
      entry(id: "L100042.LB.1", asOf: $at) { ... on ServiceEntry { quality } } }"""
    answer = await stored.ask(query, {"at": "2026-03-02T11:00:00Z"})
    assert answer["entry"]["quality"] == ["MISSING_MODULES", "NOT_APPROVED"]


@pytest.mark.parametrize(
    "query",
    [
        "{ sources { quality { olderThan } } }",
        '{ source(id: "hessen") { a: quality { olderThan } b: quality(olderThan: "2026-01-01") { olderThan } } }',
    ],
)
async def test_quality_is_worked_out_for_one_source_and_day_at_a_time(
    catalogue: Catalogue, query: str
) -> None:
    assert (await catalogue.error(query))[0] == "TOO_LARGE"
    same = '{ a: source(id: "hessen") { quality { olderThan } } b: source(id: "hessen") { quality { olderThan } } }'
    answer = await catalogue.ask(same)
    assert answer["a"] == answer["b"] == {"quality": {"olderThan": "2024-03-02"}}


EVERYTHING = """{
  source(id: "hessen") { key a: quality { counts { number } } b: quality {
    missing: findings(rule: MISSING_MODULES, first: 50) { totalCount edges { node { title detail entry { id } } } }
    waiting: findings(rule: RESPONSIBILITY_WAITING, first: 50) { totalCount edges { node { detail entry { id } } } }
    twice: findings(rule: DUPLICATE, first: 50) { totalCount edges { node { detail entry { id } } } } } }
  services(query: "Personalausweis", first: 10) { edges { node { entries { quality } } } }
}"""


async def test_statements_do_not_grow_with_rows(stored: Catalogue) -> None:
    stored.reference = None
    needed = []
    for number in (1, 12):
        writes = [service(str(one)) for one in range(number)]
        waiting = [rule(f"r{one}", f"a{one}", str(one)) for one in range(number)]
        await stored.deliver("hessen", message(writes=[*writes, *waiting]))
        await stored.deliver(
            "sachsen",
            message(writes=[service(Name(SAXONY, str(one)), areas=["14"]) for one in range(number)]),
        )
        await stored.ask(
            '{ services(query: "Personalausweis", first: 1) { totalCount } }'
        )  # areas, sources, index
        stored.count_anew()
        answer = await stored.ask(EVERYTHING)
        needed.append(len(stored.catalog.statements))
        hessen = answer["source"]
        assert hessen["b"]["missing"]["totalCount"] == len(hessen["b"]["missing"]["edges"]) == number
        assert hessen["b"]["waiting"]["totalCount"] == number
    assert needed[0] == needed[1]
