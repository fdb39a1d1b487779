"""Pages of a list: sizes, cursors that stay, and wrong arguments."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.errors import BadArgument
from resolvers.paging import Page, paged
from resolvers.views import ConnectionView
from tests.catalogues import Catalogue, Json
from tests.makers import delete, message, service

NAMES = [f"n{number:02}" for number in range(12)]
SERVICES = """query($first: Int, $after: String, $last: Int, $before: String) {
    services(query: "seite", first: $first, after: $after, last: $last, before: $before) {
        totalCount edges { cursor node { leikaKey } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def page(names: list[str] = NAMES, /, **arguments: Any) -> ConnectionView:
    """A page of a list of names."""
    return paged(names, str, Page(**arguments))


def shown(found: ConnectionView) -> list[str]:
    """The names on a page."""
    return [edge.node for edge in found.edges]


@pytest.mark.parametrize(
    ("arguments", "expected", "more"),
    [
        ({"first": 3}, NAMES[:3], (False, True)),
        ({"last": 3}, NAMES[-3:], (True, False)),
        ({"first": 100}, NAMES, (False, False)),
        ({"first": 12}, NAMES, (False, False)),
        ({"first": 1}, NAMES[:1], (False, True)),
    ],
)
def test_a_page_is_counted_from_one_end(
    arguments: dict[str, Any], expected: list[str], more: tuple[bool, bool]
) -> None:
    found = page(**arguments)
    assert shown(found) == expected
    assert (found.page_info.has_previous_page, found.page_info.has_next_page) == more
    assert found.total_count == 12


def test_pages_follow_each_other_both_ways() -> None:
    first = page(first=5)
    second = page(first=5, after=first.page_info.end_cursor)
    third = page(first=5, after=second.page_info.end_cursor)
    assert shown(first) + shown(second) + shown(third) == NAMES
    assert third.page_info.has_next_page is False
    back = page(last=5, before=third.page_info.start_cursor)
    assert shown(back) == shown(second)
    assert back.page_info.has_previous_page is True
    between = page(first=2, after=first.edges[0].cursor, before=first.edges[4].cursor)
    assert shown(between) == NAMES[1:3]


def test_an_empty_list_has_an_empty_page() -> None:
    found = page([], first=5)
    assert (shown(found), found.total_count) == ([], 0)
    assert found.page_info.start_cursor is None


@pytest.mark.parametrize("size", [-1, 0, 101, 2**31 - 1, -(2**31)])
@pytest.mark.parametrize("word", ["first", "last"])
def test_other_sizes_are_told_what_is_right(word: str, size: int) -> None:
    with pytest.raises(BadArgument, match=f"`{word}` is {size}; it can be 1 to 100") as refused:
        page(**{word: size})
    assert refused.value.extensions == {"code": "BAD_PAGE_SIZE"}


@pytest.mark.parametrize("arguments", [{}, {"first": 1, "last": 1}, {"after": "x"}])
def test_one_of_first_and_last_is_needed(arguments: dict[str, Any]) -> None:
    with pytest.raises(BadArgument) as refused:
        page(**arguments)
    assert refused.value.extensions == {"code": "BAD_PAGE_SIZE"}


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "💥",
        "a" * 5000,
        *(urlsafe_b64encode(text).decode() for text in (b"n01", b"-1:n01", b"1e3:a", b"\xff")),
    ],
)
@pytest.mark.parametrize("word", ["after", "before"])
def test_a_cursor_that_is_none_is_told(word: str, cursor: str) -> None:
    with pytest.raises(BadArgument, match="no cursor of this list") as refused:
        page(first=1, **{word: cursor})
    assert refused.value.extensions == {"code": "BAD_CURSOR"}


def test_cursors_hold_when_the_list_changes() -> None:
    cursor = page(first=5).page_info.end_cursor
    grown = ["a", "b", *NAMES]
    assert shown(page(grown, first=2, after=cursor)) == NAMES[5:7]
    without = [name for name in NAMES if name != "n04"]
    assert shown(page(without, first=2, after=cursor)) == NAMES[5:7]
    assert shown(page(without, last=2, before=cursor)) == NAMES[2:4]
    assert shown(page(NAMES[:2], first=2, after=cursor)) == []


@given(
    st.lists(st.text(max_size=3), max_size=30, unique=True),
    st.integers(1, 7),
    st.sampled_from(["first", "last"]),
)
def test_pages_walked_from_either_end_are_the_list(names: list[str], size: int, end: str) -> None:
    walked: list[str] = []
    cursor: str | None = None
    while True:
        if end == "first":
            found = page(names, first=size, after=cursor)
            walked += shown(found)
            cursor, more = found.page_info.end_cursor, found.page_info.has_next_page
        else:
            found = page(names, last=size, before=cursor)
            walked = shown(found) + walked
            cursor, more = found.page_info.start_cursor, found.page_info.has_previous_page
        assert found.total_count == len(names)
        if not more:
            break
    assert walked == names


@given(st.text(max_size=40))
def test_any_text_as_a_cursor_is_a_page_or_a_clear_refusal(cursor: str) -> None:
    try:
        found = shown(page(first=3, after=cursor))
    except BadArgument as refused:
        found = [refused.message]
    assert len(found) <= 3


async def pages(catalogue: Catalogue, **variables: object) -> Json:
    """A page of services."""
    found: Json = (await catalogue.ask(SERVICES, variables))["services"]
    return found


@pytest.fixture
async def seven(catalogue: Catalogue) -> Catalogue:
    """Seven services that one word finds."""
    writes = [service(f"{number}", f"9900000000000{number}", title="Seite") for number in range(7)]
    await catalogue.deliver("hessen", message(writes=writes))
    return catalogue


def keys(found: Json) -> str:
    """The last digits of the services on a page."""
    return "".join(edge["node"]["leikaKey"][-1] for edge in found["edges"])


async def test_services_are_paged(seven: Catalogue) -> None:
    first = await pages(seven, first=3)
    assert (keys(first), first["totalCount"]) == ("012", 7)
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": first["edges"][0]["cursor"],
        "endCursor": first["edges"][2]["cursor"],
    }
    second = await pages(seven, first=3, after=first["pageInfo"]["endCursor"])
    assert (keys(second), second["totalCount"]) == ("345", 7)
    assert keys(await pages(seven, last=2, before=second["pageInfo"]["startCursor"])) == "12"
    assert keys(await pages(seven, last=2)) == "56"


async def test_a_service_that_went_between_two_pages_costs_none_of_the_others(seven: Catalogue) -> None:
    first = await pages(seven, first=3)
    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Leistung", "2")])
    await seven.deliver("hessen", gone)
    assert keys(await pages(seven, first=3, after=first["pageInfo"]["endCursor"])) == "345"


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({}, "BAD_PAGE_SIZE"),
        ({"first": -1}, "BAD_PAGE_SIZE"),
        ({"first": 0}, "BAD_PAGE_SIZE"),
        ({"last": 101}, "BAD_PAGE_SIZE"),
        ({"first": 1, "last": 1}, "BAD_PAGE_SIZE"),
        ({"first": 1, "after": "nonsense"}, "BAD_CURSOR"),
        ({"first": 2**40}, "BAD_VARIABLES"),
        ({"first": "5"}, "BAD_VARIABLES"),
    ],
)
async def test_wrong_pages_are_told_by_code(seven: Catalogue, variables: Json, code: str) -> None:
    assert (await seven.error(SERVICES, variables))[0] == code
