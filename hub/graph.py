"""The graph over one catalogue: a request's snapshot and context, and the operation run in them."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from catalog_sync.catalog import statements
from catalog_sync.catalog.areas import AreaMap, load_area_map
from catalog_sync.catalog.history import HistoricReader
from catalog_sync.catalog.kept import Kept
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.catalog.store import CatalogReader
from catalog_sync.links.findings import LinkFindings
from catalog_sync.search.memory import SearchIndex
from hub.admission.turns import lanes_over
from hub.database import Database
from hub.errors import DatabaseAwayError
from hub.execution.generations import Generations
from hub.execution.running import Answer, Executor, Operation
from hub.held import Held, version_of
from identity.source_access import MaySee, nobodys_access
from identity.thesaurus_editors import FindEditor, no_editor
from identity.viewer import Viewer
from resolvers.context import Context
from resolvers.moments import BERLIN
from resolvers.rates import RateLimit
from schema.build import build_schema

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, looked up when a field wants to know.

    Attributes:
        find_viewer: the person.
        may_see: whether they may see what became of a source's deliveries.
        find_editor: whether they may change the thesaurus.
        client: by what their requests are counted, where they are known by a token; None: by their address.
        standing: what is left of what they may ask.
    """

    find_viewer: "FindViewer"
    may_see: MaySee = nobodys_access
    find_editor: FindEditor = no_editor
    client: str | None = None
    standing: RateLimit | None = None


FindViewer = Callable[[], Awaitable[Viewer | None]]


async def nobody() -> Viewer | None:
    """The viewer of a request without token and session."""
    return None


def known(viewer: Viewer) -> FindViewer:
    """For a viewer who was looked up already."""

    async def found() -> Viewer | None:
        return viewer

    return found


def later(find: Callable[[str], Awaitable[Viewer | None]], secret: str) -> FindViewer:
    """For a viewer who is looked up when a field wants to know."""

    async def found() -> Viewer | None:
        return await find(secret)

    return found


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """An answer with what the endpoint must know of how it came about.

    Attributes:
        data_version: what `catalogue.dataVersion` says: the catalogue's position and the day.
        viewer_was_read: whether it is for who asked only.
        operations_were_read: whether it is right only now, for no data version names what it read.
        version: the whole state that it was built from; see `Graph.version`.
    """

    answer: Answer
    data_version: str
    viewer_was_read: bool
    operations_were_read: bool = False
    version: str = ""


class Graph:
    """Answers operations. One for each process.

    Args:
        catalog: the catalogue's database.
        operations: the one of runs and their outcomes, and of what links answer.
        clock: seconds since 1970.
        public_address: where the hub's own pages are, for the way to step up.

    Attributes:
        search: what is kept of the search's index.
    """

    def __init__(
        self, catalog: Database, operations: Database, clock: Callable[[], float], public_address: str
    ) -> None:
        self._catalog = catalog
        self._operations = operations
        self._clock = clock
        self._address = public_address
        self._links = LinkFindings(operations)
        self._held = Held()
        self.search = SearchIndex(catalog.snapshot)
        self.lanes = lanes_over(catalog.dialect)
        schema = build_schema()._schema  # noqa: SLF001 - the executable schema has no public name
        self.executor = Executor(schema, types_by_class=True)

    async def prepare(self) -> None:
        """Read what is kept in memory, so that the first request need not wait for it."""
        try:
            async with self._catalog.snapshot() as snapshot:
                await self._current(snapshot)
                await self.search.refresh(snapshot)
        except DatabaseAwayError as error:
            _log.warning("the search was not made ready; the first request does it: %s", error)

    def forget(self) -> None:
        """Forget what is kept of the catalogue's records: the next request reads them anew."""
        self._held.kept = Kept(Generations)

    async def run(
        self,
        operation: Operation,
        request_id: str,
        find_viewer: FindViewer = nobody,
        come_back_to: str = "/account",
        may_see: MaySee = nobodys_access,
        *,
        find_editor: FindEditor = no_editor,
        standing: RateLimit | None = None,
    ) -> GraphAnswer:
        """Run one operation on one state of the catalogue, for whoever asks (see `Asking`).

        `request_id` names the request in the log and in masked errors; `come_back_to` is the path on the hub to which
        stepping up leads back.

        Raises:
            OverloadedError: where it would have to wait too long for its turn.
        """
        async with (
            self.lanes.turn(find_viewer),
            self.context(find_viewer, come_back_to, may_see, find_editor) as context,
        ):
            context.standing = standing
            answer = await self.executor.run(operation, context, request_id)
        return GraphAnswer(
            answer,
            context.data_version,
            context.viewer_was_read,
            context.operations_were_read,
            context.version,
        )

    async def version(self) -> str:
        """Names all that public answers are built from: this release, the catalogue's state, and the day in Berlin.

        What a field reads beside that, it says by its ``scope`` where it is declared (`schema.fields`).
        """
        async with self._catalog.snapshot() as snapshot:
            return version_of((await self._current(snapshot)).state, self.today())

    async def answer(self, operation: Operation, request_id: str, asking: Asking) -> GraphAnswer:
        """Run one operation of a request over HTTP."""
        return await self.run(
            operation,
            request_id,
            asking.find_viewer,
            may_see=asking.may_see,
            find_editor=asking.find_editor,
            standing=asking.standing,
        )

    @asynccontextmanager
    async def context(
        self,
        find_viewer: FindViewer = nobody,
        come_back_to: str = "/account",
        may_see: MaySee = nobodys_access,
        find_editor: FindEditor = no_editor,
    ) -> AsyncIterator[Context]:
        """What fields may use, over one state of the catalogue."""
        async with self._catalog.snapshot() as snapshot:
            held = await self._current(snapshot)
            today = self.today()
            yield Context(
                reader=HistoricReader(snapshot, held.kept),
                kept=held.kept,
                areas=held.areas or AreaMap(),
                sources=held.sources or {},
                search=self.search,
                now=int(self._clock() * 1_000_000),
                day=today,
                data_version=f"{held.state[0]}-{today:%Y%m%d}",
                version=version_of(held.state, today),
                find_viewer=find_viewer,
                link_book=self._links,
                step_up_url=lambda acr: self._step_up(acr, come_back_to),
                may_see=may_see,
                operations=self._operations,
                write=self._catalog.write,
                find_editor=find_editor,
            )

    async def _current(self, snapshot: Snapshot) -> Held:
        found = (await snapshot.rows(statements.STATE))[0]
        state = (found[0] or 0, found[1] or 0, *found[2:])
        held = self._held
        if state != held.state:
            same_areas = held.areas is not None and state[1] == held.state[1]
            areas = held.areas if same_areas else await load_area_map(snapshot)
            sources = await CatalogReader(snapshot).sources()
            held = self._held = Held(state, areas, sources)
        return held

    def today(self) -> date:
        """The calendar day in Berlin, on which validities are judged."""
        return datetime.fromtimestamp(self._clock(), UTC).astimezone(BERLIN).date()

    def _step_up(self, acr: str | None, come_back_to: str) -> str:
        parameters: dict[str, Any] = {"next": come_back_to} | ({"acr": acr} if acr else {})
        return f"{self._address}/login?{urlencode(parameters)}"
