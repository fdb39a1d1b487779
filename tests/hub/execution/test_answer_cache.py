"""Answers that are kept: by what they depend on, no longer than they are right, worked out once for many."""

import asyncio
from typing import Any

import pytest
from graphql import build_schema

from hub.execution.answer_cache import AnswerCache, AnswerKey, Kept, Made, key_of, tag_of
from hub.execution.operations import Operations
from hub.execution.plans import Plan
from hub.execution.running import Operation

SCHEMA = build_schema("type Query { a(x: Int, y: Box): Int b: Int } input Box { m: Int n: Int }")
QUERY = "query q($x: Int, $y: Box) { a(x: $x, y: $y) } query r { b }"
KEY = AnswerKey(b"asked", "public", "application/json")
MEGABYTE = 1024 * 1024


def kept(body: bytes = b"{}") -> Kept:
    return Kept(body, '"tag"', [], [], [])


def key(query: str = QUERY, name: str | None = "q", scope: str = "public", **variables: Any) -> AnswerKey:
    plan = Operations(SCHEMA).plan(query, name)
    assert isinstance(plan, Plan)
    return key_of(plan, Operation(query, variables, name), scope, "application/json")


class Maker:
    """Works an answer out when it is let."""

    def __init__(self, answer: Kept | None = None, version: str = "1") -> None:
        self.answer = answer
        self.version = version
        self.runs = 0
        self.may_end = asyncio.Event()

    async def __call__(self) -> Made:
        """Make it."""
        self.runs += 1
        await self.may_end.wait()
        return Made(self.version, self.answer)


async def filled(version: str = "1", most: int = MEGABYTE) -> AnswerCache:
    cache = AnswerCache(most)
    cache.get(version, KEY)
    maker = Maker(kept(b"first"), version)
    maker.may_end.set()
    await cache.shared(version, KEY, maker)
    return cache


def test_the_order_of_variables_and_what_nobody_declared_make_no_other_key() -> None:
    assert key(x=1, y={"m": 1, "n": 2}) == key(y={"n": 2, "m": 1}, x=1)
    assert key(x=1) == key(x=1, z=17)


@pytest.mark.parametrize(
    "other",
    [
        {"x": 2},
        {"x": None},
        {},
        {"x": 1, "y": {"m": 1}},
        {"x": 1, "name": "r"},
        {"x": 1, "query": QUERY + " "},
    ],
)
def test_another_question_is_another_key(other: dict[str, Any]) -> None:
    assert key(**other) != key(x=1)


def test_who_may_see_it_and_as_what_it_goes_are_parts_of_key_and_tag() -> None:
    mine, yours = key(scope="anna"), key(scope="ben")
    other_type = mine._replace(media_type="application/graphql-response+json")
    assert len({mine, yours, other_type}) == 3
    assert len({tag_of("1", mine), tag_of("1", yours), tag_of("1", other_type), tag_of("2", mine)}) == 4


async def test_one_scope_s_answer_is_never_another_s() -> None:
    cache = AnswerCache(MEGABYTE)
    for scope in ("anna", "ben"):
        maker = Maker(kept(scope.encode()))
        maker.may_end.set()
        cache.get("1", key(scope=scope))
        await cache.shared("1", key(scope=scope), maker)
    found = [cache.get("1", key(scope=scope)) for scope in ("anna", "ben", "clara")]
    assert [one and one.body for one in found] == [b"anna", b"ben", None]


async def test_an_answer_is_kept_as_long_as_its_version_stands() -> None:
    cache = await filled()
    assert cache.get("1", KEY) == kept(b"first")
    assert cache.get("2", KEY) is None
    assert cache.get("1", KEY) is None
    assert cache.bytes == 0


async def test_an_answer_of_another_version_than_was_asked_for_goes_out_but_is_not_kept() -> None:
    cache, maker = AnswerCache(MEGABYTE), Maker(kept(), version="2")
    maker.may_end.set()
    assert cache.get("1", KEY) is None
    assert await cache.shared("1", KEY, maker) == Made("2", kept())
    assert cache.get("1", KEY) is None


async def test_many_that_wait_get_what_one_works_out() -> None:
    cache, maker = AnswerCache(MEGABYTE), Maker(kept())
    waiting = [asyncio.create_task(cache.shared("1", KEY, maker)) for _ in range(5)]
    other = asyncio.create_task(cache.shared("1", KEY._replace(scope="other"), maker))
    await asyncio.sleep(0)
    assert maker.runs == 2
    maker.may_end.set()
    assert await asyncio.gather(*waiting) == [Made("1", kept())] * 5
    assert (await other) == Made("1", kept())


async def test_what_may_not_be_shared_is_not_given_to_those_who_wait() -> None:
    cache, maker = AnswerCache(MEGABYTE), Maker(None)
    first = asyncio.create_task(cache.shared("1", KEY, maker))
    await asyncio.sleep(0)
    second = asyncio.create_task(cache.shared("1", KEY, maker))
    await asyncio.sleep(0)
    maker.may_end.set()
    assert await first == Made("1", None)
    assert await second is None
    assert cache.get("1", KEY) is None


async def test_who_waits_is_told_when_the_one_who_works_is_gone() -> None:
    cache, maker = AnswerCache(MEGABYTE), Maker(kept())
    first = asyncio.create_task(cache.shared("1", KEY, maker))
    await asyncio.sleep(0)
    second = asyncio.create_task(cache.shared("1", KEY, maker))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is None
    maker.may_end.set()
    assert await cache.shared("1", KEY, maker) == Made("1", kept())


async def test_who_stops_waiting_does_not_end_it_for_others() -> None:
    cache, maker = AnswerCache(MEGABYTE), Maker(kept())
    tasks = [asyncio.create_task(cache.shared("1", KEY, maker)) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    maker.may_end.set()
    assert [await tasks[0], await tasks[2]] == [Made("1", kept())] * 2


async def test_nothing_is_kept_beyond_the_bound() -> None:
    cache = await filled(most=0)
    assert (cache.get("1", KEY), cache.bytes) == (None, 0)
