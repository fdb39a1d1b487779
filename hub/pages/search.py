"""Search results: what fits, what it is about, who is responsible in the chosen place, and whether it is online."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.pages import language, places, queries
from hub.pages.places import Place, Sought
from hub.pages.queries import Graph
from hub.pages.rendering import Pages
from hub.pages.summaries import first_sentence, teaser

_HITS = 10
_LONGEST_QUERY = 200
_PARAMETERS = ("q", "lage", "ort")


@dataclass(frozen=True, slots=True)
class Hit:
    """One service as the list shows it.

    Attributes:
        summary: one sentence, and `language` the one it is in; None where nobody describes the service.
        authorities: who is responsible at the chosen place.
        online: whether it can be done online there, at assurance level `level` if that is known.
    """

    leika_key: str
    title: str
    summary: str | None
    language: str | None
    authorities: tuple[str, ...]
    online: bool
    level: str | None


def routes(pages: Pages, graph: Graph) -> list[BaseRoute]:
    """The page of results."""
    return [Route("/suche", _Search(pages, graph).show, methods=["GET"])]


@dataclass(frozen=True, slots=True)
class _Search:
    pages: Pages
    graph: Graph

    async def show(self, request: Request) -> Response:
        sought = await places.sought(self.graph, request)
        if sought.choice:
            return places.choose(self.pages, request, sought)
        words = " ".join(request.query_params.get("q", "").split())[:_LONGEST_QUERY]
        situation = request.query_params.get("lage", "")
        data = await self._found(request, words, situation, sought.place)
        services = data.get("services") or {}
        edges = services.get("edges") or []
        response = self.pages.render(
            request,
            "results.html",
            viewer=data.get("viewer"),
            words=words,
            situation=_situation(situation, edges),
            sought=sought,
            hits=[hit(edge["node"]) for edge in edges],
            total=services.get("totalCount") or 0,
            more=_more(request, sought, services.get("pageInfo") or {}),
            later=bool(request.query_params.get("after")),
        )
        return places.keep(response, request, sought.place)

    async def _found(
        self, request: Request, words: str, situation: str, place: Place | None
    ) -> Mapping[str, Any]:
        variables: dict[str, Any] = {
            "query": words or None,
            "situation": situation or None,
            "language": language.chosen(request),
            "first": _HITS,
            "after": request.query_params.get("after"),
        }
        query = queries.SEARCH
        if place:
            query, variables = queries.SEARCH_AT_PLACE, variables | {"area": place.ars}
        return (await queries.ask(self.graph, query, variables, request)).data


def hit(service: Mapping[str, Any]) -> Hit:
    """The graph's Service as the list shows it."""
    description = service["description"] or {}
    text = teaser(description.get("modules", ()))
    authorities = (found["authority"]["name"] for found in service.get("responsibilities", ()))
    return Hit(
        leika_key=service["leikaKey"],
        title=description.get("title") or service["title"],
        summary=first_sentence(text["text"]) if text else None,
        language=text["language"] if text else None,
        authorities=tuple(dict.fromkeys(authorities)),
        online=bool(service.get("onlineServices")),
        level=service.get("requiredAssurance"),
    )


def _situation(id: str, edges: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The life situation that was clicked, by the name that its services carry."""
    named = (situation for edge in edges for situation in edge["node"]["lifeSituations"])
    return next(
        (situation for situation in named if situation["id"] == id), {"id": id, "name": ""} if id else None
    )


def _more(request: Request, sought: Sought, page: Mapping[str, Any]) -> str | None:
    """The address of the next hits."""
    if not page.get("hasNextPage"):
        return None
    kept = {name: request.query_params[name] for name in _PARAMETERS if name in request.query_params}
    return "/suche?" + urlencode(kept | {"ort": sought.text, "after": page["endCursor"]})
