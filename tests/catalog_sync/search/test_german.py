"""Words that are one word: inflection, participles, verbs and their nouns, umlauts and ß in every spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.folding import folded_words
from catalog_sync.search.german import stem


def stems(text: str) -> set[str]:
    """The stems of a text's words."""
    return {stem(word) for word in folded_words(text)}


@pytest.mark.parametrize(
    "words",
    [
        "anmelden Anmeldung angemeldet anzumelden anmeldete",
        "verlängern Verlängerung verlaengern VERLANGERN",
        "Haus Häuser Haeuser Häusern",
        "bauen Bau gebaut",
        "umziehen umgezogen Umzug umzuziehen",
        "aufnehmen Aufnahme aufgenommen",
        "austreten Austritt ausgetreten",
        "registrieren Registrierung registriert",
        "geheiratet heiraten Heirat",
        "Adoption Adoptionen",
        "Pass Pässe Paesse",
        "Straße Strasse STRASSE Straßen",
        "gestohlen stehlen gestohlener gestohlenes",
        "gekündigt kündigen Kündigung",
        "Prüfung prüfen Prüfungen",
        "studieren Studium",
        "zulassen Zulassung zuzulassen zugelassen",
    ],
)
def test_forms_of_a_word_have_one_stem(words: str) -> None:
    assert len(stems(words)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Gericht richten",
        "Gehalt halten",
        "Gebiet bieten",
        "Gewalt walten",
        "genehmigt nehmen",
        "Führerschein Führung",
        "Anmeldung Abmeldung",
        "Pass Passage",
        "Kind Kunde",
    ],
)
def test_other_words_have_other_stems(words: str) -> None:
    assert len(stems(words)) == 2


@pytest.mark.parametrize("word", ["34c", "2026", "eu", "alg", "kfz"])
def test_numbers_and_short_words_stay(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    ("first", "second"), [("bauen", "baün"), ("Steuer", "Stür"), ("Quelle", "Qülle"), ("neue", "neü")]
)
def test_not_every_ue_is_an_umlaut(first: str, second: str) -> None:
    assert folded_words(first) != folded_words(second)


@given(st.text(max_size=80))
def test_every_word_has_a_stem_that_is_no_longer_and_stable(text: str) -> None:
    for word in folded_words(text):
        found = stem(word)
        assert found
        assert len(found) <= len(word) + 4
        assert stem(word) == found
