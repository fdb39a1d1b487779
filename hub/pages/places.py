"""Which place the reader means: a key, a postcode or a name; chosen where several fit, remembered on wish."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.pages import queries
from hub.pages.queries import Graph
from hub.pages.rendering import Pages, remember

COOKIE = "hub_place"
PARAMETER = "ort"
_KEY = re.compile(r"\d{12}")
_POSTCODE = re.compile(r"\d{5}")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Place:
    """An area as a reader knows it.

    Attributes:
        ars: its key, 12 digits.
        level: the graph's AreaLevel.
        district, state: above it; None where it is one itself, or a city that is its own district.
    """

    ars: str
    name: str
    level: str
    district: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What became of the reader's words.

    Attributes:
        text: as written, or the remembered key.
        place: the one that is meant, if that is clear.
        choice: the places to choose from, biggest first; empty when there is nothing to choose.
    """

    text: str
    place: Place | None = None
    choice: tuple[Place, ...] = ()

    @property
    def unknown(self) -> bool:
        """Whether something was written that no place is called."""
        return bool(self.text) and self.place is None and not self.choice


def is_key(text: str) -> bool:
    """Whether a text is an area's key (Amtlicher Regionalschlüssel, 12 digits)."""
    return _KEY.fullmatch(text) is not None


async def sought(graph: Graph, request: Request) -> Sought:
    """The place of a request: ``?ort=`` as a 12-digit key, a postcode or a name, else the remembered one."""
    text = request.query_params.get(PARAMETER)
    if text is None:
        remembered = request.cookies.get(COOKIE, "")
        place = await _of_key(graph, request, remembered) if _KEY.fullmatch(remembered) else None
        return Sought(remembered if place else "", place)
    text = " ".join(text.split())[:_LONGEST_NAME]
    if _KEY.fullmatch(text):
        return Sought(text, await _of_key(graph, request, text))
    if _POSTCODE.fullmatch(text):
        found = await queries.ask(graph, queries.PLACES_BY_POSTCODE, {"postcode": text}, request)
        return _decided(text, _places(found.data))
    if not text:
        return Sought("")
    found = await queries.ask(graph, queries.PLACES_BY_NAME, {"name": text}, request)
    return _decided(text, _places(found.data))


async def _of_key(graph: Graph, request: Request, ars: str) -> Place | None:
    area = (await queries.ask(graph, queries.PLACE, {"ars": ars}, request)).data.get("area")
    return place_of(area) if area else None


def _places(data: Mapping[str, Any]) -> tuple[Place, ...]:
    return tuple(place_of(edge["node"]) for edge in (data.get("areas") or {}).get("edges", ()))


def _decided(text: str, places: tuple[Place, ...]) -> Sought:
    """One place is clear; so is the only one of exactly this name, a municipality before its district of that name."""
    exact = [place for place in places if _folded(place.name) == _folded(text)]
    municipalities = [place for place in exact if place.level == "MUNICIPALITY"]
    clear = next((group for group in (places, exact, municipalities) if len(group) == 1), None)
    return Sought(text, clear[0]) if clear else Sought(text, None, places)


def _folded(name: str) -> str:
    """A place's name without its title: "Gießen, Universitätsstadt" is called Gießen."""
    return name.partition(",")[0].casefold().strip()


def place_of(area: Mapping[str, Any]) -> Place:
    """The graph's Area, with what tells it from others of its name."""
    above = {ancestor["level"]: ancestor["name"] for ancestor in area["ancestors"]}
    district = above.get("DISTRICT")
    if district and _folded(district) == _folded(area["name"]):
        district = None
    return Place(area["ars"], area["name"], area["level"], district, above.get("STATE"))


def choose(
    pages: Pages, request: Request, found: Sought, viewer: Mapping[str, Any] | None = None
) -> HTMLResponse:
    """The page that lets the reader choose; its form leads back to the same address with the place's key."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != PARAMETER]
    return pages.render(request, "places.html", found=found, kept=kept, viewer=viewer)


def keep(response: HTMLResponse, request: Request, place: Place | None) -> HTMLResponse:
    """Remember the place when the reader asked for it (``?merken=1``)."""
    if place and request.query_params.get("merken") == "1":
        remember(response, request, COOKIE, place.ars)
    return response
