"""What the fields of a portal's search offer while somebody types: JSON for the script that all portals share."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from hub.demo.portal.graph import GraphError
from hub.demo.portal.pages import spoken
from hub.demo.portal.portal import conversation, portal_of

_SCRIPT = Path(__file__).parents[2] / "pages" / "static" / "suggest.js"
_SHORTEST, _LONGEST = 2, 100
_PLACES, _SHOWN = 20, 8


async def script(_: Request) -> Response:
    """The combobox: the hub offers the same file to its own pages."""
    return FileResponse(_SCRIPT, media_type="text/javascript")


async def services(request: Request) -> Response:
    """Services by the beginning of a question, those of the portal's own area first."""
    if not (typed := _typed(request)):
        return _answer([])
    area = portal_of(request).settings.area
    found = await _asked(request, "Suggestions", prefix=typed, area=area, language=spoken(request))
    place = {name: request.query_params.get(name, "")[:_LONGEST] for name in ("wo", "ort")}
    return _answer([_service(one, place) for one in found.get("suggestions") or ()])


async def places(request: Request) -> Response:
    """Places by the beginning of a name or by postcode, those of the portal's own state first."""
    if not (typed := _typed(request)):
        return _answer([])
    found = await _asked(request, "SuggestedPlaces", query=typed, first=_PLACES)
    nodes = [edge["node"] for edge in (found.get("areas") or {}).get("edges", ())]
    own = portal_of(request).settings.area
    ordered = sorted(nodes, key=lambda node: not node["ars"].startswith(own))
    return _answer([_place(node) for node in ordered[:_SHOWN]])


def _typed(request: Request) -> str:
    typed = request.query_params.get("q", "").strip()[:_LONGEST]
    return typed if len(typed) >= _SHORTEST else ""


async def _asked(request: Request, name: str, **variables: Any) -> dict[str, Any]:
    """The answer, or an empty one: a search works without suggestions."""
    try:
        return await conversation(request).ask(name, **variables)
    except GraphError:
        return {}


def _service(found: dict[str, Any], place: dict[str, str]) -> dict[str, str | None]:
    service = found["service"]
    extra = service["title"] if service["title"].casefold() != found["text"].casefold() else None
    kept = {name: value for name, value in place.items() if value}
    address = "/suche?" + urlencode({"leistung": service["leikaKey"], **kept})
    return {"text": found["text"], "extra": extra, "address": address}


def _place(area: dict[str, Any]) -> dict[str, str | None]:
    return {"text": area["name"], "extra": area["distinction"], "key": area["ars"]}


def _answer(options: list[dict[str, str | None]]) -> Response:
    content = orjson.dumps({"options": options})
    return Response(content, headers={"cache-control": "private, max-age=60"}, media_type="application/json")
