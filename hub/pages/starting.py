"""The one button of a service page: its words say what will happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_START_OF = {
    "OK": "START",
    "LEVEL_UNKNOWN": "START",
    "NOT_SIGNED_IN": "SIGN_IN",
    "ASSURANCE_TOO_LOW": "STEP_UP",
    "NOT_FOR_THIS_SUBJECT": "OTHER_ACCOUNT",
    "NOT_ONLINE_HERE": "ON_SITE",
}


@dataclass(frozen=True, slots=True)
class Action:
    """What the reader can do next.

    Attributes:
        kind: START, SIGN_IN, STEP_UP, OTHER_ACCOUNT or ON_SITE.
        reason: the graph's StartReason.
        address: where the button leads; None when there is nowhere to go.
        host: whose site it leads to, when it is not this one.
        required, current: assurance levels, as far as known.
    """

    kind: str
    reason: str
    address: str | None
    host: str | None
    required: str | None
    current: str | None


def action(service: Mapping[str, Any]) -> Action:
    """The button for the graph's Service at a place."""
    decision = service["viewerCanStart"]
    kind = _START_OF.get(decision["reason"], "ON_SITE")
    address = _start_address(service, decision["onlineService"]) if kind == "START" else decision["stepUpUrl"]
    if kind == "START" and address is None:
        kind = "ON_SITE"
    if kind == "ON_SITE":
        address = "#responsible" if service["responsibilities"] else None
    return Action(
        kind=kind,
        reason=decision["reason"],
        address=address,
        host=urlsplit(address).hostname if kind == "START" and address else None,
        required=decision["required"],
        current=decision["current"],
    )


def _start_address(service: Mapping[str, Any], chosen: Mapping[str, Any] | None) -> str | None:
    """The start of the online service that was decided on, else its first link to the web."""
    for offer in service["onlineServices"]:
        online = offer["onlineService"]
        if chosen is None or online["entryId"] == chosen["entryId"]:
            addresses = (offer["startUrl"], *(link["url"] for link in online["links"]))
            return next((a for a in addresses if a and urlsplit(a).scheme in ("http", "https")), None)
    return None
