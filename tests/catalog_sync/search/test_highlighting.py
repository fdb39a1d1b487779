"""Marking words: nothing of a text is lost, and offsets are those of the text as written."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.folding import folded_words, located_words, spelled_words
from catalog_sync.search.german import stem
from catalog_sync.search.highlighting import highlighted
from catalog_sync.search.spelling import Spellings


@given(st.text(max_size=60) | st.text("aeouÄöüßłŁıé\u0308 -Ee", max_size=30))
def test_located_words_are_the_folded_ones(text: str) -> None:
    found = located_words(text)
    assert tuple(word.folded for word in found) == folded_words(text)
    for word in found:
        assert len(word.places) == len(word.folded) + 1
        assert list(word.places) == sorted(word.places)
        assert 0 <= word.places[0] <= word.places[-1] <= len(text)


@given(
    st.text("Hundestraeü ß-e", max_size=40), st.sets(st.sampled_from(["hund", "strass", "hundesteu", "tur"]))
)
def test_put_together_the_pieces_are_the_text(text: str, stems: set[str]) -> None:
    pieces = highlighted(text, stems)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    assert all(a.matched != b.matched for a, b in pairwise(pieces))


def marked(text: str, *asked: str) -> str:
    """A text with what is marked in brackets."""
    pieces = highlighted(text, {stem(word) for word in asked})
    return "".join(f"[{one.text}]" if one.matched else one.text for one in pieces)


def test_whole_words_parts_and_neighbouring_parts() -> None:
    assert marked("Hundesteuer, Hund und Hunde", "hund") == "[Hund]esteuer, [Hund] und [Hunde]"
    assert marked("Kinderreisepass", "reisepass") == "Kinder[reisepass]"
    assert marked("Übergröße der Straßen", "strasse") == "Übergröße der [Straßen]"
    assert marked("Muellgebuehr", "mull") == "[Muell]gebuehr"
    assert marked("Nichts davon", "hund") == "Nichts davon"
    assert marked("", "hund") == ""


def test_words_are_spelled_as_most_services_write_them() -> None:
    spellings = Spellings()
    spellings.add(["Führungszeugnis", "fuehrungszeugnis", "Führungszeugnis für alle"])
    assert spellings.written("fuhrungszeugnis") == "Führungszeugnis"
    assert spellings.written("hund") == "hund"
    spellings.remove(["Führungszeugnis", "Führungszeugnis für alle"])
    assert spellings.written("fuhrungszeugnis") == "fuehrungszeugnis"
    spellings.remove(["fuehrungszeugnis"])
    assert spellings.written("fuhrungszeugnis") == "fuhrungszeugnis"
    assert list(spelled_words("Häuser-Bau")) == [("hauser", "Häuser"), ("bau", "Bau")]
