from collections.abc import Sequence
from enum import Enum

from catalog_sync.catalog import stored
from catalog_sync.catalog.language import LanguageTag
from catalog_sync.catalog.model import Address, Contact
from catalog_sync.catalog.records import AuthorityRecord
from resolvers.context import Context, Info
from resolvers.provenance import of_record
from resolvers.texts import in_language
from resolvers.views import ProvenanceView

German = LanguageTag("de")


class AddressKind(Enum):
    """What an address is for; the value is the code of urn:xoev-de:fim:codeliste:xzufi.anschrifttyp."""

    HOUSE = "001"
    VISITORS = "002"
    POST_BOX = "003"
    BULK = "004"
    DELIVERY = "005"
    POSTAL = "006"


class ContactChannel(Enum):
    """How one reaches an office; the value is the code of urn:de:xoev:codeliste:erreichbarkeit."""

    EMAIL = "01"
    TELEPHONE = "02"
    MOBILE = "03"
    FAX = "04"
    INSTANT_MESSENGER = "05"
    PAGER = "06"
    OTHER = "07"
    DE_MAIL = "08"
    WEB = "09"


_ADDRESS_KINDS = {kind.value: kind for kind in AddressKind}
_CHANNELS = {channel.value: channel for channel in ContactChannel}


def name(root: AuthorityRecord, language: LanguageTag | None = German) -> str:
    """Its name."""
    return in_language(root.head.names, language) or str(root.entry_id)


def provenance(root: AuthorityRecord, info: Info) -> ProvenanceView:
    """Where it comes from."""
    return of_record(info.context, root)


async def _facts(context: Context, parents: Sequence[AuthorityRecord]) -> list[stored.AuthorityFacts]:
    found = await context.reader.facts(p.number for p in parents)
    nothing = stored.AuthorityFacts()
    return [stored.authority_facts(found[p.number]) if p.number in found else nothing for p in parents]


async def addresses(context: Context, parents: Sequence[AuthorityRecord]) -> list[tuple[Address, ...]]:
    """Where it is."""
    return [facts.addresses for facts in await _facts(context, parents)]


async def contacts(context: Context, parents: Sequence[AuthorityRecord]) -> list[tuple[Contact, ...]]:
    """How one reaches it."""
    return [facts.contacts for facts in await _facts(context, parents)]


async def opening_hours(context: Context, parents: Sequence[AuthorityRecord]) -> list[str | None]:
    """When it is open, as sanitised HTML in German where there is a choice."""
    return [in_language(facts.opening_hours, German) for facts in await _facts(context, parents)]


def address_kind(root: Address) -> AddressKind | None:
    """What the address is for; null for a code that the list does not have."""
    return _ADDRESS_KINDS.get(root.type_code)


def channel(root: Contact) -> ContactChannel | None:
    """The channel; null for a code that the list does not have."""
    return _CHANNELS.get(root.channel_code)
