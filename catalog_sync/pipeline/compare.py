"""Which write wins (sync.md). Pure: the result depends on the set of messages and not on their order.

An object's versions and its newest delete say all: each version keeps the newest message that held it, and the winner
is found among those that are newer than the delete. Both only ever grow, so that no order of arrival matters.

A rule inside a unit is said by the unit: a newer message of the unit without it withdraws it, and only what the unit
said of it. The same rule as an object of its own, or inside another unit, stands: it has moved there.
"""

from dataclasses import dataclass

from catalog_sync.catalog.held import Entry, Held, Moment
from catalog_sync.journal import OutcomeKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one write or delete ended."""

    outcome: OutcomeKind
    reason: str | None = None


UNCHANGED = Verdict(OutcomeKind.UNCHANGED)
ADDED = Verdict(OutcomeKind.ADDED)
CHANGED = Verdict(OutcomeKind.CHANGED)
GONE = Verdict(OutcomeKind.GONE)

_OLDER = Verdict(OutcomeKind.UNCHANGED, "An older version: the hub holds one that was changed later.")
_DELETED = Verdict(OutcomeKind.UNCHANGED, "A newer message has deleted this object.")
_NEVER_SENT = Verdict(OutcomeKind.UNCHANGED, "There is no such object; the delete is remembered.")
_GONE_BEFORE = Verdict(OutcomeKind.UNCHANGED, "The object was deleted before.")
_NEWER_WRITE = Verdict(OutcomeKind.UNCHANGED, "A newer message has written this object again.")


def write(entry: Entry, delivered: Held) -> Verdict:
    """Take a version that a message holds."""
    if not entry.versions:
        return _first(entry, delivered)
    won = entry.version_id
    held = _kept(entry, delivered)
    settle(entry)
    if entry.version_id is None:
        return _DELETED
    if entry.version_id == won:
        return UNCHANGED if held.id == won else _OLDER
    return ADDED if won is None else CHANGED


def _first(entry: Entry, delivered: Held) -> Verdict:
    """The same for an object of which nothing was said before: millions of a first delivery."""
    entry.versions.append(delivered)
    delivered.came.append(delivered.moment)
    if not entry.counts(delivered):
        return _DELETED
    entry.version_id, entry.live = delivered.id, True
    return ADDED


def _kept(entry: Entry, delivered: Held) -> Held:
    """The version as it is kept: one per content, with the newest message that held it."""
    for held in entry.versions:
        if held.content_hash == delivered.content_hash and held.unit == delivered.unit:
            held.came.append(delivered.moment)
            if delivered.moment > held.moment:
                held.also.append(held.delivered_hash)
                held.moment, held.delivered_hash, held.raised = (
                    delivered.moment,
                    delivered.delivered_hash,
                    True,
                )
            if held.source_id == delivered.source_id:  # another's may hold elsewhere
                held.content = held.content or delivered.content
            return held
    entry.versions.append(delivered)
    delivered.came.append(delivered.moment)
    return delivered


def delete(entry: Entry, moment: Moment) -> Verdict:
    """Take a delete: by the messages' times only, in one message by position."""
    entry.dropped.append(moment)
    won, known = entry.version_id, bool(entry.versions)
    bury(entry, moment)
    if entry.version_id is not None:
        return _NEWER_WRITE if entry.version_id == won else CHANGED
    if won is not None:
        return GONE
    return _GONE_BEFORE if known else _NEVER_SENT


def bury(entry: Entry, moment: Moment) -> None:
    """Let a delete count, without asking what it did."""
    if entry.deleted is None or moment > entry.deleted:
        entry.deleted = moment
        settle(entry)


def withdraw(rule: Entry, unit: int, moment: Moment) -> bool:
    """Take that a unit came without a rule that it carried; gives whether that shows."""
    known, shown = rule.carriers[unit], rule.winner
    if known is None or moment > known:
        rule.carriers[unit] = moment
        settle(rule)
    shows = rule.winner
    return shown is not None and (shows is None or shows.content_hash != shown.content_hash)


def settle(entry: Entry) -> None:
    """Find the winner again; of two with the same content the one that is shown stays."""
    alive = [held for held in entry.versions if entry.counts(held)]
    winner = max(alive, key=lambda held: held.rank, default=None)
    shown = next((held for held in alive if held.id == entry.version_id), None)
    if winner is not None and shown is not None and shown.content_hash == winner.content_hash:
        winner = shown
    entry.version_id = None if winner is None else winner.id
    entry.live = winner is not None


def newest(entry: Entry) -> Moment | None:
    """The newest message that wrote the object."""
    return max((held.moment for held in entry.versions), default=None)
