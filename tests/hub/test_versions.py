"""For how long a data version is believed, and what ends it."""

import asyncio

import pytest

from hub.errors import DatabaseAwayError
from hub.versions import Versions


class Data:
    """A database with a version, read when it is let; it counts."""

    def __init__(self) -> None:
        self.version = "1"
        self.reads = 0
        self.away = False
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def read(self) -> str:
        """Its version at the beginning of the read."""
        self.reads += 1
        found = self.version
        await self.may_end.wait()
        if self.away:
            raise DatabaseAwayError
        return found


class Time:
    """Seconds that grow when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def data() -> Data:
    return Data()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def versions(data: Data, time: Time) -> Versions:
    return Versions(data.read, 0.05, time)


async def test_a_version_is_read_once_and_believed_for_the_lease(
    versions: Versions, data: Data, time: Time
) -> None:
    assert versions.known() is None
    assert await versions.current() == "1"
    data.version = "2"
    time.now += 0.049
    assert (await versions.current(), versions.known(), data.reads) == ("1", "1", 1)
    time.now += 0.002
    assert versions.known() is None
    assert (await versions.current(), data.reads) == ("2", 2)


async def test_the_lease_begins_before_the_read_does(versions: Versions, data: Data, time: Time) -> None:
    data.may_end.clear()
    reading = asyncio.create_task(versions.current())
    await asyncio.sleep(0)
    time.now += 0.06
    data.may_end.set()
    await reading
    assert versions.known() is None


async def test_what_is_committed_here_ends_it_at_once(versions: Versions, data: Data) -> None:
    await versions.current()
    data.version = "2"
    versions.expire()
    assert versions.known() is None
    assert await versions.current() == "2"


async def test_a_read_that_was_under_way_when_something_was_committed_is_not_believed(
    versions: Versions, data: Data
) -> None:
    data.may_end.clear()
    before = asyncio.create_task(versions.current())
    await asyncio.sleep(0)
    data.version = "2"
    versions.expire()
    after = asyncio.create_task(versions.current())
    await asyncio.sleep(0)
    data.may_end.set()
    assert (await before, await after, versions.known()) == ("1", "2", "2")


async def test_many_that_come_at_once_read_once(versions: Versions, data: Data) -> None:
    data.may_end.clear()
    tasks = [asyncio.create_task(versions.current()) for _ in range(5)]
    await asyncio.sleep(0)
    data.may_end.set()
    assert (await asyncio.gather(*tasks), data.reads) == (["1"] * 5, 1)


async def test_nobody_joins_a_read_that_began_longer_ago_than_the_lease(
    versions: Versions, data: Data, time: Time
) -> None:
    data.may_end.clear()
    slow = asyncio.create_task(versions.current())
    await asyncio.sleep(0)
    data.version, time.now = "2", time.now + 0.06
    late = asyncio.create_task(versions.current())
    await asyncio.sleep(0)
    data.may_end.set()
    assert (await slow, await late) == ("1", "2")


async def test_a_client_may_want_it_anew(versions: Versions, data: Data) -> None:
    await versions.current()
    data.version = "2"
    assert await versions.current(anew=True) == "2"
    assert versions.known() == "2"


async def test_without_a_lease_every_request_reads(data: Data) -> None:
    versions = Versions(data.read)
    assert [await versions.current() for _ in range(3)] == ["1"] * 3
    assert (data.reads, versions.known()) == (3, None)


async def test_a_database_that_is_away_is_told_to_everybody_and_asked_again(
    versions: Versions, data: Data
) -> None:
    data.away = True
    data.may_end.clear()
    tasks = [asyncio.create_task(versions.current()) for _ in range(2)]
    await asyncio.sleep(0)
    data.may_end.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in found] == [DatabaseAwayError] * 2
    data.away = False
    assert await versions.current() == "1"


async def test_it_is_known_when_all_processes_have_noticed(versions: Versions, time: Time) -> None:
    assert versions.settled() == 0
    versions.expire()
    assert versions.settled() == pytest.approx(0.05)
    time.now += 0.03
    assert versions.settled() == pytest.approx(0.02)
    time.now += 0.03
    assert versions.settled() == 0
