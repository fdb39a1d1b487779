"""A graph with recorded answers, in the shapes of the contract."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from hub.pages import public
from hub.pages.rendering import Pages

HESSEN = {"ars": "060000000000", "name": "Hessen", "level": "STATE"}
GIESSEN = {
    "ars": "065310005005",
    "name": "Gießen, Universitätsstadt",
    "level": "MUNICIPALITY",
    "ancestors": [{"ars": "065310000000", "name": "Gießen", "level": "DISTRICT"}, HESSEN],
}
WETZLAR = {
    "ars": "065320023023",
    "name": "Wetzlar, Stadt",
    "level": "MUNICIPALITY",
    "ancestors": [{"ars": "065320000000", "name": "Lahn-Dill-Kreis", "level": "DISTRICT"}, HESSEN],
}
HUETTENBERG = {
    "ars": "065320013013",
    "name": "Hüttenberg",
    "level": "MUNICIPALITY",
    "ancestors": [{"ars": "065320000000", "name": "Lahn-Dill-Kreis", "level": "DISTRICT"}, HESSEN],
}
DISTRICT_GIESSEN = {"ars": "065310000000", "name": "Gießen", "level": "DISTRICT", "ancestors": [HESSEN]}
PLACES = (GIESSEN, WETZLAR, HUETTENBERG, DISTRICT_GIESSEN)
POSTCODES = {"35578": [WETZLAR], "35625": [HUETTENBERG, WETZLAR]}
KEY = "99008001012000"

FEDERAL = {
    "source": {"name": "Bundesredaktion"},
    "entryId": "B100019.LB.1",
    "changedAt": "2026-01-15T09:00:00+00:00",
    "approvedAt": None,
    "level": "COUNTRY",
    "inherited": True,
}
STATE = {
    "source": {"name": "Redaktion Hessen"},
    "entryId": "L100042.LB.2",
    "changedAt": "2026-03-01T23:30:00+00:00",
    "approvedAt": "2026-02-20",
    "level": "STATE",
    "inherited": True,
}


def module(kind: str, html: str, **changes: Any) -> dict[str, Any]:
    text = html.replace("<p>", "").replace("</p>", " ").strip()
    return {
        "kind": kind,
        "code": "00",
        "html": html,
        "text": text,
        "language": "de",
        "links": [],
        "provenance": STATE,
    } | changes


def span(amount: int, unit: str, **changes: Any) -> dict[str, Any]:
    none = {"amountTo": None, "unitTo": None, "unitToCode": None}
    return {"amount": amount, "unit": unit, "unitCode": unit, **none} | changes


def responsibility(role: str = "COMPETENT_AUTHORITY", name: str = "Bürgerbüro Wetzlar") -> dict[str, Any]:
    return {
        "role": role,
        "matchedLevel": "MUNICIPALITY",
        "explanation": f"Für Wetzlar nennt die Redaktion Hessen „{name}“ als zuständig. Eine genauere Regel gibt es nicht.",
        "area": {"name": "Wetzlar, Stadt"},
        "provenance": STATE | {"level": "MUNICIPALITY", "inherited": False},
        "authority": {
            "name": name,
            "openingHours": "<p>Montag bis Freitag 8 bis 12 Uhr<br>Donnerstag auch 14 bis 18 Uhr</p>",
            "addresses": [
                {
                    "kind": "VISITORS",
                    "street": "Ernst-Leitz-Straße",
                    "houseNumber": "30",
                    "postcode": "35578",
                    "city": "Wetzlar",
                }
            ],
            "contacts": [
                {"channelCode": "02", "value": "06441 99-1234"},
                {"channelCode": "01", "value": "buergerbuero@wetzlar.example"},
                {"channelCode": "05", "value": "https://www.wetzlar.example/buergerbuero"},
            ],
        },
    }


def offer(start: str | None = "https://antrag.example/start?ars=065320023023") -> dict[str, Any]:
    return {
        "startUrl": start,
        "explanation": "Wetzlar bietet den Onlinedienst an.",
        "onlineService": {
            "entryId": "L100042.OD.1",
            "name": "Ausweis online",
            "requiredAssurance": "SUBSTANTIAL",
            "links": [],
        },
    }


def decision(reason: str, **changes: Any) -> dict[str, Any]:
    found = {"allowed": reason == "OK", "reason": reason, "required": "SUBSTANTIAL", "current": None}
    return found | {"stepUpUrl": None, "onlineService": {"entryId": "L100042.OD.1"}} | changes


def description(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Personalausweis beantragen",
        "language": "de",
        "machineTranslated": False,
        "modules": [
            module(
                "SHORT_TEXT",
                "<p>Wenn Sie Deutsche oder Deutscher sind und mindestens 16 Jahre alt, brauchen Sie einen Ausweis. "
                "Sie beantragen ihn persönlich.</p>",
            ),
            module(
                "FULL_TEXT",
                "<p>Mit dem Personalausweis weisen Sie sich aus. Er gilt zehn Jahre, vor dem 24. Geburtstag sechs Jahre.</p>"
                "<p>Sie können sich damit auch im Internet ausweisen.</p>",
                provenance=FEDERAL,
            ),
            module(
                "PREREQUISITES", "<ul><li>Sie sind Deutsche oder Deutscher.</li></ul>", provenance=FEDERAL
            ),
            module(
                "REQUIRED_DOCUMENTS",
                "<ul><li>bisheriger Ausweis oder Reisepass</li><li>ein aktuelles biometrisches Foto, nicht älter als ein "
                "Jahr</li><li>bei unter 16-Jährigen: Zustimmung beider Eltern</li></ul>",
            ),
            module(
                "PROCEDURE",
                "<ol><li>Vereinbaren Sie einen Termin.</li><li>Bringen Sie die Unterlagen mit.</li>"
                "<li>Holen Sie den Ausweis ab, sobald Sie den Brief mit der PIN haben.</li></ol>",
            ),
            module(
                "LEGAL_BASES",
                "<p>§ 9 Personalausweisgesetz</p>",
                links=[{"url": "https://www.gesetze-im-internet.de/pauswg/__9.html", "title": "§ 9 PAuswG"}],
                provenance=FEDERAL,
            ),
            module("REMEDIES", "<p>Widerspruch innerhalb eines Monats.</p>"),
        ],
        "fees": [
            {
                "kind": "FIXED",
                "amount": "37.00",
                "minimum": None,
                "maximum": None,
                "currency": "EUR",
                "prepaid": True,
                "description": "ab 24 Jahren",
                "provenance": STATE,
            },
            {
                "kind": "VARIABLE",
                "amount": None,
                "minimum": "13.00",
                "maximum": "26.50",
                "currency": "EUR",
                "prepaid": None,
                "description": "außerhalb der Öffnungszeiten",
                "provenance": STATE,
            },
        ],
        "deadlines": [
            {
                "kind": "DURATION",
                "duration": span(4, "WEEK"),
                "from": None,
                "until": None,
                "description": "vor Ablauf beantragen",
                "provenance": FEDERAL,
            }
        ],
        "processingTimes": [span(2, "WEEK", amountTo=3, unitTo="WEEK") | {"provenance": STATE}],
        "legalBases": [
            {
                "url": "https://www.gesetze-im-internet.de/pauswg/__9.html",
                "title": "§ 9 PAuswG",
                "description": None,
            }
        ],
    } | changes


def service(**changes: Any) -> dict[str, Any]:
    return {
        "leikaKey": KEY,
        "title": "Personalausweis Ausstellung",
        "requiredAssurance": "SUBSTANTIAL",
        "lifeSituations": [{"id": "17", "name": "Ausweise und Dokumente"}],
        "description": description(),
        "entries": [{"languages": ["de", "en"]}, {"languages": ["de", "de-simple"]}],
        "viewerCanStart": decision("NOT_SIGNED_IN", stepUpUrl="/login?acr=substantial"),
        "onlineServices": [offer()],
        "responsibilities": [responsibility()],
    } | changes


FACETS = {
    "audiences": [{"value": "CITIZEN", "count": 1200}, {"value": "BUSINESS", "count": 3}],
    "lifeSituations": [{"value": {"id": "17", "name": "Ausweise und Dokumente"}, "count": 4}],
    "policyFields": [{"value": f"Feld {n}", "count": n} for n in range(14, 0, -1)],
    "online": [{"value": True, "count": 2}, {"value": False, "count": 5}],
    "assuranceLevels": [{"value": "LOW", "count": 6}],
}
WHY = {
    "match": "SAME_BUNDLE",
    "relative": {"leikaKey": "99008001012001", "title": "Reisepass Ausstellung"},
    "parts": [
        {
            "asked": "Perso",
            "matched": "Personalausweis",
            "fields": ["TITLE", "KEYWORD"],
            "how": "THESAURUS",
            "thesaurus": {"word": "Perso", "language": "de"},
        },
        {"asked": "grün", "matched": None, "fields": [], "how": None, "thesaurus": None},
        {"asked": "ausweis", "matched": "Ausweis", "fields": ["TEXT"], "how": "WORD", "thesaurus": None},
    ],
}
HIGHLIGHTS = {
    "title": [{"text": "Personal", "matched": False}, {"text": "ausweis", "matched": True}],
    "summary": [{"text": "Ausweis", "matched": True}, {"text": " & mehr", "matched": False}],
}

SITUATIONS = (
    "Umzug",
    "Geburt",
    "Eheschließung",
    "Ausweise und Dokumente",
    "Fahrzeug",
    "Bauen und Wohnen",
    "Gewerbe",
)


def asked_for(query: str, data: Any) -> Any:
    """An answer's fields that the operation selects: what a page forgot to ask for, it does not get."""
    document = parse(query)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    operation = next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))

    def fields(selections: SelectionSetNode) -> Iterator[FieldNode]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, FragmentSpreadNode):
                yield from fields(fragments[selection.name.value].selection_set)

    def pruned(value: Any, selections: SelectionSetNode | None) -> Any:
        if selections is None or value is None:
            return value
        if isinstance(value, list | tuple):
            return [pruned(item, selections) for item in value]
        return {f.name.value: pruned(value[f.name.value], f.selection_set) for f in fields(selections)}

    return pruned(data, operation.selection_set)


