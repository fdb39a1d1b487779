"""What words lead to: German by stems, other languages by spelling, editors before what is shipped."""

import pytest

from catalog_sync.search.analyzer import question
from catalog_sync.search.asking import concepts
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.thesaurus import Thesaurus, singular

ENTRIES = [
    ("Altersgeld", "de", "use", ["Rente"]),
    ("Rente", "de", "use", ["Altersrente"]),
    ("rent", "en", "use", ["Miete"]),
    ("vat", "en", "use", ["Umsatzsteuer"]),
    ("poster", "en", "use", ["Plakat"]),
    ("rats", "en", "use", ["Rattenbekämpfung"]),
    ("Rat", "de", "use", ["Stadtrat"]),
    ("handy", "en", "use", ["Mobiltelefon"]),
    ("war refugee", "en", "use", ["vorübergehender Schutz"]),
    ("refugee", "en", "use", ["Flüchtling"]),
    ("make a will", "en", "use", ["Testament"]),
    ("b&b", "en", "use", ["Beherbergung"]),
    ("iş izni", "tr", "use", ["Arbeitserlaubnis"]),
    ("bank", "en", "use", ["Kreditinstitut"]),
    ("Bank", "de", "use", ["Sitzbank"]),
    ("bank account seizure", "en", "use", ["Kontopfändung"]),
    ("małżeństwo", "pl", "use", ["Eheschließung"]),
]
THESAURUS = Thesaurus(ENTRIES)


def means(text: str) -> list[str]:
    """What a question's concepts lead to by the thesaurus."""
    index = SearchIndex()
    index.thesaurus = THESAURUS
    found = [other for one in concepts(text, index) for other in one.alternatives]
    return [other.shown for other in found if other.how == "thesaurus"]


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("rent", ["Miete"]),
        ("Rente", ["Altersrente"]),
        ("Renten", ["Altersrente"]),
        ("vat", ["Umsatzsteuer"]),
        ("Vater", []),
        ("posters", ["Plakat"]),
        ("Post", []),
        ("rats", ["Rattenbekämpfung"]),
        ("Rat", ["Stadtrat"]),
        ("Handy", ["Mobiltelefon"]),
        ("Handys", ["Mobiltelefon"]),
        ("war refugee", ["vorübergehender Schutz"]),
        ("war refugees", ["vorübergehender Schutz"]),
        ("Ich war Refugee", ["vorübergehender Schutz"]),
        ("refugee", ["Flüchtling"]),
        ("how do I make a will", ["Testament"]),
        ("make", []),
        ("b&b", ["Beherbergung"]),
        ("iş izni", ["Arbeitserlaubnis"]),
        ("İş İzni", ["Arbeitserlaubnis"]),
        ("malzenstwo", ["Eheschließung"]),
        ("MAŁŻEŃSTWO", ["Eheschließung"]),
        ("Bank", ["Sitzbank"]),
        ("bank account seizure", ["Kontopfändung"]),
    ],
)
def test_a_word_leads_where_its_own_language_says(asked: str, led: list[str]) -> None:
    assert means(asked) == led


@pytest.mark.parametrize(
    ("word", "one"),
    [("rats", "rat"), ("taxes", "tax"), ("babies", "baby"), ("addresses", "address"), ("houses", "house")]
    + [(word, word) for word in ("bus", "business", "gas", "visa", "tennis")],
)
def test_a_plural_loses_its_ending_and_nothing_else_does(word: str, one: str) -> None:
    assert singular(word) == one


def test_words_of_entries_are_known_and_others_are_not() -> None:
    known = {text: THESAURUS.has(question(text)[0]) for text in ("rents", "Altersgeld", "izni", "Mond")}
    assert known == {"rents": True, "Altersgeld": True, "izni": True, "Mond": False}
