"""Who is responsible at a place: asked through the graph, of catalogues filled by the pipeline."""

from itertools import product

import pytest

from tests.catalogues import (
    ASSLAR,
    BUSINESS,
    GIESSEN,
    HAMBURG,
    IDENTITY_CARD,
    LAHN_DILL,
    SOLMS,
    WETZLAR,
    Catalogue,
    Json,
)
from tests.makers import (
    Name,
    authority,
    carried_rule,
    delete,
    message,
    online_service,
    rule,
    service,
)

BUND = "B100019"
OF_ENTRY = """query($id: EntryId!, $area: Ars!, $role: ResponsibilityRole) { entry(id: $id) { ... on ServiceEntry {
    responsibilities(area: $area, role: $role) {
        entryId role matchedLevel area { ars name } authority { entryId name }
        provenance { source { key } level inherited } } } } }"""
OF_SERVICE = """query($key: LeikaKey!, $area: Ars!) { service(leikaKey: $key) {
    responsibilities(area: $area) { entryId role matchedLevel authority { entryId } provenance { source { key } } }
    onlineServices(area: $area) { entryId matchedLevel onlineService { entryId } } } }"""
ONLINE = """query($id: EntryId!, $area: Ars!) { entry(id: $id) { ... on ServiceEntry {
    onlineServices(area: $area) { entryId matchedLevel area { ars } onlineService { entryId } } } } }"""


async def rules_at(
    catalogue: Catalogue, area: str, *, entry: str = "1", role: str | None = None
) -> list[Json]:
    """The rules that answer for an entry of Hesse."""
    variables = {"id": f"L100042.LB.{entry}", "area": area, "role": role}
    found: list[Json] = (await catalogue.ask(OF_ENTRY, variables))["entry"]["responsibilities"]
    return found


async def named_at(
    catalogue: Catalogue, area: str, *, entry: str = "1", role: str | None = None
) -> list[str]:
    """The values of the authorities that answer."""
    found = await rules_at(catalogue, area, entry=entry, role=role)
    return [one["authority"]["entryId"].split(".OE.")[1] for one in found]


async def online_at(catalogue: Catalogue, area: str, *, entry: str = "1") -> list[str]:
    """The values of the online services that are offered."""
    found = await catalogue.ask(ONLINE, {"id": f"L100042.LB.{entry}", "area": area})
    return [one["onlineService"]["entryId"].split(".OD.")[1] for one in found["entry"]["onlineServices"]]


async def test_the_longest_area_that_covers_the_place_wins(stored: Catalogue) -> None:
    writes = [service("1")] + [authority(one) for one in ("land", "bezirk", "kreis", "stadt")]
    writes += [
        rule("r1", "land", "1", ["060000000000"]),
        rule("r2", "bezirk", "1", ["065"]),
        rule("r3", "kreis", "1", ["065320000000"]),
        rule("r4", "stadt", "1", [WETZLAR]),
    ]
    await stored.deliver("hessen", message(writes=writes))

    assert await named_at(stored, WETZLAR) == ["stadt"]
    assert await named_at(stored, SOLMS) == ["kreis"]
    assert await named_at(stored, LAHN_DILL) == ["kreis"]
    assert await named_at(stored, GIESSEN) == ["bezirk"]
    assert await named_at(stored, "064") == ["land"]
    assert await named_at(stored, "14") == []
    found = (await rules_at(stored, SOLMS))[0]
    assert found == {
        "entryId": "L100042.ZS.r3",
        "role": "COMPETENT_AUTHORITY",
        "matchedLevel": "DISTRICT",
        "area": {"ars": "065320000000", "name": "Lahn-Dill-Kreis"},
        "authority": {"entryId": "L100042.OE.kreis", "name": "Bürgeramt"},
        "provenance": {"source": {"key": "hessen"}, "level": "DISTRICT", "inherited": False},
    }


async def test_all_of_the_longest_length_are_named_each_with_its_provenance(catalogue: Catalogue) -> None:
    writes = [service("1"), authority("a"), authority("b"), authority("c")]
    writes += [rule("r1", "a", "1", ["06"]), rule("r2", "b", "1", ["06532"]), rule("r3", "c", "1", ["06532"])]
    await catalogue.deliver("hessen", message(writes=writes))

    assert await named_at(catalogue, WETZLAR) == ["b", "c"]
    found = await rules_at(catalogue, WETZLAR)
    assert [one["entryId"] for one in found] == ["L100042.ZS.r2", "L100042.ZS.r3"]
    assert {one["provenance"]["source"]["key"] for one in found} == {"hessen"}


