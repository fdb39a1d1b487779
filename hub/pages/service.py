"""The service page: what a person in one place should read, and one button that says what will happen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.pages import language, places, queries, security
from hub.pages.errors import not_found
from hub.pages.places import Place, Sought
from hub.pages.queries import Graph
from hub.pages.rendering import Pages
from hub.pages.starting import action
from hub.pages.texts import sections, summary

_KEY = re.compile(r"99\d{12}")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,15}){0,3}")


def routes(pages: Pages, graph: Graph) -> list[BaseRoute]:
    """The service page, ``/leistung/{leikaKey}?ort=``; ``?sprache=`` is its texts' language, ``?lang=`` the page's."""
    return [Route("/leistung/{key}", _ServicePage(pages, graph).show, methods=["GET"])]


@dataclass(frozen=True, slots=True)
class _ServicePage:
    pages: Pages
    graph: Graph

    async def show(self, request: Request) -> Response:
        key = request.path_params["key"]
        if not _KEY.fullmatch(key):
            return not_found(self.pages, request)
        sought = await places.sought(self.graph, request)
        if sought.choice:
            return places.choose(self.pages, request, sought)
        query, variables = _question(request, key, sought.place)
        answer = await queries.ask(self.graph, query, variables, request)
        service = answer.data.get("service")
        if service is None:
            return not_found(self.pages, request, viewer=answer.data.get("viewer"))
        response = self.pages.render(
            request,
            "service.html",
            policy=security.content_security_policy(suggesting=True),
            viewer=answer.data.get("viewer"),
            graphql=query.strip(),
            variables=orjson.dumps(variables, option=orjson.OPT_INDENT_2).decode(),
            **view(service, sought),
        )
        return places.keep(response, request, sought.place)


def _question(request: Request, key: str, place: Place | None) -> tuple[str, dict[str, Any]]:
    wanted = request.query_params.get("sprache", "")
    tag = wanted if _TAG.fullmatch(wanted) else language.chosen(request)
    if place is None:
        return queries.SERVICE, {"key": key, "language": tag}
    return queries.SERVICE_AT_PLACE, {"key": key, "area": place.ars, "language": tag}


def view(service: Mapping[str, Any], sought: Sought) -> dict[str, Any]:
    """The template's values from the graph's Service."""
    description = service["description"] or {}
    modules = description.get("modules", ())
    responsibilities = service.get("responsibilities", ())
    return {
        "sought": sought,
        "place": sought.place,
        "leika_key": service["leikaKey"],
        "title": description.get("title") or service["title"],
        "description": description,
        "summary": summary(modules),
        "sections": sections(modules, has_authority=bool(responsibilities)),
        "languages": _languages(service["entries"], description.get("language")),
        "level": service["requiredAssurance"],
        "action": action(service) if sought.place else None,
        "authorities": _of_role(responsibilities, "COMPETENT_AUTHORITY"),
        "contact_points": _of_role(responsibilities, "CONTACT_POINT"),
        "offers": service.get("onlineServices", ()),
    }


def _of_role(responsibilities: Any, role: str) -> list[Mapping[str, Any]]:
    return [found for found in responsibilities if found["role"] == role]


def _languages(entries: Any, shown: str | None) -> list[str]:
    """In which other languages somebody describes the service here."""
    return sorted({tag for entry in entries for tag in entry["languages"]} - {shown})
