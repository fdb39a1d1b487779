"""What a process holds of one state of the catalogue, from request to request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from catalog_sync.catalog.areas import AreaMap
from catalog_sync.catalog.kept import Kept
from catalog_sync.catalog.reading import Row
from catalog_sync.catalog.records import SourceRecord
from hub.execution.generations import Generations
from hub.release import release


@dataclass(slots=True)
class Held:
    """What stays the same while the catalogue's state does: its position first, the version of its areas second."""

    state: Row = ()
    areas: AreaMap | None = None
    sources: Mapping[int, SourceRecord] | None = None
    kept: Kept = field(default_factory=lambda: Kept(Generations))


def version_of(state: Row, day: date) -> str:
    """Names a state of the catalogue in this release, and a day in Berlin."""
    position, areas, epoch, searched, thesaurus, *_ = state
    return f"{release()}.{epoch}.{position}.{areas}.{searched}.{thesaurus}-{day:%Y%m%d}"
