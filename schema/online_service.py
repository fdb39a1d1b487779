import strawberry

from catalog_sync.catalog.keys import EntryId
from catalog_sync.catalog.records import OnlineServiceRecord
from resolvers import areas, link_health, online_services, responsibilities
from resolvers.identifiers import global_id
from resolvers.views import OfferView
from schema.area import Area
from schema.enums import AreaLevel, AssuranceLevel
from schema.fields import OPERATIONS, relation, value
from schema.link import LinkHealth
from schema.node import Node
from schema.scalars import Url
from schema.text import Link, Provenance


@strawberry.type(description="Onlinedienst: where one applies online.")
class OnlineService(Node):
    """Where one applies online."""

    id = value(lambda root: global_id("OnlineService", str(root.entry_id)), strawberry.ID)
    entry_id: EntryId
    name = value(online_services.name, str | None)
    links = value(online_services.links, list[Link])
    required_assurance = value(
        online_services.required_assurance, AssuranceLevel | None, description="Null where it is unknown."
    )
    health = relation(
        link_health.health,
        LinkHealth | None,
        description="Of the worst of its links; null where none was checked.",
        scope=OPERATIONS,
    )
    provenance = value(online_services.provenance, Provenance)

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, OnlineServiceRecord)


@strawberry.type(description="An online service as a rule offers it at a place.")
class OnlineServiceOffer(Node):
    """An online service as a rule offers it at a place."""

    id = value(lambda root: global_id("OnlineServiceOffer", str(root.rule.entry_id)), strawberry.ID)
    entry_id = value(lambda root: root.rule.entry_id, EntryId, description="Of the rule (Zuständigkeit).")
    online_service: OnlineService
    area = value(areas.of_rule, Area, description="For which the rule was made.")
    matched_level = value(responsibilities.matched_level, AreaLevel)
    start_url = value(
        online_services.start_url,
        Url | None,
        description="Where one starts, with service and place filled in.",
    )
    explanation = value(responsibilities.offer_explanation, str, description="Why this online service.")

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, OfferView)
