import strawberry

from resolvers import catalogue
from schema.enums import EntryKind
from schema.fields import relation


@strawberry.type(description="How many objects of a kind are there, waiting ones too.")
class CatalogueCount:
    """How many objects of a kind are there."""

    kind: EntryKind
    live: int


@strawberry.type(description="The catalogue as a whole.")
class CatalogueInfo:
    """The catalogue as a whole."""

    counts = relation(catalogue.counts, list[CatalogueCount])
    data_version: str = strawberry.field(description="Changes when any answer may have changed.")