async def test_each_role_and_kind_is_chosen_by_itself(stored: Catalogue) -> None:
    writes = [service("1"), authority("a"), authority("b"), online_service("o")]
    writes += [
        rule("r1", "a", "1", ["06"], role="01"),
        rule("r2", "b", "1", [WETZLAR], role="03"),
        rule("r3", "o", "1", ["06532"], online=True),
    ]
    await stored.deliver("hessen", message(writes=writes))

    assert await named_at(stored, WETZLAR) == ["a", "b"]
    assert await named_at(stored, WETZLAR, role="COMPETENT_AUTHORITY") == ["a"]
    assert await named_at(stored, WETZLAR, role="CONTACT_POINT") == ["b"]
    assert await named_at(stored, SOLMS, role="CONTACT_POINT") == []
    assert await online_at(stored, WETZLAR) == ["o"]
    assert await online_at(stored, GIESSEN) == []


async def test_a_missing_role_is_that_of_the_competent_authority(catalogue: Catalogue) -> None:
    writes = [service("1"), authority("a"), rule("r1", "a", "1", ["06"], role=None)]
    await catalogue.deliver("hessen", message(writes=writes))

    assert [one["role"] for one in await rules_at(catalogue, WETZLAR)] == ["COMPETENT_AUTHORITY"]
    assert await named_at(catalogue, WETZLAR, role="CONTACT_POINT") == []


async def test_a_rule_whose_authority_is_gone_is_left_out_before_choosing(stored: Catalogue) -> None:
    writes = [service("1"), authority("land"), authority("stadt")]
    writes += [rule("r1", "land", "1", ["06"]), rule("r2", "stadt", "1", [WETZLAR])]
    await stored.deliver("hessen", message(writes=writes))
    assert await named_at(stored, WETZLAR) == ["stadt"]

    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Organisationseinheit", "stadt")])
    await stored.deliver("hessen", gone)
    assert await named_at(stored, WETZLAR) == ["land"]

    back = message(created="2026-03-04T04:00:00+01:00", writes=[authority("stadt", "Stadtbüro")])
    await stored.deliver("hessen", back)
    assert await named_at(stored, WETZLAR) == ["stadt"]


async def test_a_rule_whose_authority_has_not_come_is_left_out_before_choosing(catalogue: Catalogue) -> None:
    writes = [service("1"), authority("land")]
    writes += [rule("r1", "land", "1", ["06"]), rule("r2", "stadt", "1", [WETZLAR])]
    report = await catalogue.deliver("hessen", message(writes=writes))

    assert report["counts"]["waiting"] == 1
    assert await named_at(catalogue, WETZLAR) == ["land"]
    await catalogue.deliver(
        "hessen", message(created="2026-03-03T04:00:00+01:00", writes=[authority("stadt")])
    )
    assert await named_at(catalogue, WETZLAR) == ["stadt"]


async def test_a_rule_whose_online_service_is_gone_is_left_out_before_choosing(catalogue: Catalogue) -> None:
    writes = [service("1"), online_service("land"), online_service("stadt")]
    writes += [rule("r1", "land", "1", ["06"], online=True), rule("r2", "stadt", "1", [WETZLAR], online=True)]
    await catalogue.deliver("hessen", message(writes=writes))
    assert await online_at(catalogue, WETZLAR) == ["stadt"]

    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Onlinedienst", "stadt")])
    await catalogue.deliver("hessen", gone)
    assert await online_at(catalogue, WETZLAR) == ["land"]


async def test_rules_of_a_deleted_entry_do_not_answer_for_the_service(stored: Catalogue) -> None:
    """The entry with the more specific rule goes; the service answers by the rules of the other."""
    writes = [service("1"), service("2"), authority("a"), authority("b")]
    writes += [rule("r1", "a", "1", ["06"]), rule("r2", "b", "2", [WETZLAR])]
    await stored.deliver("hessen", message(writes=writes))
    asked = {"key": IDENTITY_CARD, "area": WETZLAR}
    found = (await stored.ask(OF_SERVICE, asked))["service"]["responsibilities"]
    assert [one["entryId"] for one in found] == ["L100042.ZS.r2"]

    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Leistung", "2")])
    await stored.deliver("hessen", gone)
    found = (await stored.ask(OF_SERVICE, asked))["service"]["responsibilities"]
    assert [one["entryId"] for one in found] == ["L100042.ZS.r1"]


async def test_a_deleted_rule_gives_way_to_the_next_longest(catalogue: Catalogue) -> None:
    writes = [service("1"), authority("land"), authority("stadt")]
    writes += [rule("r1", "land", "1", ["06"]), rule("r2", "stadt", "1", [WETZLAR])]
    await catalogue.deliver("hessen", message(writes=writes))
    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Zustaendigkeit", "r2")])
    await catalogue.deliver("hessen", gone)
    assert await named_at(catalogue, WETZLAR) == ["land"]


