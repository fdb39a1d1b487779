"""Which descriptions hold at a place, most specific first: the layers that are merged into one answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalog_sync.catalog.keys import GERMANY, AreaKey, AreaLevel, ancestor_set, level_of
from catalog_sync.catalog.model import Validity
from catalog_sync.catalog.records import ServiceEntryRecord, SpecialisationRecord


@dataclass(frozen=True, slots=True)
class Layer:
    """One description or specialisation, and the area by which it covers the place."""

    record: ServiceEntryRecord | SpecialisationRecord
    area: AreaKey

    @property
    def level(self) -> AreaLevel:
        """The level of the area by which it holds."""
        return level_of(self.area)


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of a place in order, and the entries that lost within one length."""

    place: AreaKey
    chosen: tuple[Layer, ...]
    alternatives: tuple[ServiceEntryRecord, ...]


def covering(areas: Iterable[AreaKey], place: AreaKey | None) -> AreaKey | None:
    """The longest of the areas that covers the place; without a place only Germany counts."""
    above = ancestor_set(place or GERMANY)
    return max((area for area in areas if area in above), key=len, default=None)


def is_valid(validities: Sequence[Validity], day: date) -> bool:
    """Whether one of the periods includes the day; no period at all means always."""
    if not validities:
        return True
    written = day.isoformat()
    return any((v.begins or "") <= written <= (v.ends or "9999") for v in validities)


def holding(
    entries: Iterable[ServiceEntryRecord], place: AreaKey | None, day: date
) -> list[tuple[AreaKey, ServiceEntryRecord]]:
    """The entries that hold at the place on the day, most specific first; within one length the latest change first."""
    found = [
        (area, record)
        for record in entries
        if (area := covering(record.head.areas, place)) is not None and is_valid(record.head.validities, day)
    ]
    return sorted(found, key=lambda pair: (-len(pair[0]), -(pair[1].changed_at or 0), str(pair[1].entry_id)))


def layers_at(
    entries: Iterable[ServiceEntryRecord],
    specialisations: Mapping[int, Sequence[SpecialisationRecord]],
    place: AreaKey | None,
    day: date,
) -> Layers | None:
    """The layers for a place and a day; None when nothing holds there.

    Of each length one entry is a layer, the others are alternatives. A specialisation is a layer above its entry,
    in its own areas.
    """
    chosen: list[Layer] = []
    lost: list[ServiceEntryRecord] = []
    for area, record in holding(entries, place, day):
        if any(
            len(layer.area) == len(area) for layer in chosen if isinstance(layer.record, ServiceEntryRecord)
        ):
            lost.append(record)
            continue
        chosen.extend(_above(record, area, specialisations.get(record.number, ()), place, day))
        chosen.append(Layer(record, area))
    if not chosen:
        return None
    chosen.sort(key=lambda layer: -len(layer.area))  # stable: a specialisation stays above its entry
    return Layers(place or GERMANY, tuple(chosen), tuple(lost))


def _above(
    entry: ServiceEntryRecord,
    base: AreaKey,
    specialisations: Sequence[SpecialisationRecord],
    place: AreaKey | None,
    day: date,
) -> list[Layer]:
    found = []
    for record in specialisations:
        area = covering(record.head.areas, place)
        if area is not None and is_valid(record.head.validities, day):
            found.append(Layer(record, max(area, base, key=len)))
    return sorted(
        found,
        key=lambda layer: (-len(layer.area), -(layer.record.changed_at or 0), str(layer.record.entry_id)),
    )
