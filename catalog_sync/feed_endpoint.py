"""The feed over HTTP: ``GET /changes`` (sync.md, Out). Public, like the catalogue itself."""

from collections.abc import Mapping
from http import HTTPStatus

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog_sync.catalog.keys import AreaKey, parse_ars
from catalog_sync.errors import BadArs
from catalog_sync.feed.cursors import START, BadCursor, Cursor, CursorGone, parse_cursor
from catalog_sync.feed.pages import MAX_PAGE, Page, read_page
from catalog_sync.feed.watch import FeedWatch
from catalog_sync.feed.wire import item_on_the_wire
from catalog_sync.problems import ProblemError

_DEFAULT_PAGE = 500
MAX_WAIT = 30
_CORS = {"Access-Control-Allow-Origin": "*"}


def routes(watch: FeedWatch) -> list[Route]:
    """The address /changes."""

    async def answer(request: Request) -> Response:
        try:
            return await get_changes(watch, request)
        except ProblemError as problem:
            problem.headers.update(_CORS)
            return problem.response()

    return [Route("/changes", answer, methods=["GET"])]


async def get_changes(watch: FeedWatch, request: Request) -> Response:
    """Changes behind a cursor; waits for the first one where that is asked for."""
    asked = request.query_params
    after, area = _cursor(asked.get("after")), _area(asked.get("area"))
    limit = _number(asked, "limit", _DEFAULT_PAGE, 1, MAX_PAGE)
    wait = _number(asked, "wait", 0, 0, MAX_WAIT)
    try:
        page = await _read(watch, after, area, limit)
        if wait and not page.items and not page.more and await watch.beyond(page.cursor.position, wait):
            page = await _read(watch, page.cursor, area, limit)
    except CursorGone as error:
        raise ProblemError(HTTPStatus.GONE, error.code, error.sentence) from error
    content = {
        "items": [item_on_the_wire(item) for item in page.items],
        "next": str(page.cursor),
        "more": page.more,
    }
    headers = {"Cache-Control": "no-store", **_CORS}
    return Response(orjson.dumps(content), headers=headers, media_type="application/json")


async def _read(watch: FeedWatch, after: Cursor, area: AreaKey | None, limit: int) -> Page:
    async with watch.catalog.snapshot() as snapshot:
        return await read_page(snapshot, after, area=area, limit=limit)


def _cursor(text: str | None) -> Cursor:
    if text is None:
        return START
    try:
        return parse_cursor(text)
    except BadCursor as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, error.code, error.sentence) from error


def _area(text: str | None) -> AreaKey | None:
    if text is None:
        return None
    try:
        return parse_ars(text)
    except BadArs as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, error.code, error.sentence) from error


def _number(asked: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = asked.get(name)
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    raise ProblemError(
        HTTPStatus.BAD_REQUEST, f"BAD_{name.upper()}", f"`{name}` is a number from {least} to {most}."
    )