async def test_a_rule_with_two_areas_is_two_edges_and_one_object(stored: Catalogue) -> None:
    writes = [service("1"), authority("a"), rule("r1", "a", "1", [SOLMS, ASSLAR])]
    await stored.deliver("hessen", message(writes=writes))

    solms, asslar = await rules_at(stored, SOLMS), await rules_at(stored, ASSLAR)
    assert [one["entryId"] for one in (*solms, *asslar)] == ["L100042.ZS.r1"] * 2
    assert [one["area"]["name"] for one in (*solms, *asslar)] == ["Solms", "Aßlar"]
    assert await rules_at(stored, WETZLAR) == []
    counts = (await stored.ask("{ catalogue { counts { kind live } } }"))["catalogue"]["counts"]
    assert {"kind": "RESPONSIBILITY", "live": 1} in counts


async def test_a_rule_inside_a_unit_answers_like_one_of_its_own(catalogue: Catalogue) -> None:
    await catalogue.deliver(
        "hessen", message(writes=[service("1"), authority("a", rules=[carried_rule("r1", "1", [WETZLAR])])])
    )
    assert [one["entryId"] for one in await rules_at(catalogue, WETZLAR)] == ["L100042.ZS.r1"]


async def test_an_entry_answers_by_rules_that_name_it_from_whatever_agency(stored: Catalogue) -> None:
    """An authority of Hesse for an entry of the Bund; a Hessian entry of the same key is not asked for it."""
    federal = Name(BUND, "b")
    await stored.deliver("bund", message(writes=[service(federal, areas=["000000000000"])]))
    writes = [service("1"), authority("a"), authority("b")]
    writes += [rule("r1", "a", federal, ["06532"]), rule("r2", "b", "1", ["06"])]
    await stored.deliver("hessen", message(writes=writes))

    asked = {"id": f"{BUND}.LB.b", "area": WETZLAR}
    found = (await stored.ask(OF_ENTRY, asked))["entry"]["responsibilities"]
    assert [one["authority"]["entryId"] for one in found] == ["L100042.OE.a"]
    assert found[0]["provenance"]["source"] == {"key": "hessen"}
    assert await named_at(stored, WETZLAR) == ["b"]
    of_service = (await stored.ask(OF_SERVICE, {"key": IDENTITY_CARD, "area": WETZLAR}))["service"]
    assert [one["entryId"] for one in of_service["responsibilities"]] == ["L100042.ZS.r1"]
    elsewhere = (await stored.ask(OF_SERVICE, {"key": IDENTITY_CARD, "area": GIESSEN}))["service"]
    assert [one["entryId"] for one in elsewhere["responsibilities"]] == ["L100042.ZS.r2"]


async def test_rules_for_another_service_do_not_answer(catalogue: Catalogue) -> None:
    writes = [service("1"), service("2", BUSINESS), authority("a"), rule("r1", "a", "2", [WETZLAR])]
    await catalogue.deliver("hessen", message(writes=writes))
    assert await named_at(catalogue, WETZLAR) == []
    found = (await catalogue.ask(OF_SERVICE, {"key": IDENTITY_CARD, "area": WETZLAR}))["service"]
    assert found["responsibilities"] == []


async def test_in_a_city_state_several_authorities_have_the_level_of_the_state(catalogue: Catalogue) -> None:
    agency = "S100002"
    names = [Name(agency, one) for one in ("l", "a", "b", "r1", "r2")]
    entry, first, second, *rules = names
    writes = [service(entry, areas=[]), authority(first), authority(second)]
    writes += [
        rule(rules[0], first, entry, ["020000000000"]),
        rule(rules[1], second, entry, ["020000000000"]),
    ]
    await catalogue.deliver("hamburg", message("2.1", writes=writes))

    for spelling in (HAMBURG, "02000", "020000000000"):
        found = (await catalogue.ask(OF_ENTRY, {"id": f"{agency}.LB.l", "area": spelling}))["entry"]
        levels = [(one["authority"]["entryId"], one["matchedLevel"]) for one in found["responsibilities"]]
        assert levels == [(f"{agency}.OE.a", "STATE"), (f"{agency}.OE.b", "STATE")]


LEVELS = ("00", "14", "146", "14628", "146285229", "146285229270")
LEVEL_NAMES = ("COUNTRY", "STATE", "REGION", "DISTRICT", "ASSOCIATION", "MUNICIPALITY")


