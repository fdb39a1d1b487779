"""First come, first served; nobody waits longer than is worth it; who is signed in has a lane of their own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hub.admission.turns import Lanes, Turns
from hub.errors import OverloadedError

FOREVER = 3600.0


async def nobody() -> None:
    return None


async def somebody() -> str:
    return "somebody"


async def test_they_come_in_their_order() -> None:
    turns = Turns(1, FOREVER)
    served: list[int] = []

    async def one(number: int) -> None:
        await turns.take()
        served.append(number)
        await asyncio.sleep(0)
        turns.give_back()

    await asyncio.gather(*(one(number) for number in range(20)))
    assert served == list(range(20))
    assert turns.is_free


async def test_only_so_many_run_at_once() -> None:
    turns = Turns(3, FOREVER)
    running, most = 0, 0

    async def one() -> None:
        nonlocal running, most
        await turns.take()
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        turns.give_back()

    await asyncio.gather(*(one() for _ in range(50)))
    assert most == 3


async def test_who_would_wait_too_long_is_told_and_takes_no_place() -> None:
    waits: list[float] = []
    turns = Turns(1, 0.0, seen=waits.append)
    await turns.take()
    for _ in range(3):
        with pytest.raises(OverloadedError):
            await turns.take()
    turns.give_back()
    await turns.take()
    assert waits == [0.0, 0.0], "only those who were served have waited"


async def test_a_full_row_takes_nobody() -> None:
    turns = Turns(1, FOREVER, max_waiting=2)
    await turns.take()
    waiting = [asyncio.create_task(turns.take()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(OverloadedError):
        await turns.take()
    turns.give_back()
    await waiting[0]
    turns.give_back()
    await waiting[1]


async def test_a_burst_within_the_time_loses_nothing() -> None:
    turns = Turns(2, FOREVER)

    async def one() -> None:
        await turns.take()
        await asyncio.sleep(0)
        turns.give_back()

    await asyncio.gather(*(one() for _ in range(500)))
    assert turns.is_free


async def test_who_leaves_the_row_is_passed_over_and_loses_no_place() -> None:
    turns = Turns(1, FOREVER)
    await turns.take()
    first, second = (asyncio.create_task(turns.take()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    turns.give_back()
    await second
    turns.give_back()
    assert turns.is_free


async def test_who_leaves_just_when_called_gives_the_place_on() -> None:
    turns = Turns(1, FOREVER)
    await turns.take()
    first, second = (asyncio.create_task(turns.take()) for _ in range(2))
    await asyncio.sleep(0)
    turns.give_back()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await second
    turns.give_back()
    assert turns.is_free


async def test_who_is_signed_in_is_served_while_strangers_wait() -> None:
    lanes = Lanes(1, FOREVER)
    end, known_is_in = asyncio.Event(), asyncio.Event()
    inside: list[str] = []

    async def ask(name: str, who: Callable[[], Awaitable[object | None]]) -> None:
        async with lanes.turn(who):
            inside.append(name)
            if name == "signed in":
                known_is_in.set()
            await end.wait()

    tasks = [asyncio.create_task(ask("first", nobody))]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(ask(f"stranger {n}", nobody)) for n in range(5)]
    tasks.append(asyncio.create_task(ask("signed in", somebody)))
    await known_is_in.wait()
    assert inside == ["first", "signed in"]
    end.set()
    await asyncio.gather(*tasks)


async def test_who_asks_is_not_looked_up_while_there_is_room() -> None:
    asked: list[str] = []

    async def who() -> str:
        asked.append("looked up")
        return "somebody"

    lanes = Lanes(2, FOREVER)
    async with lanes.turn(who), lanes.turn(who):
        assert asked == []
        async with lanes.turn(who):
            assert asked == ["looked up"]


async def test_a_place_is_given_back_when_the_work_fails() -> None:
    lanes = Lanes(1, 0.0)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            async with lanes.turn(nobody):
                raise RuntimeError
    async with lanes.turn(nobody):
        with pytest.raises(OverloadedError):
            async with lanes.turn(nobody):
                pass


async def test_who_has_no_hope_is_told_at_once() -> None:
    """Two are called 3,000 seconds apart: of fourteen more the last would wait longer than an hour."""
    now = 0.0
    turns = Turns(1, FOREVER, clock=lambda: now)
    await turns.take()
    waiting = [asyncio.create_task(turns.take()) for _ in range(14)]
    await asyncio.sleep(0)
    assert not turns.is_hopeless, "nothing is known yet"
    turns.give_back()
    now = 3000.0
    turns.give_back()
    assert not turns.is_hopeless, "twelve wait, which is an hour"
    waiting.append(asyncio.create_task(turns.take()))
    await asyncio.sleep(0)
    assert turns.is_hopeless
    with pytest.raises(OverloadedError):
        await turns.take()
    for _ in range(14):
        turns.give_back()
    await asyncio.gather(*waiting)
    assert not turns.is_hopeless


async def test_a_stranger_without_hope_is_refused_before_anything_is_worked_out() -> None:
    now = 0.0
    lanes = Lanes(1, FOREVER, clock=lambda: now)
    ends = [asyncio.Event() for _ in range(3)]

    async def hold(number: int) -> None:
        async with lanes.turn(nobody):
            await ends[min(number, 2)].wait()

    tasks = [asyncio.create_task(hold(number)) for number in range(17)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    lanes.look()
    ends[0].set()
    await tasks[0]
    now = 3000.0
    ends[1].set()
    await tasks[1]
    with pytest.raises(OverloadedError):
        lanes.look()
    ends[2].set()
    await asyncio.gather(*tasks)
    lanes.look()


async def test_work_that_never_waits_leaves_the_others_in_the_row() -> None:
    """All come in one turn of the loop; each computes without giving way."""
    turns = Turns(1, FOREVER, max_waiting=4)
    outcomes: list[str] = []

    async def one() -> None:
        try:
            await turns.take()
        except OverloadedError:
            outcomes.append("refused")
            return
        outcomes.append("served")
        turns.give_back()

    await asyncio.gather(*(one() for _ in range(20)))
    assert outcomes == ["refused"] * 15 + ["served"] * 5
