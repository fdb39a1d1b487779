import strawberry

from catalog_sync.catalog.keys import EntryId
from resolvers import areas, responsibilities
from resolvers.identifiers import global_id
from resolvers.views import ResponsibilityView
from schema.area import Area
from schema.authority import Authority
from schema.enums import AreaLevel, ResponsibilityRole
from schema.fields import value
from schema.node import Node
from schema.text import Provenance


@strawberry.type(description="Zuständigkeit: who acts for a service at a place, and by which rule.")
class Responsibility(Node):
    """Who acts for a service at a place, and by which rule."""

    id = value(lambda root: global_id("Responsibility", str(root.rule.entry_id)), strawberry.ID)
    entry_id = value(lambda root: root.rule.entry_id, EntryId)
    role = value(responsibilities.role, ResponsibilityRole)
    authority: Authority
    area = value(areas.of_rule, Area, description="For which the rule was made.")
    matched_level = value(responsibilities.matched_level, AreaLevel)
    explanation = value(responsibilities.explanation, str, description="Why this authority.")
    provenance = value(responsibilities.provenance, Provenance)

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, ResponsibilityView)
