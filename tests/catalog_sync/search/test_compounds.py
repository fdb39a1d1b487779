"""Compounds fall into the words that they are made of, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.search.analyzer import tokens_of_compound
from catalog_sync.search.compounds import is_constituent, parts, split


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("personalausweis", ("personal", "ausweis")),
        ("hundesteuer", ("hunde", "steuer")),
        ("rundfunkbeitrag", ("rundfunk", "beitrag")),
        ("kinderreisepassverlangerung", ("kinder", "reisepass", "verlangerung")),
        ("vereinsregister", ("verein", "register")),
        ("aufenthaltserlaubnis", ("aufenthalt", "erlaubnis")),
    ],
)
def test_a_compound_has_parts_without_linking_letters(word: str, found: tuple[str, ...]) -> None:
    assert parts(word) == found


@pytest.mark.parametrize("word", ["ausweis", "bund", "mallorca", "hundxsteuer", "", "a" * 61, "steuer" * 11])
def test_other_words_have_none(word: str) -> None:
    assert parts(word) == ()


def test_a_part_is_found_by_itself_and_with_its_neighbour() -> None:
    tokens = tokens_of_compound("kinderreisepass")
    assert "~reisepass" in tokens
    assert "~kind" in tokens
    assert "~kinderreisepass" not in tokens


def test_fewest_parts_win_and_words_can_be_added() -> None:
    known = {"fahr", "rad", "fahrrad", "weg"}.__contains__
    assert split("fahrradweg", known) == ("fahrrad", "weg")
    assert split("fahrradxweg", known) == ()
    assert split("landesrecht", {"land", "lande", "recht"}.__contains__) == ("lande", "recht")
    assert split("landrechts", {"land", "recht"}.__contains__) == ()


@given(
    st.lists(st.sampled_from(["hund", "steuer", "ausweis", "kind", "geld", "antrag"]), min_size=2, max_size=6)
)
def test_what_is_put_together_can_be_taken_apart(words: list[str]) -> None:
    whole = "".join(words)
    found = parts(whole)
    if len(whole) <= 60:
        assert found
        assert len(found) <= len(words)
        assert all(is_constituent(part) for part in found)
