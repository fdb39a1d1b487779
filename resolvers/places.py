"""Area arguments: the place that is meant, and what has become of it."""

from datetime import date, timedelta

from catalog_sync.catalog.areas import AreaRow, Place
from catalog_sync.catalog.keys import AreaKey, ars_of
from resolvers.context import Context
from resolvers.errors import BadArgument


def known_place(context: Context, area: AreaKey, day: date) -> Place:
    """An area argument, once it is known to be a place; an old key leads to the area that it became by the day.

    Raises:
        BadArgument: UNKNOWN_AREA for a well-formed key that no official list has.
    """
    if len(context.areas) > 1 and not context.areas.known(area):
        raise BadArgument(
            "UNKNOWN_AREA",
            f"There is no area with the key {ars_of(area)}. Look it up with areas(query:) or areas(postcode:).",
        )
    return context.areas.place_on(area, day)


def succession(place: Place | None, *, english: bool) -> str:
    """What has become of the area that was asked for, as a sentence with a blank before it; empty while it exists."""
    if place is None or place.asked is None or not place.gone:
        return ""
    old, first = _named(place.asked), _first_day_after(place.asked)
    german, foreign = f"{first.day}.{first.month}.{first.year}", first.isoformat()
    if not place.successors:
        if english:
            return f" {old} has not existed since {foreign}; this is what holds for the old key."
        return f" {old} gibt es seit dem {german} nicht mehr; genannt ist, was für den alten Schlüssel gilt."
    if len(place.successors) == 1:
        new = _named(place.successors[0])
        direct = place.successors[0].key in place.asked.successors
        if english:
            return f" {old} has been {new} since {foreign}." if direct else f" {old} is {new} today."
        return f" {old} ist seit dem {german} {new}." if direct else f" {old} ist heute {new}."
    parts = [_named(row) for row in place.successors]
    if english:
        return f" {old} was split into {_listed(parts, 'and')}; this is what holds for all of the old area."
    return (
        f" {old} wurde geteilt in {_listed(parts, 'und')}; genannt ist, was für das ganze alte Gebiet gilt."
    )


def _named(row: AreaRow) -> str:
    return f"{row.name} ({row.ars})"


def _first_day_after(gone: AreaRow) -> date:
    return date.fromisoformat(gone.valid_until or "0001-01-01") + timedelta(days=1)


def _listed(parts: list[str], word: str) -> str:
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
