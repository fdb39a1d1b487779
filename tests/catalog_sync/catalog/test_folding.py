"""One spelling for all that people take for the same word."""

import pytest

from catalog_sync.catalog.folding import folded_words


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
