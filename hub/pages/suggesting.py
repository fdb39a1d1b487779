"""What a field offers while somebody types: services for the question, areas for the place; JSON for suggest.js."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.pages import language, places, queries
from hub.pages.queries import Graph

SERVICES, PLACES = "/vorschlaege", "/orte"
_SHORTEST, _LONGEST = 2, 100
_HEADERS = {
    "Cache-Control": "private, max-age=60",
    "Vary": "Accept-Language, Cookie",
    "X-Content-Type-Options": "nosniff",
}


def routes(graph: Graph) -> list[BaseRoute]:
    """``GET /vorschlaege?q=&ort=`` and ``GET /orte?q=``: ``{"options": [{text, extra, address | key}]}``, at most 8."""
    asking = _Suggesting(graph)
    return [
        Route(SERVICES, asking.services, methods=["GET"]),
        Route(PLACES, asking.places, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class _Suggesting:
    graph: Graph

    async def services(self, request: Request) -> Response:
        """Texts that may be meant, each with the address of its service at the place that stands in the form."""
        if len(typed := _typed(request)) < _SHORTEST:
            return _answer([])
        place = " ".join(request.query_params.get(places.PARAMETER, "").split())[:_LONGEST]
        area = place if places.is_key(place) else None
        variables = {"prefix": typed, "area": area, "language": language.chosen(request)}
        found = await queries.ask(self.graph, queries.SUGGESTIONS, variables, request)
        return _answer([_service(one, place) for one in found.data.get("suggestions") or ()])

    async def places(self, request: Request) -> Response:
        """Areas by name or postcode, with what tells each from others."""
        if len(typed := _typed(request)) < _SHORTEST:
            return _answer([])
        found = await queries.ask(self.graph, queries.SUGGESTED_PLACES, {"query": typed}, request)
        edges = (found.data.get("areas") or {}).get("edges", ())
        return _answer([_place(edge["node"]) for edge in edges])


def _typed(request: Request) -> str:
    return " ".join(request.query_params.get("q", "").split())[:_LONGEST]


def _service(found: Mapping[str, Any], place: str) -> dict[str, str | None]:
    service = found["service"]
    address = f"/leistung/{service['leikaKey']}" + (f"?{places.PARAMETER}={quote(place)}" if place else "")
    extra = service["title"] if service["title"].casefold() != found["text"].casefold() else None
    return {"text": found["text"], "extra": extra, "address": address}


def _place(area: Mapping[str, Any]) -> dict[str, str | None]:
    return {"text": area["name"], "extra": area["distinction"], "key": area["ars"]}


def _answer(options: list[dict[str, str | None]]) -> Response:
    return Response(orjson.dumps({"options": options}), headers=_HEADERS, media_type="application/json")
