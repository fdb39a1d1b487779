"""What versions say: their content projected again as the pipeline projects it when it writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog_sync.catalog import past_statements as statements
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.memo import Memo
from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.projection import Identity, Projection, project
from catalog_sync.catalog.reading import Row
from catalog_sync.catalog.records import EntryRecord, SourceRecord
from catalog_sync.catalog.store import CatalogReader, record_of


@dataclass(frozen=True, slots=True)
class Content:
    """One version of one object: as a record and with all rows that are derived from it."""

    record: EntryRecord
    shown: Projection

    @property
    def identity(self) -> Identity:
        """What makes the object one object."""
        kind, agency, value = self.record.kind, self.record.agency, self.record.value
        return (kind.number, agency, value)


class Contents:
    """Versions by number, as objects of one moment.

    Args:
        reader: the catalogue of today, for statements and sources.
        shift: what lies between the number of an object today and its number at the moment.
    """

    def __init__(self, reader: CatalogReader, shift: int) -> None:
        self._reader = reader
        self._shift = shift
        self._known = Memo(self._fetch)

    async def get(self, versions: Iterable[int]) -> dict[int, Content]:
        """The contents of versions."""
        return await self._known.get(versions)

    async def _fetch(self, versions: list[int]) -> Mapping[int, Content]:
        sources = await self._reader.sources()
        rows = await self._reader.rows(statements.CONTENTS, versions=versions)
        return {row[0]: self._content(row, sources) for row in rows}

    def _content(self, row: Row, sources: Mapping[int, SourceRecord]) -> Content:
        _, number, source, changed_at, received_at, payload = row
        obj = unpack(payload)
        shown = project(obj, sources[source].areas if source in sources else ())
        kind = EntryKind(obj.__struct_config__.tag).number
        label, approved_at = obj.version.label, shown.approved_at
        columns = (number + self._shift, kind, obj.agency, obj.value, source, label, changed_at, received_at)
        return Content(record_of((*columns, approved_at, shown.head)), shown)
