"""Points a minute for each client: a bucket that fills up steadily, in a table that all processes share."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.admission.clients import client_at
from hub.admission.rates import Limited, rates_of
from hub.admission.shared import make, of_file, of_process
from hub.execution.requests import RefusedRequest


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def refused(rates: Limited, client: str, cost: int) -> RefusedRequest:
    with pytest.raises(RefusedRequest) as met:
        rates.charge(client, cost)
    return met.value


def test_a_client_may_use_its_points_at_once_and_no_more() -> None:
    rates = Limited(600, Clock(), of_process())
    assert [rates.charge("a", 200).remaining for _ in range(3)] == [400, 200, 0]
    refusal = refused(rates, "a", 10)
    assert (refusal.status, refusal.code) == (429, "RATE_LIMITED")
    assert refusal.headers["Retry-After"] == "1"
    assert refusal.headers["ratelimit"] == '"points";r=0;t=60'
    assert refusal.headers["ratelimit-policy"] == '"points";q=600;w=60'
    assert "10 points and 0 are left" in refusal.sentence
    assert rates.charge("b", 600).remaining == 0, "another client has its own"


def test_points_come_back_steadily() -> None:
    clock = Clock()
    rates = Limited(600, clock, of_process())
    assert rates.charge("a", 600).reset_at == clock.now + 60
    clock.now += 10
    assert refused(rates, "a", 101).headers["Retry-After"] == "1"
    assert rates.charge("a", 100).remaining == 0
    clock.now += 600
    assert rates.charge("a", 1).remaining == 599


def test_retry_after_is_when_it_is_taken() -> None:
    clock = Clock()
    rates = Limited(600, clock, of_process())
    rates.charge("a", 600)
    seconds = int(refused(rates, "a", 250).headers["Retry-After"])
    assert seconds == 25
    clock.now += seconds
    assert rates.charge("a", 250).remaining == 0


def test_what_is_refused_takes_nothing() -> None:
    rates = Limited(600, Clock(), of_process())
    rates.charge("a", 500)
    for _ in range(5):
        refused(rates, "a", 200)
    assert rates.charge("a", 100).remaining == 0


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = Clock()
    rates = Limited(600, clock, of_process())
    rates.charge("a", 600)
    clock.now -= 7200
    refused(rates, "a", 1)
    clock.now += 60
    assert rates.charge("a", 600).remaining == 0


def test_processes_share_a_table(tmp_path: Path) -> None:
    path = tmp_path / "moments"
    make(path)
    clock = Clock()
    here, there = (Limited(600, clock, of_file(path)) for _ in range(2))
    assert here.charge("a", 400).remaining == 200
    assert there.charge("a", 200).remaining == 0
    refused(here, "a", 1)
    assert Limited(600, clock, of_process()).charge("a", 600).remaining == 0


def test_memory_does_not_grow_and_those_who_ask_are_not_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "moments"
    make(path)
    size = path.stat().st_size
    clock = Clock()
    rates = Limited(600, clock, of_file(path))
    for number in range(100_000):
        if number % 100 == 0:
            clock.now += 0.1
            assert rates.charge("busy", 1).remaining < 600
        rates.charge(f"client {number}", 1)
    assert path.stat().st_size == size


def test_nobody_is_limited_where_that_is_off() -> None:
    assert rates_of(None, Clock(), None).charge("a", 10**9) is None
    assert rates_of(100, Clock(), None).charge("a", 100) is not None


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 700)), max_size=30))
def test_over_any_stretch_a_client_gets_a_bucket_and_what_came_back(asked: list[tuple[int, int]]) -> None:
    clock = Clock()
    rates = Limited(600, clock, of_process())
    begun, got = clock.now, 0
    for seconds, cost in asked:
        clock.now += seconds
        try:
            standing = rates.charge("a", cost)
        except RefusedRequest:
            continue
        got += cost
        assert 0 <= standing.remaining <= 600
        assert got <= 600 + (clock.now - begun) * 10 + 1


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("testclient", "unknown"),
    ],
)
def test_a_client_is_an_address_and_with_ipv6_a_site(address: str, client: str) -> None:
    assert client_at({"client": (address, 4711)}) == client


def test_a_request_without_address_has_a_client_too() -> None:
    assert client_at({"client": None}) == client_at({}) == "unknown"
