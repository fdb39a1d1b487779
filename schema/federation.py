"""The hub as a subgraph of Apollo Federation 2: its entities, and its schema as composers read it.

Strawberry's own federation schema is not used: docs/adr/0008.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

import strawberry

from resolvers.entities import KEYS
from schema.area import Area
from schema.authority import Authority
from schema.fields import value
from schema.online_service import OnlineService
from schema.service import Service

PRINTED = Path(__file__).with_name("schema.graphql")
"""The schema as it is printed and checked in."""

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])'
_SHARED = ("PageInfo",)
"""Types that every graph with connections has alike."""

Entity = Annotated[
    Area | Authority | OnlineService | Service,
    strawberry.union("_Entity", description="What other graphs may name by a key (Apollo Federation)."),
]


@cache
def subgraph_sdl() -> str:
    """The schema with what a composer needs to know beside: keys of entities, and what others may define too.

    A key may stand in an extension; `@shareable` counts for the fields of its own definition only (Federation 2).
    """
    printed = PRINTED.read_text(encoding="utf-8")
    for name in _SHARED:
        printed = printed.replace(f"\ntype {name} {{", f"\ntype {name} @shareable {{")
    keys = [
        f"extend type {name} " + " ".join(f'@key(fields: "{key}")' for key in keys)
        for name, keys in KEYS.items()
    ]
    return "\n".join([printed, _LINK, *keys, ""])


@strawberry.type(name="_Service", description="This graph as a part of a larger one (Apollo Federation).")
class Subgraph:
    """This graph as a part of a larger one."""

    sdl = value(lambda _root: subgraph_sdl(), str, description="The schema, as composers read it.")
