import strawberry

from resolvers import (
    areas,
    catalogue,
    changes,
    entities,
    nodes,
    rates,
    searching,
    sources,
    suggesting,
    thesaurus,
    viewers,
)
from resolvers import services as service_resolvers
from schema.area import Area
from schema.authority import Authority
from schema.catalogue import CatalogueInfo
from schema.change import ChangeConnection
from schema.connections import AreaConnection, ServiceConnection
from schema.federation import Entity, Subgraph
from schema.fields import OPERATIONS, VIEWER, relation, value, weighing
from schema.hit import Suggestion
from schema.node import Node
from schema.online_service import OnlineService
from schema.rate_limit import RateLimit
from schema.service import LifeSituation, Service
from schema.source import Source
from schema.thesaurus import ThesaurusEntryConnection
from schema.viewer import Viewer


@strawberry.type
class Query:
    """Portal frontends ask one graph: services, places, who is responsible, and who is asking."""

    node = relation(nodes.node, Node | None, description="Any node by its id.")
    entry = relation(
        nodes.entry, Node | None, description="An object by its flat identifier, like L100042.LB.101002."
    )
    service = relation(searching.service, Service | None, description="A service by its LeiKa key.")
    services = relation(
        searching.found_services,
        ServiceConnection,
        description="Services by words, best first.",
        weights=weighing(cost=100),
    )
    suggestions = relation(
        suggesting.suggestions,
        list[Suggestion],
        description="What may be meant by what was typed so far: from two letters on, best first, `first` up to 20.",
        weights=weighing(cost=20),
    )
    life_situations = relation(
        service_resolvers.all_situations,
        list[LifeSituation],
        description="Situations that have services, the fullest first.",
        weights=weighing(cost=20, size=50),
    )
    area = value(areas.by_key, Area | None, description="An area by its regional key.")
    areas = relation(
        areas.found,
        AreaConnection,
        description="Areas by name or postcode, best first.",
        weights=weighing(cost=20),
    )
    authority = relation(
        nodes.authority, Authority | None, description="An authority by id or flat identifier."
    )
    online_service = relation(
        nodes.online_service, OnlineService | None, description="An online service by id or flat identifier."
    )
    source = relation(nodes.source, Source | None, description="A source by key or id.")
    sources = value(sources.all_sources, list[Source], description="All sources.", weights=weighing(size=10))
    changes = relation(
        changes.found,
        ChangeConnection,
        description="What changed, in order, behind a cursor.",
        scope=OPERATIONS,
        weights=weighing(cost=20),
    )
    catalogue = value(catalogue.catalogue, CatalogueInfo, description="The catalogue as a whole.")
    thesaurus = relation(
        thesaurus.found,
        ThesaurusEntryConnection,
        description="What people say and what the catalogue says for it, by the beginning of a word.",
        weights=weighing(cost=20),
    )
    viewer = relation(
        viewers.viewer, Viewer | None, description="Who is signed in; null when nobody is.", scope=VIEWER
    )
    rate_limit = value(
        rates.rate_limit,
        RateLimit | None,
        description="What this request costs, and what whoever asks has left; null where nothing is limited.",
        scope=VIEWER,
    )
    subgraph = value(
        lambda _root: True,
        Subgraph,
        name="_service",
        description="This graph as a part of a larger one, for composers (Apollo Federation).",
    )
    entities = relation(
        entities.entities,
        list[Entity | None],
        name="_entities",
        description="What a gateway names by keys, in its order; up to 1,000 at once (Apollo Federation).",
    )
