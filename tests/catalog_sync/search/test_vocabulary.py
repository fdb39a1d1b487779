"""The words that are known: however they came there, the same words give the same answers."""

from collections.abc import Collection, Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.search.vocabulary import Vocabulary

WORDS = ("hund", "hunde", "hundesteuer", "steuer", "steuern", "rund", "bund", "bunde", "pass", "spass")
_spoken = st.sampled_from(WORDS).map(lambda word: (word[:4], word))
_silent = st.sampled_from(WORDS).map(lambda word: (word[:4], None))
changes = st.lists(st.one_of(_spoken, _silent), max_size=4).map(dict)
thesauri = st.sets(st.sampled_from(WORDS), max_size=4).map(lambda some: {word: word[:4] for word in some})


def under(words: Vocabulary, surfaces: Mapping[str, str], german: Collection[str]) -> Vocabulary:
    """The same words with others of a thesaurus."""
    found, steps = words.under(surfaces, german)
    return done(steps, found)


def done(steps: Iterable[None], words: Vocabulary) -> Vocabulary:
    """Words after all steps."""
    for _ in steps:
        pass
    return words


def rebuilt(held: Mapping[str, str | None], of_thesaurus: Mapping[str, str]) -> Vocabulary:
    """The same words, all at once."""
    made = under(Vocabulary(), of_thesaurus, {word for word in of_thesaurus if len(word) != 5})
    return done(made.take(held), made)


def answers(words: Vocabulary) -> list[object]:
    """What it says of each word, of its beginnings, and of words near it."""
    asked = [*WORDS, "hnude", "steuerm", "xund", "und", "passs", "sbass"]
    return [
        (
            word,
            word in words,
            words.is_written(word),
            list(words.completions(word[:3])),
            words.corrections(word),
        )
        for word in asked
    ]


@given(st.lists(changes, max_size=6), thesauri)
def test_change_by_change_is_as_all_at_once(
    steps: list[dict[str, str | None]], of_thesaurus: dict[str, str]
) -> None:
    german = {word for word in of_thesaurus if len(word) != 5}
    words, held = Vocabulary(), dict[str, str | None]()
    for number, step in enumerate([{}, *steps]):
        done(words.take(step), words)
        held |= step
        if number == len(steps) // 2:
            words = under(words, of_thesaurus, german)
    assert answers(words) == answers(rebuilt(held, of_thesaurus))


def test_many_changes_at_once_stay_in_order() -> None:
    many: dict[str, str | None] = {f"stem{number}": f"wort{number:04}" for number in range(1000)}
    words = Vocabulary()
    done(words.take(many), words)
    done(words.take({f"stem{number}": None for number in range(0, 1000, 2)}), words)
    assert [surface for surface, _ in words.completions("wort00")] == [
        f"wort{n:04}" for n in range(1, 100, 2)
    ]
    assert "wort0002" not in words
    assert words.surface("stem3") == "wort0003"
    assert words.surface("stem2") == "stem2"


def test_the_nearest_words_begin_alike_or_are_one_edit_away() -> None:
    words = Vocabulary()
    known = {"rund": "rund", "hund": "hund", "steuer": "steuererklarung", "neuer": "neuererklarung"}
    done(words.take(known), words)
    assert {one.surface for one in words.corrections("bund")} == {"rund", "hund"}
    assert [one.surface for one in words.corrections("uhnd")] == ["hund"]
    assert [(one.surface, one.distance) for one in words.corrections("steurerklarun")] == [
        ("steuererklarung", 2)
    ]
    assert words.corrections("und") == []
    assert words.corrections("abcdefgh") == []
