"""Links as the link checker found them."""

import datetime as dt

import strawberry

from catalog_sync.links.verdicts import Verdict
from resolvers import link_health
from schema.fields import value
from schema.scalars import Url

strawberry.enum(Verdict, name="LinkVerdict", description="What is known of an address.")


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
