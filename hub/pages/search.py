"""Search results: what fits and why, who is responsible in the chosen place, whether it is online, how to narrow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.pages import language, places, queries, security
from hub.pages.filters import Narrowing, narrowing, searching
from hub.pages.marking import Pieces, pieces
from hub.pages.places import Place, Sought, place_of
from hub.pages.queries import Graph
from hub.pages.rendering import Pages
from hub.pages.summaries import first_sentence, teaser

_HITS = 10
_LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One service as the list shows it.

    Attributes:
        title: in pieces, those marked that were asked for.
        summary: one sentence likewise, and `language` the one it is in; None where nobody describes the service.
        authorities: who is responsible at the chosen place.
        online: whether it can be done online there, at assurance level `level` if that is known.
        why: the graph's Why; None where no words were asked for.
    """

    leika_key: str
    title: Pieces
    summary: Pieces | None
    language: str | None
    authorities: tuple[str, ...]
    online: bool
    level: str | None
    why: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A reader's question: words, the place that holds for the hits, filters.

    Attributes:
        named: whether the place was named in the words, and not in the field for it.
    """

    words: str
    sought: Sought
    narrowing: Narrowing
    place: Place | None
    named: bool = False

    @property
    def kept(self) -> dict[str, str]:
        """What every link to results keeps beside the filters."""
        return {"q": self.words, "ort": self.place.ars if self.place else self.sought.text}


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
        asked = _Asked(words, sought, narrowing(request.query_params), sought.place)
        data = await self._found(request, asked)
        named = (data.get("services") or {}).get("place")
        if named and not asked.place:
            asked = replace(asked, place=place_of(named), named=True)
            data = await self._found(request, asked)
        values = _values(asked, data.get("services") or {})
        policy = security.content_security_policy(suggesting=True)
        viewer, later = data.get("viewer"), bool(request.query_params.get("after"))
        response = self.pages.render(
            request, "results.html", policy=policy, viewer=viewer, later=later, **values
        )
        return places.keep(response, request, sought.place)

    async def _found(self, request: Request, asked: _Asked) -> Mapping[str, Any]:
        variables: dict[str, Any] = {
            "query": asked.words or None,
            "language": language.chosen(request),
            "first": _HITS,
            "after": request.query_params.get("after"),
        } | asked.narrowing.variables(placed=asked.place is not None)
        query = queries.SEARCH
        if asked.place:
            query, variables = queries.SEARCH_AT_PLACE, variables | {"area": asked.place.ars}
        return (await queries.ask(self.graph, query, variables, request)).data


def _values(asked: _Asked, services: Mapping[str, Any]) -> dict[str, Any]:
    """The template's values from the graph's ServiceConnection."""
    edges, chosen = services.get("edges") or [], asked.narrowing.chosen
    everything = {**asked.kept, **chosen}
    page = services.get("pageInfo") or {}
    more = searching(everything | {"after": page["endCursor"]}) if page.get("hasNextPage") else None
    return {
        "words": asked.words,
        "situation": _situation(chosen.get("lage", ""), services),
        "sought": asked.sought,
        "place": asked.place,
        "named": asked.named,
        "chosen": chosen,
        "hits": [hit(edge) for edge in edges],
        "total": services.get("totalCount") or 0,
        "more": more,
        "groups": asked.narrowing.groups(services.get("facets") or {}, asked.kept),
        "unnarrowed": searching(asked.kept),
        "elsewhere": searching(everything | {"ort": ""}),
        "meant": [(one, searching(everything | {"q": one})) for one in services.get("didYouMean") or ()],
        "near": [
            (one["name"], searching(asked.kept | {"q": one["name"]}))
            for one in services.get("nearestBundles") or ()
        ],
    }


def hit(edge: Mapping[str, Any]) -> Hit:
    """The graph's ServiceEdge as the list shows it."""
    service, marks = edge["node"], edge.get("highlights")
    description = service["description"] or {}
    text = teaser(description.get("modules", ()))
    authorities = (found["authority"]["name"] for found in service.get("responsibilities", ()))
    return Hit(
        leika_key=service["leikaKey"],
        title=pieces(description.get("title") or service["title"], marks),
        summary=pieces(first_sentence(text["text"]), marks) if text else None,
        language=text["language"] if text else None,
        authorities=tuple(dict.fromkeys(authorities)),
        online=bool(service.get("onlineServices")),
        level=service.get("requiredAssurance"),
        why=edge.get("why"),
    )


def _situation(id: str, services: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The life situation that was chosen, by the name that its count or its services carry."""
    counted = [one["value"] for one in (services.get("facets") or {}).get("lifeSituations", ())]
    carried = [one for edge in services.get("edges") or () for one in edge["node"]["lifeSituations"]]
    named = (situation for situation in counted + carried if situation["id"] == id)
    return next(named, {"id": id, "name": ""} if id else None)