class FakeGraph:
    """Answers the pages' operations from a few places and services."""

    def __init__(self, *services: dict[str, Any], viewer: dict[str, Any] | None = None) -> None:
        self.services = services
        self.viewer = viewer
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def execute(self, query: str, variables: dict[str, Any], request: Request) -> dict[str, Any]:
        name = query.split("(", 1)[0].split("{", 1)[0].removeprefix("query ").strip()
        self.asked.append((name, variables))
        answer: dict[str, Any] = getattr(self, name)(variables)
        return answer | {"data": asked_for(query, answer["data"])} if answer.get("data") else answer

    def Startseite(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the operation
        situations = [{"id": str(n), "name": name} for n, name in enumerate(SITUATIONS)]
        sources = [
            {
                "key": "hessen",
                "name": "Redaktion Hessen",
                "freshness": "2026-03-02T06:15:00+00:00",
                "areas": [{"name": "Hessen"}],
            },
            {
                "key": "sachsen",
                "name": "Redaktion Sachsen",
                "freshness": None,
                "areas": [{"name": "Sachsen"}],
            },
        ]
        counts = [
            {"kind": "SERVICE_ENTRY", "live": 1234},
            {"kind": "AUTHORITY", "live": 56},
            {"kind": "RESPONSIBILITY", "live": 7890},
        ]
        some = bool(self.services)
        return self._said(
            catalogue={"counts": counts if some else []},
            sources=sources if some else [],
            lifeSituations=situations if some else [],
        )

    def Ort(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"data": {"area": next((p for p in PLACES if p["ars"] == variables["ars"]), None)}}

    def OrteMitNamen(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        wanted = variables["name"].casefold()
        return self._areas([place for place in PLACES if str(place["name"]).casefold().startswith(wanted)])

    def OrteMitPostleitzahl(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._areas(POSTCODES.get(variables["postcode"], []))

    def Suche(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._hits(variables, [self._without_place(s) for s in self.services])

    def SucheAmOrt(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._hits(variables, list(self.services))

    def Vorschlaege(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = [s for s in self.services if variables["prefix"].casefold() in s["title"].casefold()]
        return {"data": {"suggestions": [{"text": "Personalausweis", "service": s} for s in found]}}

    def OrteVorschlagen(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        wanted = variables["query"].casefold()
        return self._areas(
            [p | {"distinction": "Hessen"} for p in PLACES if str(p["name"]).casefold().startswith(wanted)]
        )

    def _hits(self, variables: dict[str, Any], services: list[dict[str, Any]]) -> dict[str, Any]:
        words = (variables["query"] or "").casefold()
        place = next((p for p in PLACES if f" in {p['name']}".casefold() in words), None)
        words = words.partition(" in ")[0]
        found = [s for s in services if words in s["title"].casefold()]
        page = {"hasNextPage": len(found) > variables["first"], "endCursor": "cursor-1"}
        edges = [{"node": s, "why": WHY if words else None, "highlights": HIGHLIGHTS} for s in found]
        beside = {
            "totalCount": len(found),
            "pageInfo": page,
            "edges": edges[: variables["first"]],
            "facets": FACETS,
            "didYouMean": ["Personalausweis"] if words == "personalausweiß".casefold() else [],
            "nearestBundles": [] if found else [{"id": "b1", "name": "Ausweise und Pässe"}],
            "place": place,
        }
        return self._said(services=beside)

    def Leistung(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = next((s for s in self.services if s["leikaKey"] == variables["key"]), None)
        return self._said(service=found and self._without_place(found))

    def LeistungAmOrt(self, variables: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = next((s for s in self.services if s["leikaKey"] == variables["key"]), None)
        return self._said(service=found)

    def _said(self, **data: Any) -> dict[str, Any]:
        return {"data": {"viewer": self.viewer, **data}}

    def _areas(self, places: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "data": {"areas": {"totalCount": len(places), "edges": [{"node": place} for place in places]}}
        }

    def _without_place(self, found: dict[str, Any]) -> dict[str, Any]:
        of_place = ("viewerCanStart", "onlineServices", "responsibilities")
        return {name: value for name, value in found.items() if name not in of_place}


def app(graph: FakeGraph, pages: Pages) -> Starlette:
    return Starlette(routes=public.routes(pages, graph))


@cache
def _pages() -> Pages:
    """One set of templates for all tests: compiling them is what takes time."""
    return Pages()


def reader(graph: FakeGraph, pages: Pages | None = None) -> TestClient:
    """A browser at the pages."""
    return TestClient(app(graph, pages or _pages()), headers={"accept-language": "de"})
