import strawberry

from catalog_sync.catalog.keys import EntryId
from catalog_sync.catalog.records import AuthorityRecord
from resolvers import authorities
from resolvers.identifiers import global_id
from schema.enums import AddressKind, ContactChannel
from schema.fields import relation, value
from schema.node import Node
from schema.text import Provenance


@strawberry.type(description="Anschrift of an office.")
class Address:
    """A postal address."""

    kind_code = value(lambda root: root.type_code, str)
    kind = value(authorities.address_kind, AddressKind | None)
    street: str | None
    house_number: str | None
    post_box: str | None
    postcode: str | None
    city: str | None


@strawberry.type(description="Kommunikation: a channel on which one reaches an office.")
class Contact:
    """A channel on which one reaches an office."""

    channel_code: str
    channel = value(authorities.channel, ContactChannel | None)
    value: str


@strawberry.type(description="Behörde, Organisationseinheit: who acts.")
class Authority(Node):
    """Who acts."""

    id = value(lambda root: global_id("Authority", str(root.entry_id)), strawberry.ID)
    entry_id: EntryId
    name = value(authorities.name, str)
    addresses = relation(authorities.addresses, list[Address])
    contacts = relation(authorities.contacts, list[Contact])
    opening_hours = relation(authorities.opening_hours, str | None, description="Sanitised HTML.")
    provenance = value(authorities.provenance, Provenance)

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, AuthorityRecord)
