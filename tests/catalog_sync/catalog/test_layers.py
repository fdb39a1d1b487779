"""Which descriptions hold at a place on a day, and in which order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.keys import AreaKey, AreaLevel, cut
from catalog_sync.catalog.layers import covering, is_valid, layers_at
from catalog_sync.catalog.model import Validity
from catalog_sync.catalog.records import ServiceEntryRecord, SpecialisationRecord
from tests.catalog_sync.catalog.records import entry, specialisation

DAY = date(2026, 3, 2)
WETZLAR = AreaKey("065320023023")
LENGTHS = (12, 9, 5, 3, 2, 0)


def at(place: str | None, *entries: ServiceEntryRecord, **changes: list[SpecialisationRecord]) -> list[int]:
    """The numbers of the layers; changes are by the number of their entry, as `of1=[...]`."""
    of = {int(name[2:]): found for name, found in changes.items()}
    layers = layers_at(entries, of, None if place is None else AreaKey(place), DAY)
    return [layer.record.number for layer in layers.chosen] if layers else []


def test_the_most_specific_is_on_top_of_state_and_country() -> None:
    entries = (entry(1, ""), entry(2, "06"), entry(3, WETZLAR), entry(4, "065320021021"), entry(5, "14"))
    assert at(WETZLAR, *entries) == [3, 2, 1]
    assert at("06532", *entries) == [2, 1]
    assert at("14", *entries) == [5, 1]
    assert at("02", *entries) == [1]


def test_without_a_place_the_country_answers() -> None:
    assert at(None, entry(1, ""), entry(2, "06")) == [1]
    assert at("", entry(1, ""), entry(2, "06")) == [1]
    assert at(None, entry(2, "06")) == []


def test_of_several_areas_the_longest_that_covers_counts() -> None:
    both = entry(1, "06", "06532", "14")
    layers = layers_at([both], {}, WETZLAR, DAY)
    assert layers is not None
    assert layers.chosen[0].area == "06532"
    assert layers.chosen[0].level is AreaLevel.DISTRICT


def test_of_one_length_the_later_change_wins_then_the_identifier() -> None:
    older, newer, undated = entry(1, "06", changed=5), entry(2, "06", changed=9), entry(3, "06", changed=None)
    layers = layers_at([older, newer, undated], {}, WETZLAR, DAY)
    assert layers is not None
    assert [layer.record.number for layer in layers.chosen] == [2]
    assert [record.number for record in layers.alternatives] == [1, 3]
    assert at(WETZLAR, entry(8, "06", changed=5), entry(7, "06", changed=5)) == [7]


def test_a_specialisation_is_above_its_entry_in_its_own_areas() -> None:
    entries = (entry(1, "06"), entry(2, ""))
    change = specialisation(9, WETZLAR)
    assert at(WETZLAR, *entries, of1=[change]) == [9, 1, 2]
    assert at("065320021021", *entries, of1=[change]) == [1, 2]
    assert at(None, *entries, of1=[change]) == [2]


def test_a_specialisation_of_the_base_text_is_above_the_state_where_it_is_more_specific() -> None:
    assert at(WETZLAR, entry(1, "06"), entry(2, ""), of2=[specialisation(9, "06532")]) == [9, 1, 2]
    assert at(WETZLAR, entry(1, "06"), entry(2, ""), of2=[specialisation(9, "")]) == [1, 9, 2]


def test_a_specialisation_of_an_entry_that_lost_is_no_layer() -> None:
    entries = (entry(1, "06", changed=1), entry(2, "06", changed=2))
    assert at(WETZLAR, *entries, of1=[specialisation(9, WETZLAR)]) == [2]


def test_of_two_specialisations_the_more_specific_then_the_later_is_on_top() -> None:
    changes = [specialisation(7, "06532"), specialisation(8, WETZLAR, changed=1)]
    changes.append(specialisation(9, WETZLAR, changed=2))
    assert at(WETZLAR, entry(1, "06"), of1=changes) == [9, 8, 7, 1]


@pytest.mark.parametrize(
    ("periods", "holds"),
    [
        ([], True),
        ([("2026-03-02", None)], True),
        ([("2026-03-03", None)], False),
        ([(None, "2026-03-02")], True),
        ([(None, "2026-03-01")], False),
        ([("2026-03-02", "2026-03-02")], True),
        ([("2025-01-01", "2025-12-31"), ("2026-03-01", "2026-06-30")], True),
        ([("2025-01-01", "2025-12-31"), ("2026-04-01", "2026-06-30")], False),
    ],
)
def test_both_days_of_a_period_are_in_it(
    periods: list[tuple[str | None, str | None]], *, holds: bool
) -> None:
    assert is_valid([Validity(*period) for period in periods], DAY) is holds
    assert bool(at(WETZLAR, entry(1, "06", validities=periods))) is holds


def test_where_an_entry_has_ended_the_next_wider_answers() -> None:
    ended = entry(2, WETZLAR, validities=[(None, "2026-03-01")])
    assert at(WETZLAR, entry(1, "06"), ended) == [1]


places = st.sampled_from(
    [
        "065320023023",
        "065320021021",
        "06532",
        "065",
        "06",
        "146285229270",
        "146285229",
        "14628",
        "14",
        "02",
        "",
    ]
)
entries_drawn = st.lists(
    st.tuples(
        st.lists(places, min_size=1, max_size=3),
        st.one_of(st.none(), st.integers(0, 2)),
        st.sampled_from([(), ((None, "2026-03-01"),), (("2026-03-02", None),)]),
    ),
    max_size=6,
)
changes_drawn = st.lists(
    st.tuples(st.integers(0, 5), st.lists(places, min_size=1, max_size=2), st.integers(0, 2)), max_size=4
)
Drawn = list[tuple[list[str], int | None, tuple[tuple[str | None, str | None], ...]]]


@given(entries_drawn, changes_drawn, places)
def test_layers_equal_those_of_a_naive_model(
    drawn: Drawn, changed: list[tuple[int, list[str], int]], place: str
) -> None:
    entries = [
        entry(number, *map(cut, areas), changed=at_, validities=periods)
        for number, (areas, at_, periods) in enumerate(drawn)
    ]
    changes: dict[int, list[SpecialisationRecord]] = {}
    for number, (of, areas, at_) in enumerate(changed, 100):
        changes.setdefault(of, []).append(specialisation(number, *map(cut, areas), changed=at_))
    layers = layers_at(entries, changes, AreaKey(place), DAY)
    found = [layer.record.number for layer in layers.chosen] if layers else []
    lost = {record.number for record in layers.alternatives} if layers else set()
    assert (found, lost) == _naive(entries, changes, place)


def _length(areas: tuple[AreaKey, ...], place: str) -> int | None:
    """By brute force: the longest of the areas that begins the place."""
    return max((len(area) for area in areas if place.startswith(area)), default=None)


def _naive(
    entries: list[ServiceEntryRecord], changes: dict[int, list[SpecialisationRecord]], place: str
) -> tuple[list[int], set[int]]:
    stack: list[tuple[int, int, int, int]] = []  # length, turn of its entry, above or below, number
    lost: set[int] = set()
    for turn, length in enumerate(LENGTHS):
        holding = [
            one
            for one in entries
            if _length(one.head.areas, place) == length and is_valid(one.head.validities, DAY)
        ]
        holding.sort(key=lambda one: (-(one.changed_at or 0), one.value))
        for one in holding[:1]:
            own = [
                (max(covers, length), -(change.changed_at or 0), change.value, change.number)
                for change in changes.get(one.number, ())
                if (covers := _length(change.head.areas, place)) is not None
            ]
            for above, (reach, _, _, number) in enumerate(sorted(own)):
                stack.append((-reach, turn, above, number))
            stack.append((-length, turn, len(own), one.number))
        lost |= {one.number for one in holding[1:]}
    return [number for *_, number in sorted(stack)], lost


def test_an_area_covers_what_lies_in_it() -> None:
    assert covering([AreaKey("06"), AreaKey("065320021021")], WETZLAR) == "06"
    assert covering([AreaKey("14")], WETZLAR) is None
    assert covering([AreaKey("06")], None) is None
