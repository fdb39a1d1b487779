"""Global ids: ``Type:name`` in base64url, so that they are opaque and stable."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64

from catalog_sync.catalog.keys import EntryId, EntryKind, parse_entry_id
from catalog_sync.errors import BadEntryId
from resolvers.errors import BadArgument

_MAX_LENGTH = 400


def global_id(type_name: str, name: str) -> str:
    """The id of a node."""
    return urlsafe_b64encode(f"{type_name}:{name}".encode()).decode().rstrip("=")


def parse_global_id(text: str) -> tuple[str, str]:
    """The type and the name in a global id.

    Raises:
        BadArgument: BAD_ID when it is none of ours.
    """
    if len(text) <= _MAX_LENGTH:
        try:
            type_name, colon, name = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")
        except (NoBase64, ValueError):
            colon = ""
        if colon and type_name.isalpha() and name.isprintable():
            return type_name, name
    raise BadArgument("BAD_ID", f"“{text[:40]}” is no id of this graph: take the id that a field `id` gave.")


def entry_id_of(text: str, kind: EntryKind, type_name: str) -> EntryId:
    """An entry's identifier, from a global id of its type or from its flat form.

    Raises:
        BadArgument: BAD_ID or BAD_ENTRY_ID when it is neither, or names another type.
    """
    if "." in text:
        return flat_id_of(text, kind)
    found, name = parse_global_id(text)
    if found != type_name:
        raise BadArgument(
            "BAD_ID", f"The id is one of the type {found}; here one of the type {type_name} is asked for."
        )
    return flat_id_of(name, kind)


def flat_id_of(text: str, kind: EntryKind) -> EntryId:
    """An entry's identifier from its flat form.

    Raises:
        BadArgument: BAD_ENTRY_ID when it is none, or one of another kind.
    """
    try:
        entry_id = parse_entry_id(text)
    except BadEntryId as error:
        raise BadArgument(error.code, error.sentence) from error
    if entry_id.kind is not kind:
        raise BadArgument(
            "BAD_ENTRY_ID",
            f"{entry_id} is of the kind {entry_id.kind.value}; here one of the kind {kind.value} is asked for.",
        )
    return entry_id
