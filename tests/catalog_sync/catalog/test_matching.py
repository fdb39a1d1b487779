"""Which rule answers for a place."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.matching import COMPETENT_AUTHORITY, CONTACT_POINT, ONLINE_SERVICE, deepest
from catalog_sync.catalog.records import Edge

PREFIXES = ("", "06", "065", "06532", "065320023", "065320023023")


def edge(rule: int, area: str, role: int = COMPETENT_AUTHORITY, owner: int = 1) -> Edge:
    return Edge(1, AreaKey(area), role, owner, rule)


def chosen(edges: list[Edge], role: int = COMPETENT_AUTHORITY) -> list[int]:
    return [one.rule for one in deepest(edges, role)]


def test_the_longest_area_wins() -> None:
    assert chosen([edge(1, ""), edge(2, "06"), edge(3, "06532")]) == [3]


def test_all_of_that_length_are_named() -> None:
    assert chosen([edge(5, "06"), edge(2, "06", owner=2), edge(3, "")]) == [2, 5]


def test_each_role_is_chosen_by_itself() -> None:
    edges = [edge(1, "06"), edge(2, "06532", CONTACT_POINT), edge(3, "", ONLINE_SERVICE)]
    assert [chosen(edges, role) for role in (COMPETENT_AUTHORITY, CONTACT_POINT, ONLINE_SERVICE)] == [
        [1],
        [2],
        [3],
    ]


def test_no_rule_is_no_answer() -> None:
    assert chosen([]) == []
    assert chosen([edge(1, "06")], CONTACT_POINT) == []


@given(st.lists(st.tuples(st.sampled_from(PREFIXES), st.sampled_from([0, 1, 3])), max_size=12))
def test_matching_equals_a_naive_model(drawn: list[tuple[str, int]]) -> None:
    edges = [edge(number, area, role) for number, (area, role) in enumerate(drawn)]
    for role in (0, 1, 3):
        expected: list[int] = []
        for area in reversed(PREFIXES):
            expected = [number for number, one in enumerate(drawn) if one == (area, role)]
            if expected:
                break
        assert chosen(edges, role) == expected
