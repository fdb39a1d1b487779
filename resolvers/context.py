from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

import strawberry
from sqlalchemy import Connection

from catalog_sync.catalog.areas import AreaMap
from catalog_sync.catalog.history import HistoricReader
from catalog_sync.catalog.kept import Kept
from catalog_sync.catalog.records import SourceRecord
from catalog_sync.links.findings import LinkBook
from catalog_sync.search.memory import SearchIndex
from identity.source_access import MaySee, SourceAccess
from identity.thesaurus_editors import Editor, FindEditor, no_editor
from identity.viewer import Viewer
from resolvers.batches import Batches
from resolvers.rates import RateLimit

T = TypeVar("T")


class Journal(Protocol):
    """The runs' database."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that only reads."""
        ...


class Write(Protocol):
    """How a mutation writes to the catalogue."""

    def __call__(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run `work` in one transaction that may write; it is committed when `work` returns."""
        ...


@dataclass(slots=True)
class Context:
    """What one request's fields may use; made at the endpoint, gone with the answer.

    Attributes:
        reader: the catalogue in one snapshot, with all that it ever was.
        kept: what this process keeps of the same state of the catalogue.
        areas: all areas of Germany, in memory.
        sources: all sources by number.
        search: what this process keeps of the search's index.
        now: microseconds since 1970, UTC.
        day: the calendar day in Berlin, on which validities are judged.
        data_version: what the answer was built from: the catalogue's position and the day.
        version: the same with all else that public answers are built from.
        find_viewer: who is asking, looked up when a field first wants to know.
        asked: what batch functions answered that several fields call; see `resolvers.batches.once`.
        judged: the source and the day whose quality the operation asks for: one, for it is costly to work out.
        may_see: whether who asks may see what became of a source's deliveries, by its key.
        operations: runs and their outcomes; read by `journal`.
        link_book: what the link checker found, known of today only; read by `links`.
        write: one transaction of the catalogue that writes, for mutations.
        find_editor: who wants to change the thesaurus, looked up when a mutation asks.
        standing: what is left of what whoever asks may ask; None where nothing is limited.
        step_up_url: where a person reaches a level: a function of the `acr` asked for; None for nobody in particular.
    """

    reader: HistoricReader
    kept: Kept
    areas: AreaMap
    sources: Mapping[int, SourceRecord]
    search: SearchIndex
    now: int
    day: date
    data_version: str
    version: str
    find_viewer: Callable[[], Awaitable[Viewer | None]]
    step_up_url: Callable[[str | None], str]
    may_see: MaySee
    operations: Journal
    link_book: LinkBook
    write: Write
    find_editor: FindEditor = no_editor
    standing: RateLimit | None = None
    batches: Batches = field(init=False)
    viewer_was_read: bool = False
    operations_were_read: bool = False
    asked: dict[Any, Any] = field(default_factory=dict)
    judged: tuple[int, date] | None = None
    _viewer: tuple[Viewer | None] | None = None
    _access: dict[str, SourceAccess] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.batches = Batches(self)

    @property
    def journal(self) -> Journal:
        """Runs and their outcomes; marks the answer as right only now, for no data version names them."""
        self.operations_were_read = True
        return self.operations

    @property
    def links(self) -> LinkBook:
        """What the link checker found; marks the answer likewise."""
        self.operations_were_read = True
        return self.link_book

    async def viewer(self) -> Viewer | None:
        """Who is asking; marks the answer as one for this person only."""
        self.viewer_was_read = True
        if self._viewer is None:
            self._viewer = (await self.find_viewer(),)
        return self._viewer[0]

    async def editor(self) -> Editor:
        """Whether who asks may change the thesaurus; marks the answer as one for them only."""
        self.viewer_was_read = True
        return await self.find_editor()

    async def access(self, source: str) -> SourceAccess:
        """Whether who asks may see a source's deliveries; marks the answer as one for them only."""
        self.viewer_was_read = True
        if source not in self._access:
            self._access[source] = await self.may_see(source)
        return self._access[source]


Info = strawberry.Info[Context, None]
