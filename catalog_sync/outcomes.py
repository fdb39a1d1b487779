"""What becomes of the objects of a run: plain values, for who reads a delivery without any database too."""

from enum import Enum

from msgspec import Struct


class OutcomeKind(Enum):
    """How an object of a delivery ends."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    WAITING = "waiting"
    REJECTED = "rejected"


class Outcome(Struct, frozen=True, omit_defaults=True):
    """What became of one object.

    Attributes:
        kind: LB, OE, OD, SP or ZS, as in flat identifiers; None where the element is of no known kind.
        id: the identifier's value.
        reason: a sentence, for all that is not plainly taken.
        rule: a stable word for a rejection, such as ``missing-id``.
        remedy: what would mend it.
    """

    kind: str | None
    agency: str | None
    id: str | None
    outcome: OutcomeKind
    reason: str | None = None
    file: str | None = None
    line: int | None = None
    rule: str | None = None
    remedy: str | None = None
    stored_as: OutcomeKind | None = None
    """Of a waiting object: how it ends once what it names has come."""


class RunNotice(Struct, frozen=True, omit_defaults=True):
    """Something that was left out while its object was kept."""

    sentence: str
    file: str | None = None
    line: int | None = None
    kind: str | None = None
    agency: str | None = None
    id: str | None = None


class Refusal(Struct, frozen=True):
    """A file that was refused whole."""

    file: str
    line: int | None
    rule: str
    reason: str
    remedy: str


class Block(Struct, frozen=True):
    """The outcomes of one batch, as its marker holds them."""

    objects: tuple[Outcome, ...] = ()
    notices: tuple[RunNotice, ...] = ()
