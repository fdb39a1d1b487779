"""From what one visit found to what is said of an address: pure, and slow to condemn."""

from dataclasses import dataclass, replace
from enum import Enum

from catalog_sync.links.limits import Limits
from catalog_sync.links.verdicts import BROKEN, IN_TROUBLE, Verdict

MICROSECONDS = 1_000_000
CONFIRMATIONS = 2
_SPREAD = 0.1


class Seen(Enum):
    """How one attempt ended."""

    THERE = "there"
    ELSEWHERE = "elsewhere"
    """There, by permanent redirects."""
    MISSING = "missing"
    FAILED = "failed"
    BLOCKED = "blocked"
    REFUSED = "refused"
    LATER = "later"
    """It could not be asked now, which says nothing of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt brought.

    Attributes:
        answer: a status, or the value of a `Trouble`.
        target: of ELSEWHERE: where permanent redirects lead.
        rest: seconds for which the host wants to be left alone; None: it is well.
        trouble: whether the host has trouble, so that several in a row break a visit off.
    """

    seen: Seen
    answer: str = ""
    target: str | None = None
    rest: float | None = None
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What is known of an address; times are microseconds since 1970, UTC."""

    verdict: Verdict | None = None
    answer: str | None = None
    target: str | None = None
    since: int | None = None
    checked_at: int | None = None
    failures: int = 0
    missing: int = 0
    counted_at: int = 0
    due_at: int = 0


_PLAIN = {
    Seen.THERE: Verdict.GOOD,
    Seen.ELSEWHERE: Verdict.MOVED,
    Seen.BLOCKED: Verdict.BLOCKED,
    Seen.REFUSED: Verdict.REFUSED,
}


def judge(state: State, outcome: Outcome, now: int, limits: Limits, chance: float) -> State:
    """What is known after one more attempt, and when the next is due.

    Args:
        state: what was known.
        outcome: what the attempt brought.
        now: microseconds since 1970, UTC.
        limits: periods, and how many failures make an address dead.
        chance: 0 to 1; moves the next attempt by up to a tenth, so that addresses found together part.
    """
    spread = 1 + _SPREAD * chance
    if outcome.seen is Seen.LATER:
        return replace(state, due_at=_later(now, max(limits.postponed, outcome.rest or 0) * spread))
    if outcome.seen in _PLAIN:
        return _plain(state, outcome, now, _later(now, limits.period * spread))
    if outcome.seen is Seen.MISSING:
        return _missing(state, outcome, now, limits, spread)
    return _failed(state, outcome, now, limits, spread)


def _plain(state: State, outcome: Outcome, now: int, due_at: int) -> State:
    verdict = _PLAIN[outcome.seen]
    same = state.verdict is verdict and state.target == outcome.target and state.since is not None
    return State(
        verdict=verdict,
        answer=outcome.answer,
        target=outcome.target,
        since=state.since if same else now,
        checked_at=now,
        due_at=due_at,
    )


def _missing(state: State, outcome: Outcome, now: int, limits: Limits, spread: float) -> State:
    """A server that says so is believed once it has said so again, some time later."""
    counts = state.missing == 0 or _past(state.counted_at, limits.confirm, now)
    missing = state.missing + counts
    gone = missing >= CONFIRMATIONS or state.verdict is Verdict.GONE
    counted_at = now if counts else state.counted_at
    return replace(
        _troubled(state, outcome, now),
        verdict=Verdict.GONE if gone else _unsure(state),
        missing=missing,
        counted_at=counted_at,
        due_at=_later(now, limits.period * spread) if gone else _later(counted_at, limits.confirm * spread),
    )


def _failed(state: State, outcome: Outcome, now: int, limits: Limits, spread: float) -> State:
    """Any other failure may pass: only failures of several days are believed."""
    counts = state.failures == 0 or _past(state.counted_at, limits.retry, now)
    failures = state.failures + counts
    dead = failures >= limits.failures or state.verdict in BROKEN
    counted_at = now if counts else state.counted_at
    return replace(
        _troubled(state, outcome, now),
        verdict=Verdict.DEAD if dead else _unsure(state),
        failures=failures,
        missing=0,
        counted_at=counted_at,
        due_at=_later(now, limits.period * spread) if dead else _later(counted_at, limits.retry * spread),
    )


def _troubled(state: State, outcome: Outcome, now: int) -> State:
    in_trouble = state.verdict in IN_TROUBLE and state.since is not None
    since = state.since if in_trouble else now
    return replace(state, answer=outcome.answer, target=None, since=since, checked_at=now)


def _unsure(state: State) -> Verdict:
    return state.verdict if state.verdict in BROKEN else Verdict.FAILING


def _past(at: int, seconds: float, now: int) -> bool:
    return now >= _later(at, seconds)


def _later(at: int, seconds: float) -> int:
    return at + int(seconds * MICROSECONDS)
