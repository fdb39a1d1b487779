"""The moment for which a field answers: now, the one that `asOf` names, or that of the answer around it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from catalog_sync.catalog.past import Past
from catalog_sync.catalog.records import EntryRecord
from resolvers.context import Context
from resolvers.errors import BadArgument

R = TypeVar("R", bound=EntryRecord)
V = TypeVar("V")
BERLIN = ZoneInfo("Europe/Berlin")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class When:
    """A moment.

    Attributes:
        past: the catalogue as it was then; None for that of today.
        day: the calendar day in Berlin, on which validities are judged.
    """

    past: Past | None
    day: date


def when(context: Context, as_of: datetime | None) -> When:
    """The moment of an `asOf` argument; now without one.

    Raises:
        BadArgument: BAD_AS_OF for a moment to come, or one without a time zone.
    """
    if as_of is None:
        return When(None, context.day)
    if as_of.tzinfo is None:
        raise BadArgument(
            "BAD_AS_OF", f"`asOf` needs a time zone, like {as_of.isoformat()}Z or {as_of.isoformat()}+01:00."
        )
    microseconds = max((as_of - _EPOCH) // timedelta(microseconds=1), 0)
    if microseconds > context.now:
        now = (_EPOCH + timedelta(microseconds=context.now)).isoformat(timespec="seconds")
        raise BadArgument("BAD_AS_OF", f"`asOf` is to come; the catalogue is known up to now, {now}.")
    return _of_past(context.reader.at(microseconds))


def when_of(context: Context, record: EntryRecord) -> When:
    """The moment of an object of an answer."""
    past = context.reader.past_of(record.number)
    return When(None, context.day) if past is None else _of_past(past)


def _of_past(past: Past) -> When:
    return When(past, (_EPOCH + timedelta(microseconds=past.at)).astimezone(BERLIN).date())


async def at_their_moments(
    context: Context,
    parents: Sequence[R],
    as_of: datetime | None,
    answer: Callable[[When, Sequence[R | None]], Awaitable[Sequence[V]]],
) -> list[V]:
    """Answer a batch of objects, those of one moment together.

    Args:
        context: of the request.
        parents: objects of any moments.
        as_of: the moment for all of them; without it each answers for its own.
        answer: gives one value for each object; None stands for one that was not there at the moment.
    """
    if as_of is not None:
        at = when(context, as_of)
        return list(await answer(at, await _then(context, at, parents)))
    groups: dict[When, list[int]] = {}
    for place, parent in enumerate(parents):
        groups.setdefault(when_of(context, parent), []).append(place)
    found: dict[int, V] = {}
    for at, places in groups.items():
        values = await answer(at, [parents[place] for place in places])
        found |= zip(places, values, strict=True)
    return [found[place] for place in range(len(parents))]


async def _then(context: Context, at: When, parents: Sequence[R]) -> list[R | None]:
    if at.past is None:
        return list(parents)
    numbers = [at.past.number_of(context.reader.today(parent.number)) for parent in parents]
    records = await context.reader.entries(numbers)
    return [
        record if isinstance(record := records.get(number), type(parent)) else None
        for number, parent in zip(numbers, parents, strict=True)
    ]
