"""Scores over catalogues that are drawn: sets, bounds and steps give what looking at each service gives."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.search.asking import Alternative, Concept, How
from catalog_sync.search.bits import flagged, members, set_of
from catalog_sync.search.fields import PART, Field
from catalog_sync.search.finding import Answer
from catalog_sync.search.generation import Generation, generation_of
from catalog_sync.search.own import Own
from catalog_sync.search.postings import packed, patched, posting_of, unpacked
from catalog_sync.search.scoring import answering
from tests.catalog_sync.search.one_by_one import own_scores, with_relatives

STEMS = ("hund", "steu", "ausweis", "pass", "kind", "geld", "anmeld", "bau")
Words = Sequence[tuple[str, int]]


def drawn_generation(services: Sequence[Words], objects: int, bundles: int) -> Generation:
    """An index of drawn services: of each its words with their fields."""
    lists: dict[str, dict[int, int]] = defaultdict(dict)
    rows = []
    for number, words in enumerate(services):
        key = 99_001_000_000_000 + number % objects * 1_000_000 + number * 1_000
        title = ",".join(f'"{word}"' for word, mask in words if mask & Field.TITLE and word[0] != PART)
        bundle = str(number % bundles) if number % 3 else None
        rows.append(
            (str(key), f"[[{title}]]", '["audience:001"]' if number % 2 else "[]", bundle, "[]", "[]")
        )
        for word, mask in words:
            lists[word][key] = lists[word].get(key, 0) | mask
    return generation_of(((word, listed(found)) for word, found in lists.items()), rows)


def listed(found: Mapping[int, int]) -> bytes:
    """A list of keys with their fields, as it is stored."""
    return packed(patched(b"", [posting_of(key, mask) for key, mask in found.items()]))


words = st.tuples(
    st.sampled_from([*STEMS, *(PART + stem for stem in STEMS)]),
    st.sampled_from(
        [Field.TITLE, Field.KEYWORD, Field.BUNDLE, Field.SUMMARY, Field.TEXT, Field.TITLE | Field.TEXT]
    ),
)
generations = st.builds(
    drawn_generation,
    st.lists(st.lists(words, min_size=1, max_size=5, unique_by=lambda one: one[0]), min_size=1, max_size=90),
    st.integers(1, 30),
    st.integers(1, 9),
)
alternatives = st.builds(
    Alternative,
    st.lists(st.sampled_from([*STEMS, "unknown"]), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from([1.0, 0.9, 0.5, 0.3]),
    st.sampled_from(list(How)),
    st.just("shown"),
)
questions = st.lists(
    st.builds(
        Concept,
        st.sampled_from(["hund", "unbekannt", "machen", "graben"]),
        st.lists(alternatives, max_size=4).map(tuple),
        st.integers(1, 3),
    ),
    max_size=5,
)


@given(generations, questions)
def test_sets_of_services_give_the_scores_of_each(generation: Generation, asked: Sequence[Concept]) -> None:
    answer = Answer(Own(answering(asked, generation), generation))
    keys, own = generation.roster.keys, own_scores(asked, generation)
    assert {keys[slot]: answer.own.of(slot) for slot in generation.roster.slots.values()} == pytest.approx(
        {key: own.get(key, 0.0) for key in keys}
    )
    expected = with_relatives(own, generation)
    ranked = [(keys[slot], points) for points, bits in answer.ranking() for slot in members(bits)]
    assert dict(ranked) == pytest.approx(expected)
    assert len(ranked) == len(expected)
    assert [points for _, points in ranked] == sorted((points for _, points in ranked), reverse=True)
    assert {keys[slot] for slot in members(answer.everything)} == expected.keys()


@given(generations, questions, st.sets(st.integers(0, 89)))
def test_looking_among_some_services_gives_their_scores(
    generation: Generation, asked: Sequence[Concept], wanted: set[int]
) -> None:
    answer = Answer(Own(answering(asked, generation), generation))
    among = set_of(wanted, 90) & answer.everything
    scores = {
        slot: points for points, bits in answer.ranking() for slot in members(bits) if among >> slot & 1
    }
    some = {slot: points for points, bits in answer.ranking(among) for slot in members(bits & among)}
    assert some == scores


@given(st.sets(st.integers(0, 500)))
def test_a_set_has_what_was_put_in(slots: set[int]) -> None:
    assert members(set_of(slots, 501)) == sorted(slots)
    assert flagged(bytes(slot in slots for slot in range(501))) == set_of(slots, 501)


@given(
    st.dictionaries(st.integers(0, 99_999_999_999_999), st.integers(1, 65_535)),
    st.dictionaries(st.integers(0, 99), st.integers(0, 9)),
)
def test_a_list_holds_what_was_put_in(held: dict[int, int], changes: dict[int, int]) -> None:
    found = patched(listed(held), [posting_of(key, mask) for key, mask in changes.items()])
    expected = {key: mask for key, mask in (held | changes).items() if mask}
    assert {posting >> 16: posting & 0xFFFF for posting in found} == expected
    assert list(found) == sorted(found)
    assert unpacked(packed(found)) == found
