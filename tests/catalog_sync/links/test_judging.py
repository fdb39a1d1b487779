"""From outcome to verdict, without a wire."""

import pytest

from catalog_sync.links.judging import MICROSECONDS, Outcome, Seen, State, judge
from catalog_sync.links.limits import Limits
from catalog_sync.links.verdicts import Verdict

LIMITS = Limits()
DAY, HOUR = 86_400 * MICROSECONDS, 3600 * MICROSECONDS
NOW = 1_772_500_000 * MICROSECONDS


def after(*seen: tuple[Seen, int], chance: float = 0.0) -> State:
    """What is known after outcomes that came so long after each other."""
    state, now = State(), NOW
    for one, wait in seen:
        now += wait
        state = judge(state, Outcome(one, one.value), now, LIMITS, chance)
    return state


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Seen.THERE, Verdict.GOOD),
        (Seen.ELSEWHERE, Verdict.MOVED),
        (Seen.BLOCKED, Verdict.BLOCKED),
        (Seen.REFUSED, Verdict.REFUSED),
        (Seen.MISSING, Verdict.FAILING),
        (Seen.FAILED, Verdict.FAILING),
        (Seen.LATER, None),
    ],
)
def test_the_first_outcome(seen: Seen, verdict: Verdict | None) -> None:
    state = after((seen, 0))
    assert state.verdict is verdict
    assert state.due_at > NOW
    assert (state.since, state.checked_at) == ((None, None) if verdict is None else (NOW, NOW))


def test_since_stays_while_it_is_so() -> None:
    assert after((Seen.THERE, 0), (Seen.THERE, DAY)).since == NOW
    assert after((Seen.THERE, 0), (Seen.BLOCKED, DAY)).since == NOW + DAY
    assert after((Seen.FAILED, 0), (Seen.FAILED, DAY), (Seen.FAILED, DAY)).since == NOW
    assert after((Seen.FAILED, 0), (Seen.MISSING, DAY), (Seen.MISSING, DAY)).since == NOW


def test_another_target_is_another_move() -> None:
    state = judge(State(), Outcome(Seen.ELSEWHERE, "200", "https://a.example/"), NOW, LIMITS, 0)
    same = judge(state, Outcome(Seen.ELSEWHERE, "200", "https://a.example/"), NOW + DAY, LIMITS, 0)
    other = judge(state, Outcome(Seen.ELSEWHERE, "200", "https://b.example/"), NOW + DAY, LIMITS, 0)
    assert (same.since, other.since) == (NOW, NOW + DAY)


def test_dead_needs_three_failures_a_day_apart() -> None:
    assert after(*[(Seen.FAILED, DAY)] * 2).verdict is Verdict.FAILING
    assert after(*[(Seen.FAILED, DAY)] * 3).verdict is Verdict.DEAD
    assert after(*[(Seen.FAILED, HOUR)] * 20).verdict is Verdict.FAILING
    assert after(*[(Seen.FAILED, HOUR)] * 50).verdict is Verdict.DEAD


def test_gone_needs_two_answers_an_hour_apart() -> None:
    assert after(*[(Seen.MISSING, HOUR // 2)] * 2).verdict is Verdict.FAILING
    assert after(*[(Seen.MISSING, HOUR)] * 2).verdict is Verdict.GONE
    assert after((Seen.MISSING, 0), (Seen.FAILED, HOUR), (Seen.MISSING, HOUR)).verdict is Verdict.FAILING


def test_what_is_broken_stays_so_until_it_answers() -> None:
    dead = [(Seen.FAILED, DAY)] * 3
    assert after(*dead, (Seen.LATER, DAY)).verdict is Verdict.DEAD
    assert after(*dead, (Seen.MISSING, DAY)).verdict is Verdict.DEAD
    assert after(*dead, (Seen.MISSING, DAY), (Seen.MISSING, DAY)).verdict is Verdict.GONE
    assert after(*dead, (Seen.THERE, DAY)).verdict is Verdict.GOOD
    gone = [(Seen.MISSING, DAY)] * 2
    assert after(*gone, (Seen.FAILED, DAY)).verdict is Verdict.DEAD


def test_chance_parts_what_was_found_together() -> None:
    assert after((Seen.THERE, 0)).due_at == NOW + 7 * DAY
    assert after((Seen.THERE, 0), chance=1).due_at == pytest.approx(NOW + 7.7 * DAY, abs=2)


def test_the_next_attempt_is_always_to_come() -> None:
    for first in Seen:
        for second in Seen:
            for wait in (0, HOUR, DAY, 30 * DAY):
                assert after((first, 0), (second, wait)).due_at > NOW + wait
