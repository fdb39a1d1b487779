"""From words and a place, as people type them, to results or to a choice of places."""

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.demo.portal.addresses import LEIKA_KEY, service_page
from hub.demo.portal.pages import place_of, render, spoken
from hub.demo.portal.portal import conversation, portal_of
from hub.pages.filters import Narrowing, narrowing, searching
from hub.pages.marking import pieces

_LONGEST = 200
_POSTCODE_DIGITS = 5
_CHOICES = 50
_HITS = 10
_SUMMARY = 220


async def search(request: Request) -> Response:
    """Results for ``frage`` in the place: ``wo`` as typed, else ``ort`` as chosen before, else the portal's state."""
    words = request.query_params.get("frage", "").strip()[:_LONGEST]
    typed = request.query_params.get("wo")
    if not typed or not typed.strip():
        ort = portal_of(request).settings.area if typed is not None else place_of(request)
        return await _go(request, words, ort)
    typed = typed.strip()[:_LONGEST]
    if typed.isdecimal() and len(typed) != _POSTCODE_DIGITS:
        return await _choice(request, words, typed, [], "postcode_wrong")
    places = await _places(request, typed)
    chosen = [place for place in places if place["ars"] == request.query_params.get("ort")]
    if len(chosen or places) == 1:
        return await _go(request, words, (chosen or places)[0]["ars"])
    if not places:
        return await _choice(request, words, typed, [], "place_unknown")
    return await _choice(request, words, typed, places)


async def _go(request: Request, words: str, ort: str) -> Response:
    """To the service whose page asked for another place, else to the results."""
    key = request.query_params.get("leistung", "")
    if LEIKA_KEY.fullmatch(key):
        return RedirectResponse(service_page(key, ort), status_code=303)
    return await _results(request, words, ort)


async def _places(request: Request, typed: str) -> list[dict[str, Any]]:
    by = {"postcode": typed} if typed.isdecimal() else {"query": typed}
    found = await conversation(request).ask("Places", first=_CHOICES, **by)
    places = [edge["node"] for edge in (found.get("areas") or {}).get("edges", ())]
    exact = [place for place in places if place["name"].casefold() == typed.casefold()]
    own = portal_of(request).settings.area
    return sorted(exact or places, key=lambda place: not place["ars"].startswith(own))


async def _choice(
    request: Request, words: str, typed: str, places: list[dict[str, Any]], problem: str | None = None
) -> Response:
    own = [place["ars"] for place in places if place["ars"].startswith(portal_of(request).settings.area)]
    return await render(
        request,
        "places.html",
        status=400 if problem else 200,
        likely=own[0] if len(own) == 1 else None,
        words=words,
        typed=typed,
        places=places,
        problem=problem,
        service_key=request.query_params.get("leistung", ""),
    )


async def _results(request: Request, words: str, ort: str) -> Response:
    if not words:
        return await render(
            request, "results.html", words="", ort=ort, area=None, hits=[], total=0, elsewhere=False
        )
    filters = narrowing(request.query_params)
    asked = {"query": words, "place": ort, "language": spoken(request), "first": _HITS}
    found = await conversation(request).ask("Results", area=ort, **asked, **filters.variables(placed=True))
    elsewhere = not _edges(found)
    if elsewhere:
        everywhere = filters.variables(placed=False)
        found = await conversation(request).ask("Results", area=None, **asked, **everywhere)
    return await render(
        request,
        "results.html",
        words=words,
        ort=ort,
        area=found.get("area"),
        elsewhere=elsewhere,
        hits=[_hit(edge) for edge in _edges(found)],
        **_beside(found.get("services") or {}, filters, {"frage": words, "ort": ort}),
    )


def _beside(services: Mapping[str, Any], filters: Narrowing, kept: Mapping[str, str]) -> dict[str, Any]:
    """What a page of results shows beside its hits; links keep the question, the place and the filters."""
    everything = {**kept, **filters.chosen}
    return {
        "total": services.get("totalCount") or 0,
        "groups": filters.groups(services.get("facets") or {}, kept),
        "chosen": filters.chosen,
        "unnarrowed": searching(kept),
        "meant": [(one, searching(everything | {"frage": one})) for one in services.get("didYouMean") or ()],
        "near": [
            (one["name"], searching({**kept, "frage": one["name"]}))
            for one in services.get("nearestBundles") or ()
        ],
    }


def _edges(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list((found.get("services") or {}).get("edges", ()))


def _hit(edge: Mapping[str, Any]) -> dict[str, Any]:
    """A service with its reasons, title and summary in pieces, those marked that were asked for."""
    service, marks = edge["node"], edge.get("highlights")
    described = service.get("description") or {}
    texts = [" ".join(one["text"].split()) for one in described.get("modules") or ()]
    return {
        **service,
        "why": edge.get("why"),
        "heading": pieces((described or service)["title"], marks),
        "summary": pieces(shorten(texts[0], _SUMMARY, placeholder=" …"), marks) if texts else [],
    }
