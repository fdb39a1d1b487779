"""The feed's pages and its endpoint: every change once, in order, and what a wrong question hears."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from starlette.applications import Starlette

from catalog_sync.feed.cursors import BadCursor, Cursor, parse_cursor
from catalog_sync.feed.watch import FeedWatch
from catalog_sync.feed_endpoint import routes
from tests.catalogues import LAHN_DILL, WETZLAR, Catalogue
from tests.makers import authority, delete, message, rule, service

Json = dict[str, Any]
LATER = "2026-03-03T04:15:00+01:00"


class Reader:
    """Somebody who reads the feed over HTTP."""

    def __init__(self, watch: FeedWatch) -> None:
        transport = httpx2.ASGITransport(app=Starlette(routes=routes(watch)))
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://localhost")

    async def get(self, **asked: Any) -> httpx2.Response:
        return await self.client.get("/changes", params=asked)

    async def page(self, **asked: Any) -> Json:
        answer = await self.get(**asked)
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    async def all(self, **asked: Any) -> list[Json]:
        """Everything, page by page."""
        found: list[Json] = []
        page = await self.page(**asked)
        while True:
            found += page["items"]
            if not page["more"]:
                return found
            page = await self.page(**{**asked, "after": page["next"]})

    async def refusal(self, **asked: Any) -> tuple[int, str]:
        answer = await self.get(**asked)
        assert answer.headers["access-control-allow-origin"] == "*"
        return answer.status_code, answer.json()["code"]


@pytest.fixture
async def reader(stored: Catalogue) -> AsyncIterator[Reader]:
    watch = FeedWatch(stored.catalog, every=0.05)
    made = Reader(watch)
    async with made.client:
        yield made
    await watch.close()


def told(items: list[Json]) -> list[tuple[int, str, str]]:
    return [(item["position"], item["entryId"], item["action"]) for item in items]


async def test_every_change_is_told_with_id_and_version_but_not_with_its_content(
    stored: Catalogue, reader: Reader
) -> None:
    assert (await reader.page())["items"] == []
    await stored.deliver("hessen", message(writes=[service("1", label="V1"), authority("7")]))
    await stored.deliver(
        "hessen",
        message(
            created=LATER,
            writes=[service("1", title="Neu", label="V2", changed="2026-03-01T00:00:00+01:00")],
            deletes=[delete("Organisationseinheit", "7")],
        ),
    )
    page = await reader.page()
    assert told(page["items"]) == [
        (1, "L100042.LB.1", "added"),
        (2, "L100042.OE.7", "added"),
        (3, "L100042.LB.1", "changed"),
        (4, "L100042.OE.7", "gone"),
    ]
    first, _, third, gone = page["items"]
    assert (first["kind"], first["version"], third["version"]) == ("SERVICE_ENTRY", "V1", "V2")
    assert first["contentHash"] != third["contentHash"]
    assert third["changedAt"] == "2026-02-28T23:00:00+00:00"
    assert third["areas"] == ["060000000000"]
    assert (gone["kind"], gone["version"], gone["contentHash"]) == ("AUTHORITY", None, None)
    assert first["at"] == first["receivedAt"]
    assert "Personalausweis" not in str(page)


async def test_pages_follow_each_other_without_a_gap(stored: Catalogue, reader: Reader) -> None:
    await stored.deliver("hessen", message(writes=[service(str(number)) for number in range(7)]))
    first = await reader.page(limit=3)
    assert (len(first["items"]), first["more"]) == (3, True)
    assert [item["position"] for item in await reader.all(limit=3)] == [1, 2, 3, 4, 5, 6, 7]
    last = await reader.page(after=(await reader.page())["next"])
    assert (last["items"], last["more"]) == ([], False)


async def test_answers_are_for_everybody_and_for_now_only(reader: Reader) -> None:
    answer = await reader.get()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


async def test_an_area_hears_of_what_holds_there_above_and_below_and_its_cursor_moves_over_the_rest(
    stored: Catalogue, reader: Reader
) -> None:
    await stored.deliver("hessen", message(writes=[service("1"), service("2", areas=[WETZLAR])]))
    await stored.deliver(
        "hessen", message(writes=[service("3", areas=["065310000000"]), service("4", areas=[LAHN_DILL])])
    )
    names = [item["entryId"] for item in await reader.all(area=LAHN_DILL)]
    assert names == ["L100042.LB.1", "L100042.LB.2", "L100042.LB.4"]
    assert len(await reader.all(area="06")) == 4
    assert len(await reader.all(area="00")) == 4
    elsewhere = await reader.page(area="14")
    assert (elsewhere["items"], elsewhere["more"]) == ([], False)
    assert elsewhere["next"] == (await reader.page())["next"]


async def test_an_area_hears_of_what_leaves_it(stored: Catalogue, reader: Reader) -> None:
    await stored.deliver("hessen", message(writes=[service("1", areas=[WETZLAR])]))
    moved = service("1", areas=["065310000000"], changed="2026-03-01T00:00:00+01:00")
    await stored.deliver("hessen", message(created=LATER, writes=[moved]))
    items = await reader.all(area=WETZLAR)
    assert told(items) == [(1, "L100042.LB.1", "added"), (2, "L100042.LB.1", "changed")]
    assert items[1]["areas"] == ["065310000000", WETZLAR]
    assert [item["position"] for item in await reader.all(area="065310000000")] == [2]


async def test_an_area_hears_of_a_rule_in_it(stored: Catalogue, reader: Reader) -> None:
    await stored.deliver(
        "hessen", message(writes=[service("1"), authority("7"), rule("9", "7", "1", areas=[WETZLAR])])
    )
    names = [item["entryId"] for item in await reader.all(area="065310005005")]
    assert "L100042.ZS.9" not in names
    assert "L100042.ZS.9" in [item["entryId"] for item in await reader.all(area=WETZLAR)]


async def test_a_long_poll_is_answered_by_the_next_change(stored: Catalogue, reader: Reader) -> None:
    waiting = asyncio.create_task(reader.page(wait=20))
    await asyncio.sleep(0.1)
    await stored.deliver("hessen", message(writes=[service("1")]))
    page = await asyncio.wait_for(waiting, 5)
    assert told(page["items"]) == [(1, "L100042.LB.1", "added")]


async def test_a_long_poll_without_a_change_ends_with_the_same_cursor(reader: Reader) -> None:
    before = await reader.page()
    page = await asyncio.wait_for(reader.page(after=before["next"], wait=1), 5)
    assert page == before


async def test_beyond_many_who_wait_nobody_does(stored: Catalogue) -> None:
    watch = FeedWatch(stored.catalog, most_waiting=0)
    assert await asyncio.wait_for(watch.beyond(0, 30), 1) is False


async def test_own_commits_wake_those_who_wait(stored: Catalogue) -> None:
    watch = FeedWatch(stored.catalog, every=30)
    waiting = asyncio.create_task(watch.beyond(0, 30))
    await asyncio.sleep(0.1)
    await stored.deliver("hessen", message(writes=[service("1")]))
    watch.wake()
    assert await asyncio.wait_for(waiting, 5) is True
    await watch.close()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"after": "x"}, "BAD_CURSOR"),
        ({"after": ""}, "BAD_CURSOR"),
        ({"after": str(Cursor("abc", 1)) + "="}, "BAD_CURSOR"),
        ({"limit": 0}, "BAD_LIMIT"),
        ({"limit": 1001}, "BAD_LIMIT"),
        ({"limit": "-1"}, "BAD_LIMIT"),
        ({"wait": 31}, "BAD_WAIT"),
        ({"wait": "²"}, "BAD_WAIT"),
        ({"area": "6"}, "BAD_ARS"),
    ],
)
async def test_a_wrong_question_is_told_what_is_right(reader: Reader, asked: Json, code: str) -> None:
    assert await reader.refusal(**asked) == (400, code)


async def test_the_greatest_page_and_the_longest_wait_are_taken(reader: Reader) -> None:
    assert (await reader.get(limit=1000, wait=0)).status_code == 200
    assert (await reader.get(limit=1)).status_code == 200


async def test_a_cursor_of_another_catalogue_is_told_to_begin_anew(stored: Catalogue, reader: Reader) -> None:
    empty = (await reader.page())["next"]
    await stored.deliver("hessen", message(writes=[service("1")]))
    old = (await reader.page())["next"]
    assert told((await reader.page(after=empty))["items"]) == [(1, "L100042.LB.1", "added")]
    await stored.catalog.write(lambda c: c.execute(text("UPDATE state SET epoch = 'other'")) and None)
    assert await reader.refusal(after=old) == (410, "CURSOR_GONE")
    assert "beginning" in (await reader.get(after=old)).json()["detail"]


async def test_a_cursor_ahead_of_a_catalogue_brought_back_is_told_to_begin_anew(
    stored: Catalogue, reader: Reader
) -> None:
    await stored.deliver("hessen", message(writes=[service("1")]))
    cursor = parse_cursor((await reader.page())["next"])
    assert await reader.refusal(after=str(Cursor(cursor.epoch, 2))) == (410, "CURSOR_GONE")


@given(st.text(alphabet="abcdef0123456789", max_size=16), st.integers(0, 10**17))
def test_a_cursor_comes_back_as_it_went(epoch: str, position: int) -> None:
    assert parse_cursor(str(Cursor(epoch, position))) == Cursor(epoch, position)


@given(st.text(max_size=60))
def test_any_other_text_is_no_cursor(text: str) -> None:
    with contextlib.suppress(BadCursor):
        assert str(parse_cursor(text)) == text
