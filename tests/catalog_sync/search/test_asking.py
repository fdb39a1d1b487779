"""What a question is understood as, over a small catalogue: words, beginnings, corrections, splits, keys."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Connection

from catalog_sync.search.thesaurus_entries import Entry, Relation
from catalog_sync.search.thesaurus_store import put
from tests.catalogues import Catalogue

SEARCH = """query($query: String) { services(query: $query, first: 50) { edges { node { title } } } }"""
TITLES = {
    "99008001000000": "Personalausweis",
    "99008001012000": "Personalausweis Ausstellung",
    "99008001020000": "Personalausweis Verlängerung",
    "99115005104000": "Wohnsitz Anmeldung",
    "99115005070000": "Wohnsitz Abmeldung",
    "99102014000000": "Hundesteuer",
    "99102014042000": "Hundesteuer Festsetzung",
    "99050012104000": "Gewerbe Anmeldung",
    "99050012070000": "Gewerbe Abmeldung",
    "99041007000000": "Kindergeld",
    "99036008007000": "Kraftfahrzeug Zulassung",
    "99036009000000": "Kraftfahrzeugkennzeichen",
    "99107014000000": "Pfändungsschutzkonto",
}


@pytest.fixture
async def listed(catalogue: Catalogue) -> Catalogue:
    """Services of a LeiKa catalogue, without any description."""
    rows = [f"{key},{title},2/3,," for key, title in TITLES.items()]
    table = "\n".join(["leika_key,name,typisierung,ozg_id,ozg_leistung", *rows])
    await catalogue.services(catalogue.written("leika.csv", table))
    return catalogue


async def found(catalogue: Catalogue, query: str) -> Sequence[str]:
    """The titles of the hits, in order."""
    answer: dict[str, Any] = await catalogue.ask(SEARCH, {"query": query})
    return [edge["node"]["title"] for edge in answer["services"]["edges"]]


BEST = {
    "Personalausweis": "Personalausweis",
    "personal ausweis": "Personalausweis",
    "PERSONALAUSWEISE": "Personalausweis",
    "Personalauswies": "Personalausweis",
    "personalausw": "Personalausweis",
    "Personalausweis verlängern": "Personalausweis Verlängerung",
    "verlaengerung des Personalausweises": "Personalausweis Verlängerung",
    "Personalausweisverlängerung": "Personalausweis Verlängerung",
    "Wo kann ich meinen Wohnsitz anmelden?": "Wohnsitz Anmeldung",
    "wohnsitz abgemeldet": "Wohnsitz Abmeldung",
    "Hund": "Hundesteuer",
    "Steuer für Hunde": "Hundesteuer",
    "Gewerbeabmeldung": "Gewerbe Abmeldung",
    "Kindegeld": "Kindergeld",
    "kinder geld": "Kindergeld",
    "99 041 007": "Kindergeld",
}


@pytest.mark.parametrize("query", BEST)
async def test_the_best_answer_comes_first(listed: Catalogue, query: str) -> None:
    assert (await found(listed, query))[0] == BEST[query]


@pytest.mark.parametrize(
    "query",
    ["Flug nach Mallorca buchen", "Kinderlied", "Steuersong", "qqq", "beantragen", "Personalrat wählen"],
)
async def test_what_has_no_answer_gets_none(listed: Catalogue, query: str) -> None:
    assert await found(listed, query) == []


async def test_what_is_done_with_an_object_follows_it(listed: Catalogue) -> None:
    assert await found(listed, "Personalausweis") == [
        "Personalausweis",
        "Personalausweis Ausstellung",
        "Personalausweis Verlängerung",
    ]


async def test_the_words_of_a_phrase_find_where_what_it_means_is_not_there(listed: Catalogue) -> None:
    def words(connection: Connection) -> None:
        entries = [
            Entry("Perso", "de", Relation.SAME, ("Personalausweis",)),
            Entry("Perso verloren", "de", Relation.USE, ("Personalausweis Meldung wegen Verlust",)),
            Entry("Hund weg", "de", Relation.USE, ("Hundesteuer Abmeldung", "Hundesteuer Festsetzung")),
        ]
        put(connection, "editors", entries, "2026-03-02")

    await listed.catalog.write(words)
    assert (await found(listed, "Perso verloren"))[0] == "Personalausweis"
    assert (await found(listed, "Hund weg"))[0] == "Hundesteuer Festsetzung"
