"""The hub as one ASGI application: routes, lifespan, and what stands before every request."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from catalog_sync import endpoints as sync
from catalog_sync.digest_endpoint import digest_routes
from catalog_sync.digests.holdings import Holdings
from catalog_sync.export_endpoint import Exports
from catalog_sync.intake import Intake
from catalog_sync.pipeline.beside import Readers
from catalog_sync.pipeline.pull import Puller
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.upkeep import Upkeep
from catalog_sync.search.indexing import reindex
from hub import health, metrics
from hub.admission.rates import rates_of
from hub.announcing import AnnouncingDatabase
from hub.answering import Answering
from hub.changes_out import ChangesOut
from hub.config import Settings
from hub.database import Database, open_database
from hub.documents.registry import Documents, KeptDocuments
from hub.endpoint import GraphEndpoint
from hub.execution.running import Operation
from hub.failures import handlers
from hub.following import Following
from hub.front_door import Hub
from hub.graph import Graph
from hub.housekeeping import Housekeeping
from hub.link_rounds import link_rounds
from hub.pages import explorer, public
from hub.pages.rendering import Pages
from hub.pages.staff import routes as staff
from hub.people import People, assemble_people
from hub.reindexing import Reindexing
from hub.request_ids import new_request_id
from hub.schedule import Schedule
from hub.subscriptions.streams import Streams
from hub.subscriptions.websocket import SocketEndpoint
from hub.surroundings import Surroundings, of_machine
from hub.versions import LEASE_SECONDS
from identity.sessions import SESSION_COOKIE
from identity.viewers import Viewers


@dataclass(frozen=True, slots=True)
class PageGraph:
    """The graph as the hub's own pages ask it: same execution, the person of the page's own cookie."""

    graph: Graph
    viewers: Viewers

    async def execute(self, query: str, variables: dict[str, Any], request: Request) -> dict[str, Any]:
        """Run a page's query for whoever looks at the page."""
        cookie = request.cookies.get(SESSION_COOKIE)
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        found = await self.graph.run(
            Operation(query, variables), new_request_id(), lambda: self.viewers.of_cookie(cookie), back
        )
        return found.answer.body


class Task(Protocol):
    """Something that goes on for as long as the hub serves."""

    def start(self) -> None:
        """Begin."""
        ...

    async def stop(self) -> None:
        """End."""
        ...


def create_app(
    settings: Settings, surroundings: Surroundings | None = None, *, shared: bool = False
) -> Starlette:
    """Build the hub over databases that `verbundhub migrate` has made.

    Args:
        settings: must name an issuer.
        surroundings: clock, random and the client for calls to outside; the machine's own by default.
        shared: other processes serve over the same databases.
    """
    around = surroundings or of_machine(settings)
    databases, catalog = _opened(settings)
    people = assemble_people(settings, databases["identity"], around)
    graph = Graph(catalog, databases["operations"], around.clock, settings.issuer)
    answering = _answering(graph, catalog, settings)
    out = ChangesOut(catalog, databases["operations"], around)
    documents = _documents(graph, databases["operations"], around, settings)
    streams = Streams(graph, out.watch, documents)
    endpoint = _endpoint(answering, people, streams, documents, around=around, settings=settings)
    intake = _intake(databases, people, around, settings)
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", _sockets(streams, people, settings.issuer)),
        *people.routes,
        *_sync_routes(intake, catalog, settings.issuer),
        *staff.routes(people.staff_door, intake, PageGraph(graph, people.viewers)),
        *out.routes,
        *health.routes(databases, around.clock),
        *metrics.routes(answering.meter),
        *public.routes(around.pages, PageGraph(graph, people.viewers)),
    ]
    tasks = _tasks(databases, graph, intake, around, settings)
    ends = [around.egress.aclose, *(database.close for database in databases.values())]
    return Hub(
        endpoint,
        answering.versions if shared else None,
        routes=routes,
        lifespan=_lifespan(graph, intake, out, tasks, ends),
        exception_handlers=handlers(around.pages, new_request_id),
    )


def _opened(settings: Settings) -> tuple[dict[str, Database], AnnouncingDatabase]:
    """The three databases, and the catalogue's among them once more."""
    catalog = AnnouncingDatabase(open_database(settings.url_of("catalog")))
    others = {name: open_database(settings.url_of(name)) for name in ("identity", "operations")}
    return {"catalog": catalog, **others}, catalog


def _answering(graph: Graph, catalog: AnnouncingDatabase, settings: Settings) -> Answering:
    answering = Answering(graph, settings.answer_bytes, LEASE_SECONDS)
    catalog.tell(answering.versions.expire)
    return answering


def _sync_routes(intake: Intake, catalog: Database, issuer: str) -> list[BaseRoute]:
    """In by messages, out by digests and exports."""
    return [
        *sync.routes(intake),
        *digest_routes(intake, Holdings(catalog)),
        *Exports(catalog, issuer).routes(),
    ]


def _intake(
    databases: dict[str, Database], people: People, around: Surroundings, settings: Settings
) -> Intake:
    pipeline = Pipeline(
        databases["catalog"],
        databases["operations"],
        clock=around.clock,
        random=around.random,
        reindex=reindex,
        readers=Readers(int(settings.sync_processes)),
    )
    return Intake(pipeline, people.source_tokens)


def _tasks(
    databases: dict[str, Database], graph: Graph, intake: Intake, around: Surroundings, settings: Settings
) -> Sequence[Task]:
    """What goes on by itself: order in the journal, sources on their schedule, links, the index."""
    catalog, operations = databases["catalog"], databases["operations"]
    return (
        Housekeeping(Upkeep(catalog, operations, around.clock, settings.keep_deliveries_seconds)),
        Schedule(Puller(intake.pipeline, around.egress)),
        link_rounds(catalog, operations, around, settings),
        Reindexing(catalog),
        Following(catalog.snapshot, graph.search),
    )


def _documents(graph: Graph, operations: Database, around: Surroundings, settings: Settings) -> KeptDocuments:
    return KeptDocuments(
        operations,
        lambda text: graph.executor.operations.document(text).node is not None,
        around.clock,
        trusted_only=settings.documents == "trusted",
    )


def _endpoint(
    answering: Answering,
    people: People,
    streams: Streams,
    documents: Documents,
    *,
    around: Surroundings,
    settings: Settings,
) -> GraphEndpoint:
    return GraphEndpoint(
        answering.graph,
        people.viewers,
        origin=people.issuer,
        cookie=SESSION_COOKIE,
        explorer=_explorer(around.pages),
        new_id=new_request_id,
        streams=streams,
        readers=people.source_readers,
        editors=people.editors,
        answering=answering,
        documents=documents,
        rates=rates_of(settings.points, around.clock, around.moments),
    )


def _sockets(streams: Streams, people: People, issuer: str) -> SocketEndpoint:
    return SocketEndpoint(
        streams, people.viewers, origin=issuer, cookie=SESSION_COOKIE, new_id=new_request_id
    )


def _explorer(pages: Pages) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await explorer.page(pages, Request(scope, receive))(scope, receive, send)

    return app


def _lifespan(
    graph: Graph,
    intake: Intake,
    out: ChangesOut,
    tasks: Sequence[Task],
    ends: Sequence[Callable[[], Awaitable[None]]],
) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await graph.prepare()
        await intake.resume()
        out.start()
        for task in tasks:
            task.start()
        yield
        for task in tasks:
            await task.stop()
        await intake.close()
        await out.close()
        for end in ends:
            await end()

    return lifespan
