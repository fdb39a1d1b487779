"""Answers of the graph as the portals' pages get them; texts are made up."""

import copy
from typing import Any

KEY = "99025003011000"
PLACE = {
    "ars": "066110000000",
    "name": "Kassel",
    "level": "MUNICIPALITY",
    "ancestors": [{"name": "Hessen", "level": "STATE"}, {"name": "Kassel, Stadt", "level": "DISTRICT"}],
}
PROVENANCE = {
    "source": {"name": "Redaktion Hessen"},
    "changedAt": "2026-03-02T08:00:00Z",
    "level": "STATE",
    "inherited": True,
}


def module(kind: str, html: str) -> dict[str, Any]:
    """A text module."""
    return {
        "kind": kind,
        "html": html,
        "text": html.replace("<p>", "").replace("</p>", ""),
        "language": "de",
        "links": [],
        "provenance": PROVENANCE,
    }


AUTHORITY = {
    "entryId": "L100042.OE.1",
    "name": "Bürgeramt Kassel",
    "addresses": [
        {
            "kind": "VISITORS",
            "street": "Obere Königsstraße",
            "houseNumber": "8",
            "postcode": "34117",
            "city": "Kassel",
        }
    ],
    "contacts": [
        {"channelCode": "01", "value": "buergeramt@kassel.example"},
        {"channelCode": "02", "value": "0561 000-0"},
        {"channelCode": "09", "value": "https://kassel.example"},
        {"channelCode": "99", "value": "Rauchzeichen"},
    ],
    "openingHours": "<p>Mo–Fr 8–12 Uhr<br>Do 14–18 Uhr</p><script>alert(1)</script>",
}

SERVICE: dict[str, Any] = {
    "leikaKey": KEY,
    "title": "Personalausweis Ausstellung",
    "description": {
        "title": "Personalausweis beantragen",
        "language": "de",
        "modules": [
            module(
                "TEASER", "<p>Wenn Sie 16 Jahre oder älter sind, brauchen Sie einen gültigen Ausweis.</p>"
            ),
            module(
                "FULL_TEXT",
                "<p>Den Personalausweis beantragen Sie bei der Gemeinde, in der Sie mit Hauptwohnung gemeldet sind. Sie müssen selbst erscheinen.</p>",
            ),
            module(
                "REQUIRED_DOCUMENTS",
                "<ul><li>alter Ausweis oder Reisepass</li><li>biometrisches Foto</li><li>Geburtsurkunde beim ersten Antrag</li></ul>",
            ),
            module(
                "PROCEDURE",
                "<ol><li>Termin vereinbaren.</li><li>Antrag stellen.</li><li>Ausweis abholen.</li></ol><script>alert(1)</script>",
            ),
        ],
        "fees": [
            {
                "kind": "FIXED",
                "amount": "37.00",
                "minimum": None,
                "maximum": None,
                "currency": "EUR",
                "description": "ab 24 Jahren",
            },
            {
                "kind": "FREE",
                "amount": None,
                "minimum": None,
                "maximum": None,
                "currency": None,
                "description": "Einschalten des Online-Ausweises",
            },
        ],
        "deadlines": [
            {
                "kind": "DURATION",
                "from": None,
                "until": None,
                "description": "Gültigkeit",
                "duration": {
                    "amount": 10,
                    "unit": "YEAR",
                    "unitCode": "JAHR",
                    "amountTo": None,
                    "unitTo": None,
                    "unitToCode": None,
                },
            }
        ],
        "processingTimes": [
            {
                "amount": 2,
                "unit": "WEEK",
                "unitCode": "WOCHE",
                "amountTo": 4,
                "unitTo": "WEEK",
                "unitToCode": "WOCHE",
            }
        ],
        "legalBases": [
            {"url": "https://www.gesetze-im-internet.de/pauswg/", "title": "Personalausweisgesetz (PAuswG)"}
        ],
        "provenance": PROVENANCE | {"entryId": "L100042.LB.1"},
    },
    "responsibilities": [
        {
            "role": "COMPETENT_AUTHORITY",
            "matchedLevel": "MUNICIPALITY",
            "explanation": "Für Personalausweis in Kassel ist diese Stelle zuständig, weil die Regel der Gemeinde genauer ist als die des Landes.",
            "authority": AUTHORITY,
            "provenance": {"source": {"name": "Redaktion Hessen"}},
        }
    ],
    "onlineServices": [
        {
            "startUrl": "https://onlinedienst.example/start?ars=066110000000",
            "explanation": "Dieser Onlinedienst gilt in ganz Hessen.",
            "onlineService": {
                "entryId": "L100042.OD.1",
                "name": "Ausweis online",
                "requiredAssurance": "HIGH",
            },
        }
    ],
    "requiredAssurance": "HIGH",
    "viewerCanStart": {
        "allowed": False,
        "reason": "NOT_SIGNED_IN",
        "required": "HIGH",
        "current": None,
        "onlineService": {"entryId": "L100042.OD.1"},
    },
}


def service(reason: str = "NOT_SIGNED_IN", current: str | None = None) -> dict[str, Any]:
    """The service page's answer with another decision."""
    made = copy.deepcopy(SERVICE)
    made["viewerCanStart"] |= {"allowed": reason == "OK", "reason": reason, "current": current}
    return {"area": PLACE, "service": made}


def start(reason: str, current: str | None) -> dict[str, Any]:
    """The start page's answer."""
    decision = {"allowed": reason == "OK", "reason": reason, "required": "HIGH", "current": current}
    offers = SERVICE["onlineServices"]
    return {
        "service": {
            "leikaKey": KEY,
            "title": "Personalausweis Ausstellung",
            "onlineServices": offers,
            "viewerCanStart": decision
            | {"onlineService": {"entryId": "L100042.OD.1", "name": "Ausweis online"}},
        },
        "viewer": None,
    }


def connection(*nodes: dict[str, Any]) -> dict[str, Any]:
    """A page of a list."""
    return {"totalCount": len(nodes), "edges": [{"node": node} for node in nodes]}


HIT = {
    "leikaKey": KEY,
    "title": "Personalausweis Ausstellung",
    "description": {
        "title": "Personalausweis beantragen",
        "modules": [
            {
                "kind": "TEASER",
                "text": "Wenn Sie 16 Jahre oder älter sind, brauchen Sie einen gültigen Ausweis.",
            }
        ],
    },
    "responsibilities": [{"authority": {"name": "Bürgeramt Kassel"}}],
    "onlineServices": [{"onlineService": {"entryId": "L100042.OD.1"}}],
    "requiredAssurance": "HIGH",
}
FRONT = {
    "services": connection(
        *[
            {"leikaKey": KEY, "title": title}
            for title in (
                "Personalausweis Ausstellung",
                "Hundesteuer Anmeldung",
                "Wohnsitz Ummeldung",
                "Baugenehmigung Erteilung",
                "Kindertagesbetreuung Vermittlung eines Platzes",
            )
        ]
    )
}
NEUSTADT = [
    {
        "ars": "145240200000",
        "name": "Neustadt",
        "level": "MUNICIPALITY",
        "ancestors": [{"name": "Sachsen", "level": "STATE"}, {"name": "Zwickau", "level": "DISTRICT"}],
    },
    {
        "ars": "065340016016",
        "name": "Neustadt",
        "level": "MUNICIPALITY",
        "ancestors": [
            {"name": "Hessen", "level": "STATE"},
            {"name": "Marburg-Biedenkopf", "level": "DISTRICT"},
        ],
    },
]
