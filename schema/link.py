"""Links as the link checker found them."""

import datetime as dt

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from catalog_sync.links.verdicts import Verdict
from resolvers import link_health
from schema.fields import value
from schema.scalars import Url

strawberry.enum(Verdict, name="LinkVerdict", description="Was über eine Adresse bekannt ist.")

_WORDS = {
    Verdict.GOOD: "Sie antwortet.",
    Verdict.MOVED: "Sie leitet dauerhaft auf eine andere weiter.",
    Verdict.FAILING: "Sie antwortete zuletzt nicht; das kann vorübergehen.",
    Verdict.DEAD: "Sie antwortet seit Tagen nicht.",
    Verdict.GONE: "Ihr Server sagt wiederholt, dass es sie nicht gibt (404, 410).",
    Verdict.BLOCKED: "Ihr Server lässt den Hub nicht nachsehen (robots.txt, 401, 403, 407).",
    Verdict.REFUSED: "Der Hub ruft sie nicht auf: ein internes Netz, oder keine Adresse des Webs.",
}


def _describe(definition: StrawberryEnumDefinition) -> None:
    """The enum lives below the floor on which GraphQL is spoken, so that its values' words are set here."""
    for one in definition.values:
        one.description = _WORDS[Verdict(one.value)]


_describe(Verdict.__strawberry_definition__)  # type: ignore[attr-defined] # set by the decorator


@strawberry.type(description="An address that an entry names, as the link checker found it.")
class LinkHealth:
    """An address that an entry names, as the link checker found it."""

    url: Url = strawberry.field(description="Without its fragment.")
    verdict: Verdict
    answer: str = strawberry.field(
        description="An HTTP status, or dns, connect, tls, timeout, cut-off, redirects, robots, private, malformed."
    )
    place: str = strawberry.field(
        description="Where the entry names it: a text module's code, or a part of the entry."
    )
    since = value(link_health.since, dt.datetime, description="Of one in trouble since its first failure.")
    checked_at = value(link_health.checked_at, dt.datetime)
    moved_to = value(lambda root: root.target, Url | None)
