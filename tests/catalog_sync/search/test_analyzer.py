"""Words of texts: read piece by piece they are the same as read as a whole, in short texts and in long ones."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.folding import folded_words
from catalog_sync.catalog.markup import words_alone
from catalog_sync.search.analyzer import MAX_TOKEN, STOP_WORDS, Word, different_words, words
from catalog_sync.search.german import stem

LETTERS = st.text(
    alphabet=st.sampled_from("abcäöüßéÄÖÜ eEuo-.,1<>&łıİ\u0308\u00ad\u00a0\u2122½™´\n"), max_size=300
)


@given(st.one_of(LETTERS, st.text(max_size=200)))
def test_no_rule_looks_beyond_a_blank(text: str) -> None:
    whole = [word[:MAX_TOKEN] for word in folded_words(text) if word not in STOP_WORDS]
    assert words(text) == tuple(Word(word, stem(word)) for word in whole)


@given(st.one_of(LETTERS, st.text(max_size=200)))
def test_a_long_text_has_the_same_words_each_once(text: str) -> None:
    found: dict[str, str] = {}
    for surface, own in words(text):
        found.setdefault(own, surface)
    assert list(different_words(text).items()) == list(found.items())


def test_tags_and_entities_are_no_words() -> None:
    html = "<p>Für Ihren&nbsp;Hund</p><ul><li>Steuer&shy;marke</li></ul>"
    found = different_words(words_alone(html))
    assert "hund" in found
    assert not {"p", "li", "nbsp"} & found.keys()
