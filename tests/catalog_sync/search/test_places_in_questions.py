"""Places in questions: "Hundesteuer Wetzlar" asks for Hundesteuer, and asks it in Wetzlar."""

import pytest

from tests.catalogues import GIESSEN, HAMBURG, SOLMS, WETZLAR, Catalogue
from tests.makers import message, service

ASK = """query($query: String, $area: Ars) { services(query: $query, area: $area, first: 9) {
    place { ars name } edges { node { leikaKey } } } }"""
FIRST, SECOND, DOG = "99102001001000", "99102002001000", "99102014042000"


@pytest.fixture
async def filled(stored: Catalogue) -> Catalogue:
    """Two equal services, the second described for Wetzlar alone; and one whose title has a place's name."""
    writes = [
        service("1", FIRST, title="Hundesteuer"),
        service("2", SECOND, title="Hundesteuer", areas=[WETZLAR]),
        service("3", "99050015001000", title="Lohmen an Mühlen", areas=[SOLMS]),
    ]
    await stored.deliver("hessen", message(writes=writes))
    return stored


async def asked(catalogue: Catalogue, query: str, area: str | None = None) -> tuple[str | None, list[str]]:
    """The place that was understood, and the hits."""
    found = (await catalogue.ask(ASK, {"query": query, "area": area}))["services"]
    place = found["place"]
    return place and place["ars"], [edge["node"]["leikaKey"] for edge in found["edges"]]


async def test_a_place_is_understood_and_ranks(filled: Catalogue) -> None:
    assert await asked(filled, "Hundesteuer") == (None, [FIRST, SECOND])
    for query in (
        "Hundesteuer Wetzlar",
        "hundesteuer in wetzlar",
        "Wetzlar: Hundesteuer",
        "dog Hundesteuer wetzlar?",
    ):
        place, keys = await asked(filled, query)
        assert place == WETZLAR, query
        if query != "dog Hundesteuer wetzlar?":
            assert keys == [SECOND, FIRST]
    assert await asked(filled, "Hundesteuer Gießen") == (GIESSEN, [FIRST, SECOND])
    assert (await asked(filled, "Hundesteuer Giessen"))[0] == GIESSEN
    assert (await asked(filled, "Hundesteuer in Hamburg"))[0] == HAMBURG.ljust(12, "0")


async def test_names_of_several_words(filled: Catalogue) -> None:
    assert (await asked(filled, "Hundesteuer Landkreis Gießen"))[0] == "065310000000"
    assert (await asked(filled, "Hundesteuer Lahn-Dill-Kreis"))[0] == "065320000000"


async def test_a_district_and_its_only_town_are_one_place(filled: Catalogue) -> None:
    assert (await asked(filled, "Hundesteuer Dresden"))[0] == "146120000000"


async def test_the_area_argument_decides_where(filled: Catalogue) -> None:
    assert await asked(filled, "Hundesteuer Solms", WETZLAR) == (SOLMS, [SECOND, FIRST])


async def test_a_word_that_services_have_is_no_place(filled: Catalogue) -> None:
    assert (await asked(filled, "Lohmen"))[0] is None
    assert (await asked(filled, "Hundesteuer Friedberg"))[0] is None  # it is called Friedberg (Hessen)
    assert (await asked(filled, "Hundesteuer Wetzlarer"))[0] is None


async def test_a_place_alone_finds_nothing_and_is_told(filled: Catalogue) -> None:
    assert await asked(filled, "Wetzlar") == (WETZLAR, [])
    assert await asked(filled, "in Wetzlar") == (WETZLAR, [])


async def test_a_name_that_several_places_have_is_none(filled: Catalogue) -> None:
    more = filled.written(
        "areas_2026-02-01.csv",
        "ars,name\n06,Hessen\n066,Regierungsbezirk Kassel\n06631,Fulda\n066310001001,Neustadt\n"
        "066310002002,Neustadt (Rhön)\n066310003003,Einzig\n066310004004,Einzig an der Fulda\n",
    )
    await filled.areas(more)
    assert (await asked(filled, "Hundesteuer Neustadt"))[0] is None
    assert (await asked(filled, "Hundesteuer Einzig"))[0] == "066310003003"
    assert (await asked(filled, "Hundesteuer Einzig an der Fulda"))[0] == "066310004004"
