"""One XZuFi message of all live objects, from one snapshot, in constant memory (sync.md, Out: file)."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

import orjson

from catalog_sync.catalog import statements as catalogue
from catalog_sync.catalog.keys import AreaKey, ars_of
from catalog_sync.catalog.model import CatalogObject
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.errors import CatalogError
from catalog_sync.exporting import statements
from catalog_sync.exporting.objects import Objects
from catalog_sync.xzufi.writer import END, WRITER_VERSION, Heading, beginning, written
from catalog_sync.xzufi.writer_markup import WireVersion


class NoSuchSource(CatalogError):  # noqa: N818 - the wire's word
    """An export of a source that there is not."""

    code = "UNKNOWN_SOURCE"


class Store(Protocol):
    """What an export needs of the catalogue's database."""

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """The state of one moment."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported: the version, and only what touches an area or came from a source, where they are named."""

    version: WireVersion
    area: AreaKey | None = None
    source: str | None = None

    @property
    def name(self) -> str:
        """For the file and for telling exports apart."""
        place = "" if self.area is None else f"-{ars_of(self.area)}"
        return f"xzufi-{self.version}{place}{f'-{self.source}' if self.source else ''}"


@dataclass(frozen=True, slots=True)
class Export:
    """An opened export.

    Attributes:
        tag: the same as long as the same bytes would come.
    """

    heading: Heading
    tag: str
    objects: Objects

    async def chunks(self) -> AsyncIterator[bytes]:
        """The message; the writing runs in a thread, so that others are answered meanwhile."""
        yield beginning(self.heading)
        async for page in self.objects.pages():
            yield await asyncio.to_thread(_written, page, self.heading.version)
        yield END


def _written(page: Sequence[CatalogObject], version: WireVersion) -> bytes:
    return b"".join(written(one, version) for one in page)


@asynccontextmanager
async def opened(store: Store, wanted: Wanted, sender: str) -> AsyncIterator[Export]:
    """Open an export over one snapshot.

    Its message says the time of the catalogue's newest change, and the same state of it always has the same name.

    Raises:
        NoSuchSource: where there is none of that key.
    """
    async with store.snapshot() as snapshot:
        found = await snapshot.rows(statements.STATE)
        position, feed, epoch, at = found[0] if found else (0, 0, "", None)
        sources = await snapshot.rows(catalogue.SOURCES)
        areas_of = {row[0]: tuple(orjson.loads(row[4])) for row in sources}
        numbers = {row[1]: row[0] for row in sources}
        if wanted.source is not None and wanted.source not in numbers:
            raise NoSuchSource(f"There is no source {wanted.source!r}.")
        state = f"{epoch}-{position}-{feed}"
        name = str(uuid5(NAMESPACE_URL, f"{sender} {state} {wanted.name}"))
        tag = blake2b(f"{name} {WRITER_VERSION}".encode(), digest_size=12).hexdigest()
        source = numbers[wanted.source] if wanted.source is not None else None
        objects = Objects(snapshot, areas_of, wanted.area, source)
        yield Export(Heading(wanted.version, name, at or 0, sender), tag, objects)


def versions() -> Iterator[WireVersion]:
    """The versions that can be asked for."""
    yield from ("2.2", "2.3.1")