async def test_matching_equals_a_naive_model_for_every_set_of_levels(stored: Catalogue) -> None:
    """64 services, one for each set of levels at which a rule exists; asked at the smallest place."""
    subsets = list(product([False, True], repeat=len(LEVELS)))
    keys = [f"99{number:03}001001000" for number in range(len(subsets))]
    unit = Name(BUND, "a")
    writes = [authority(unit)]
    for key, subset in zip(keys, subsets, strict=True):
        entry = Name(BUND, key)
        writes.append(service(entry, key, areas=["00"]))
        chosen = [level for level, taken in zip(LEVELS, subset, strict=True) if taken]
        writes += [rule(Name(BUND, f"{key}-{area}"), unit, entry, [area]) for area in chosen]
    report = await stored.deliver("bund", message(writes=writes))
    assert report["counts"]["rejected"] == 0

    query = """{ services(query: "Personalausweis beantragen", first: 100) { edges { node {
        leikaKey responsibilities(area: "146285229270") { matchedLevel } } } } }"""
    edges = (await stored.ask(query))["services"]["edges"]
    found = {
        edge["node"]["leikaKey"]: [one["matchedLevel"] for one in edge["node"]["responsibilities"]]
        for edge in edges
    }
    for key, subset in zip(keys, subsets, strict=True):
        levels = [level for level, taken in zip(LEVEL_NAMES, subset, strict=True) if taken]
        assert found[key] == levels[-1:], key


async def test_an_explanation_names_authority_source_area_and_rule_in_both_languages(
    catalogue: Catalogue,
) -> None:
    writes = [service("1"), authority("a", {"de": "Stadtbüro", "en": "Citizens’ Desk"})]
    writes += [online_service("o", {"de": "Antrag", "en": "Application"})]
    writes += [
        rule("r1", "a", "1", [LAHN_DILL]),
        rule("r2", "a", "1", [WETZLAR], role="03"),
        rule("r3", "o", "1", ["06"], online=True),
    ]
    await catalogue.deliver("hessen", message(writes=writes))
    query = """query($language: Language) { entry(id: "L100042.LB.1") { ... on ServiceEntry {
        responsibilities(area: "065320023023") { explanation(language: $language) }
        onlineServices(area: "065320023023") { explanation(language: $language) } } } }"""

    german = (await catalogue.ask(query, {"language": "de"}))["entry"]
    assert [one["explanation"] for one in german["responsibilities"] + german["onlineServices"]] == [
        (
            "Stadtbüro ist zuständig, weil eine Regel von „Landesredaktion Hessen“ diese Stelle für den Kreis oder die "
            "kreisfreie Stadt Lahn-Dill-Kreis nennt (L100042.ZS.r1)."
        ),
        (
            "Stadtbüro ist Ansprechpunkt, weil eine Regel von „Landesredaktion Hessen“ diese Stelle für die Gemeinde "
            "Wetzlar nennt (L100042.ZS.r2)."
        ),
        (
            "Antrag gilt hier, weil eine Regel von „Landesredaktion Hessen“ den Onlinedienst für das Land Hessen nennt "
            "(L100042.ZS.r3)."
        ),
    ]
    english = (await catalogue.ask(query, {"language": "en"}))["entry"]
    assert [one["explanation"] for one in english["responsibilities"] + english["onlineServices"]] == [
        (
            "Citizens’ Desk is the competent authority because a rule of “Landesredaktion Hessen” names it for the "
            "district or city of Lahn-Dill-Kreis (L100042.ZS.r1)."
        ),
        (
            "Citizens’ Desk is the point of contact because a rule of “Landesredaktion Hessen” names it for the "
            "municipality of Wetzlar (L100042.ZS.r2)."
        ),
        (
            "Application is offered here because a rule of “Landesredaktion Hessen” names it for the state of Hessen "
            "(L100042.ZS.r3)."
        ),
    ]
    assert await catalogue.ask(query, {"language": None}) == {"entry": german}


@pytest.mark.parametrize("area", ["069990000000", "06999"])
async def test_a_place_that_no_list_has_is_an_error_that_says_where_to_look(
    catalogue: Catalogue, area: str
) -> None:
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    query = f"""{{ entry(id: "L100042.LB.1") {{ ... on ServiceEntry {{
        responsibilities(area: "{area}") {{ id }} }} }} }}"""
    code, sentence = await catalogue.error(query)
    assert code == "UNKNOWN_AREA"
    assert "069990000000" in sentence
    assert "areas(query:)" in sentence


async def test_neighbours_of_a_field_that_failed_go_on_reading_without_harm(stored: Catalogue) -> None:
    """The list that must not be null ends the answer at once, while other fields are still being read."""
    await stored.deliver("hessen", message(writes=[service("1")]))
    query = """{ entry(id: "L100042.LB.1") { ... on ServiceEntry {
        responsibilities(area: "06999") { id } onlineServices(area: "06") { onlineService { name } }
        validIn { name postcodes ancestors { name } } provenance { source { name } } fees { amount } } } }"""
    for _ in range(5):
        assert (await stored.error(query))[0] == "UNKNOWN_AREA"
    assert (await stored.ask("{ sources { key } }"))["sources"]
