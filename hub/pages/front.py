"""The front page: what do you want to get done, and where?"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.pages import places, queries, security
from hub.pages.queries import Graph
from hub.pages.rendering import Pages

_TILES = 12


def routes(pages: Pages, graph: Graph) -> list[BaseRoute]:
    """The front page."""
    return [Route("/", _Front(pages, graph).show, methods=["GET"])]


@dataclass(frozen=True, slots=True)
class _Front:
    pages: Pages
    graph: Graph

    async def show(self, request: Request) -> Response:
        answer = await queries.ask(self.graph, queries.FRONT, {}, request)
        sought = await places.sought(self.graph, request)
        counts = (answer.data.get("catalogue") or {}).get("counts", ())
        return self.pages.render(
            request,
            "front.html",
            policy=security.content_security_policy(suggesting=True),
            viewer=answer.data.get("viewer"),
            sought=sought,
            situations=(answer.data.get("lifeSituations") or [])[:_TILES],
            sources=answer.data.get("sources") or [],
            counts={count["kind"]: count["live"] for count in counts},
        )
