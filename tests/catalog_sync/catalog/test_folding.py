"""One spelling for all that people take for the same word, in short texts and in long ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.folding import different_words, folded_words
from catalog_sync.catalog.markup import words_alone


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Köln KOELN koln", ("koln", "koln", "koln")),
        ("Straße STRASSE", ("strasse", "strasse")),
        ("bauen Steuer Quelle", ("bauen", "steuer", "quelle")),
        ("Łódź İzmir kimlik kartı", ("lodz", "izmir", "kimlik", "karti")),
        ("KFZ-Kennzeichen, § 34c", ("kfz", "kennzeichen", "34c")),
    ],
)
def test_a_word_is_one_however_it_is_written(text: str, words: tuple[str, ...]) -> None:
    assert folded_words(text) == words


@given(st.text(alphabet=st.sampled_from("abcäöüßéÄÖÜ eEuo-.,1<>&łı\u0308\n"), max_size=80))
def test_a_long_text_has_the_same_words_each_once(text: str) -> None:
    assert different_words(text) == set(folded_words(text))


def test_tags_and_entities_are_no_words() -> None:
    html = "<p>Für Ihren&nbsp;Hund</p><ul><li>Steuer&shy;marke</li></ul>"
    assert different_words(words_alone(html)) >= {"fur", "ihren", "hund"}
    assert not {"p", "li", "nbsp"} & different_words(words_alone(html))
