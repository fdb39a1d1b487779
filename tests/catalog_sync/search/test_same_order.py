"""The same hits in the same order on SQLite and on PostgreSQL, whatever is asked."""

import shutil
from pathlib import Path

import pytest

from tests.catalogues import WETZLAR, Catalogue, empty, files_in, opened, small
from tests.conftest import Databases
from tests.makers import Write, code, message, online_service, rule, service

QUERIES = (
    None, "anmelden", "Hund", "steuer hund", "hundestuer", "Perso", "personalausweis beantragen", "ausw", "99102",
    "§ 3 HStG", "GewO", "business register", "Wohnung ummelden", "Häuschen bauen", "haeuschen", "erlaubnis gaststätte",
    "Was brauche ich, um meinen Hund anzumelden?", "Hundesteuer Wetzlar", "karte zwilling", "raumfahrt", "wohn", "!?",
)  # fmt: skip
ASK = """query($query: String, $area: Ars, $audience: Audience, $language: Language) {
    services(query: $query, area: $area, audience: $audience, language: $language, first: 100) { totalCount
        didYouMean nearestBundles { id } place { ars }
        facets { audiences { value count } policyFields { value count } online { value count } }
        edges { node { leikaKey } why { score match } highlights { title { text matched } } } } }"""
VARIABLES: tuple[dict[str, object], ...] = (
    {},
    {"area": WETZLAR},
    {"audience": "CITIZEN"},
    {"language": "en"},
    {"area": WETZLAR, "audience": "BUSINESS", "language": "en"},
)


def writes() -> list[Write | str]:
    """Sixty services of twelve objects with titles of common words, some online, some for a city alone."""
    things = ("Hundesteuer", "Gaststättenerlaubnis", "Wohnung", "Zwillingskarte", "Häuschen", "Gewerbe")
    acts = ("anmelden", "abmelden", "verlängern", "Ermäßigung", "Bescheinigung")
    made: list[Write | str] = [online_service("o")]
    for one, thing in enumerate(things * 2):
        for two, act in enumerate(acts):
            name = f"{one}-{two}"
            made.append(
                service(
                    name,
                    f"99{100 + one % 7:03}{one:03}{104 + two:03}000",
                    title={"de": f"{thing} {act}"} | ({"en": f"Business {one}"} if two % 2 else {}),
                    keywords=["Perso"] if two == 1 else [],
                    areas=[WETZLAR] if one % 3 == 0 else ["06"],
                    extra=code("leistungsadressat", "001" if two % 2 else "002"),
                )
            )
            if (one + two) % 4 == 0:
                made.append(rule(f"r{name}", "o", name, [WETZLAR], online=True))
    return made


async def answers(catalogue: Catalogue) -> list[object]:
    """All answers of one catalogue."""
    await catalogue.deliver("hessen", message(writes=writes()))
    return [
        (query, variables, await catalogue.ask(ASK, {"query": query, **variables}))
        for query in QUERIES
        for variables in VARIABLES
    ]


@pytest.fixture
async def on_sqlite(template: Path, tmp_path: Path) -> list[object]:
    """What SQLite answers."""
    folder = tmp_path / "lite"
    shutil.copytree(template, folder)
    async with opened(files_in(folder)) as (catalog, operations):
        return await answers(empty(catalog, operations, folder))


async def test_both_databases_answer_alike(
    on_sqlite: list[object], databases: Databases, tmp_path: Path
) -> None:
    assert await answers(await small(databases.catalog, databases.operations, tmp_path)) == on_sqlite
