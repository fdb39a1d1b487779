"""Places in the graph: keys, levels, ancestors, names, postcodes, and wrong arguments."""

import pytest

from tests.catalogues import HAMBURG, WETZLAR, Catalogue, Json

AREA = """query($ars: Ars!) { area(ars: $ars) { ars name level levels ancestors { ars } postcodes
    validFrom validUntil succeededBy { ars } } }"""
FOUND = """query($query: String, $postcode: Postcode) { areas(query: $query, postcode: $postcode, first: 10) {
    totalCount edges { node { ars name } } } }"""


async def area(catalogue: Catalogue, ars: str) -> Json | None:
    """One area."""
    found: Json | None = (await catalogue.ask(AREA, {"ars": ars}))["area"]
    return found


async def test_an_area_tells_level_ancestors_and_postcodes(stored: Catalogue) -> None:
    found = await area(stored, WETZLAR)
    assert found is not None
    assert found == found | {
        "ars": WETZLAR,
        "name": "Wetzlar",
        "level": "MUNICIPALITY",
        "levels": ["MUNICIPALITY"],
        "postcodes": ["35576", "35578"],
        "validUntil": None,
        "succeededBy": [],
    }
    assert [one["ars"] for one in found["ancestors"]] == [
        "065320023000",
        "065320000000",
        "065000000000",
        "060000000000",
        "000000000000",
    ]


@pytest.mark.parametrize("spelling", ["06532", "065320000000"])
async def test_short_and_long_form_are_one_area(catalogue: Catalogue, spelling: str) -> None:
    found = await area(catalogue, spelling)
    assert found is not None
    assert (found["ars"], found["name"], found["level"]) == ("065320000000", "Lahn-Dill-Kreis", "DISTRICT")


@pytest.mark.parametrize(
    ("ars", "name", "level"),
    [
        ("10", "Saarland", "STATE"),
        ("01060", "Segeberg", "DISTRICT"),
        ("06440", "Wetteraukreis", "DISTRICT"),
        ("05170", "Wesel", "DISTRICT"),
        ("010605053", "Amt Trave-Land", "ASSOCIATION"),
        ("065", "Regierungsbezirk Gießen", "REGION"),
    ],
)
async def test_keys_that_end_in_zeros_of_their_own_keep_their_level(
    catalogue: Catalogue, ars: str, name: str, level: str
) -> None:
    found = await area(catalogue, ars)
    assert found is not None
    assert (found["name"], found["level"], found["ars"]) == (name, level, ars.ljust(12, "0"))


@pytest.mark.parametrize("spelling", ["0", "00", "000000000000"])
async def test_germany_is_an_area(catalogue: Catalogue, spelling: str) -> None:
    found = await area(catalogue, spelling)
    assert found is not None
    assert (found["ars"], found["level"], found["ancestors"]) == ("000000000000", "COUNTRY", [])


async def test_hamburg_is_one_area_with_three_levels(stored: Catalogue) -> None:
    for spelling in (HAMBURG, "02000", "020000000000"):
        found = await area(stored, spelling)
        assert found is not None
        assert (found["ars"], found["level"]) == ("020000000000", "STATE")
        assert found["levels"] == ["STATE", "DISTRICT", "MUNICIPALITY"]
    assert (await stored.ask(FOUND, {"query": "Hamburg"}))["areas"]["totalCount"] == 1


async def test_an_area_that_no_list_has_is_null_without_an_error(catalogue: Catalogue) -> None:
    assert await area(catalogue, "069990000000") is None


@pytest.mark.parametrize(
    ("ars", "part"),
    [
        ("06532023", "06532nnnn023"),
        ("0653", "4 digits"),
        ("06532x", "digits only"),
        ("0653200230230", "13 digits"),
        ("", "digits only"),
    ],
)
async def test_a_key_that_is_none_is_told_its_right_form(catalogue: Catalogue, ars: str, part: str) -> None:
    code, sentence = await catalogue.error(AREA, {"ars": ars})
    assert code == "BAD_ARS"
    assert part in sentence
    literal = AREA.replace("query($ars: Ars!)", "").replace("$ars", f'"{ars}"')
    code, sentence = await catalogue.error(literal)
    assert code == "BAD_ARS"
    assert part in sentence


async def test_a_number_is_no_key(catalogue: Catalogue) -> None:
    for query, variables in ((AREA, {"ars": 6}), ("{ area(ars: 6) { name } }", None)):
        code, sentence = await catalogue.error(query, variables)
        assert code == "BAD_ARS"
        assert "in quotes" in sentence


async def test_areas_are_found_by_name_and_postcode(stored: Catalogue) -> None:
    by_name = (await stored.ask(FOUND, {"query": "wetzl"}))["areas"]
    assert [edge["node"]["name"] for edge in by_name["edges"]] == ["Wetzlar"]
    by_postcode = (await stored.ask(FOUND, {"postcode": "35606"}))["areas"]
    assert [edge["node"]["name"] for edge in by_postcode["edges"]] == ["Solms"]
    both = (await stored.ask(FOUND, {"query": "Wetzlar", "postcode": "35606"}))["areas"]
    assert both == {"totalCount": 0, "edges": []}
    assert (await stored.ask(FOUND, {"postcode": "99999"}))["areas"]["totalCount"] == 0


@pytest.mark.parametrize("postcode", ["3557", "355788", "ABCDE", ""])
async def test_a_postcode_that_is_none_is_told(catalogue: Catalogue, postcode: str) -> None:
    code, sentence = await catalogue.error(FOUND, {"postcode": postcode})
    assert code == "BAD_POSTCODE"
    assert "five digits" in sentence


async def test_areas_are_asked_for_by_something(catalogue: Catalogue) -> None:
    assert (await catalogue.error(FOUND, {}))[0] == "BAD_QUERY"
    assert (await catalogue.error(FOUND, {"query": "x" * 201}))[0] == "BAD_QUERY"


async def test_an_area_that_exists_no_more_still_answers(stored: Catalogue) -> None:
    changes = "change,ars,old_name,new_name\nremoved,065320021021,Solms,\nadded,065320099099,,Solms am Bach\n"
    await stored.areas(changes=[stored.written("changes_2026-02-01.csv", changes)])
    found = await area(stored, "065320021021")
    assert found is not None
    assert found["name"] == "Solms"
    assert found["validUntil"] == "2026-01-31"
    new = await area(stored, "065320099099")
    assert new is not None
    assert new["validFrom"] == "2026-02-01"


async def test_places_of_an_ambiguous_postcode_say_what_tells_them_apart(stored: Catalogue) -> None:
    query = "{ areas(query: %s, first: 10) { edges { node { name distinction } } } }"
    found = await stored.ask(query % '"35606"')
    assert [edge["node"] for edge in found["areas"]["edges"]] == [
        {"name": "Solms", "distinction": "Lahn-Dill-Kreis, Hessen"}
    ]
    found = await stored.ask(query % '"Hessen"')
    assert found["areas"]["edges"][0]["node"] == {"name": "Hessen", "distinction": None}
