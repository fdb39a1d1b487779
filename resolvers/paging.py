"""Pages of a list (Relay's connection specification): `first` or `last` of 1 to 100, opaque cursors, a total."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from resolvers.errors import BadArgument
from resolvers.views import ConnectionView, EdgeView, PageInfoView

T = TypeVar("T")
MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a list that a page shows: from `start` up to and without `stop`."""

    start: int
    stop: int
    total: int


def sliced(names: Sequence[str], page: Page) -> Slice:
    """The part that a page shows of a list whose items are called by `names`.

    Raises:
        BadArgument: BAD_PAGE_SIZE or BAD_CURSOR.
    """
    _check_size(page)
    start = _behind(names, page.after) if page.after is not None else 0
    stop = _position(names, page.before)[0] if page.before is not None else len(names)
    stop = max(stop, start)
    if page.first is not None:
        stop = min(stop, start + page.first)
    if page.last is not None:
        start = max(start, stop - page.last)
    return Slice(start, stop, len(names))


def reach(page: Page) -> int | None:
    """How far into a list a page may look, where its cursors stand where they stood; None for all of it.

    Raises:
        BadArgument: BAD_PAGE_SIZE or BAD_CURSOR.
    """
    _check_size(page)
    before = None if page.before is None else _read(page.before)[0] + 1
    if page.first is None:
        return before
    end = page.first + (0 if page.after is None else _read(page.after)[0] + 1)
    return end if before is None else max(before, end)


def all_stand_there(names: Sequence[str], page: Page) -> bool:
    """Whether the items of a page's cursors are where they were."""
    read = [_read(cursor) for cursor in (page.after, page.before) if cursor is not None]
    return all(at < len(names) and names[at] == name for at, name in read)


def connection(names: Sequence[str], nodes: Sequence[T], part: Slice) -> ConnectionView:
    """The page as the graph shows it; `nodes` are those of the part."""
    edges = [
        EdgeView(_cursor(index, names[index]), node)
        for index, node in zip(range(part.start, part.stop), nodes, strict=True)
    ]
    info = PageInfoView(
        has_next_page=part.stop < part.total,
        has_previous_page=part.start > 0,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return ConnectionView(edges, info, part.total)


def paged(items: Sequence[T], name: Callable[[T], str], page: Page) -> ConnectionView:
    """A page of a list that is in memory."""
    names = [name(item) for item in items]
    part = sliced(names, page)
    return connection(names, items[part.start : part.stop], part)


def _check_size(page: Page) -> None:
    if page.first is not None and page.last is not None:
        raise BadArgument(
            "BAD_PAGE_SIZE", "Give `first` or `last`, not both: a page is counted from one end."
        )
    size = page.first if page.first is not None else page.last
    if size is None:
        raise BadArgument("BAD_PAGE_SIZE", f"Say how many: `first` or `last`, a number from 1 to {MAX_PAGE}.")
    if not 1 <= size <= MAX_PAGE:
        word = "first" if page.first is not None else "last"
        raise BadArgument("BAD_PAGE_SIZE", f"`{word}` is {size}; it can be 1 to {MAX_PAGE}.")


def _cursor(index: int, name: str) -> str:
    return urlsafe_b64encode(f"{index}:{name}".encode()).decode().rstrip("=")


def _behind(names: Sequence[str], cursor: str) -> int:
    """Where the list goes on after the item of a cursor; an item that is gone has its follower in its place."""
    at, is_there = _position(names, cursor)
    return at + 1 if is_there else at


def _position(names: Sequence[str], cursor: str) -> tuple[int, bool]:
    """Where the item of a cursor stands now, or where it stood if it is gone; and whether it is there."""
    at, name = _read(cursor)
    if at < len(names) and names[at] == name:
        return at, True
    return (names.index(name), True) if name in names else (min(at, len(names)), False)


def _read(cursor: str) -> tuple[int, str]:
    """Where an item stood, and its name."""
    try:
        index, colon, name = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
    except (NoBase64, ValueError):
        colon = ""
    if not colon or not index.isdecimal() or len(index) > 9:  # noqa: PLR2004 - no list is longer
        raise BadArgument(
            "BAD_CURSOR",
            f"“{cursor[:40]}” is no cursor of this list: take one that an edge or pageInfo gave.",
        )
    return int(index), name
