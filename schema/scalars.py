"""The graph's own scalars. A wrong value is an error with a code and a sentence that says what would be right."""

from collections.abc import Callable
from typing import Any, NewType, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from catalog_sync.catalog.keys import (
    AreaKey,
    EntryId,
    LeikaKey,
    Postcode,
    parse_ars,
    parse_entry_id,
    parse_leika_key,
)
from catalog_sync.catalog.keys import parse_postcode as postcode
from catalog_sync.catalog.language import LanguageTag
from catalog_sync.errors import CatalogError
from catalog_sync.feed.cursors import Cursor, parse_cursor
from resolvers.entities import Representation, representation_of

T = TypeVar("T")
Url = NewType("Url", str)
"""An absolute address: http, https, mailto or tel."""

_MAX_LANGUAGE = 35
"""The longest tag that an implementation must take (RFC 5646, section 4.4.1)."""


def _parsed(parse: Callable[[str], T], code: str) -> Callable[[Any], T]:
    def from_wire(value: Any) -> T:
        if not isinstance(value, str):
            raise GraphQLError(f"It must be a text in quotes, not {value!r}.", extensions={"code": code})
        try:
            return parse(value)
        except CatalogError as error:
            raise GraphQLError(error.sentence, extensions={"code": error.code}) from error

    return from_wire


def _language(text: str) -> LanguageTag:
    tag = text.strip()
    if not tag or len(tag) > _MAX_LANGUAGE or not tag.replace("-", "").isalnum() or not tag.isascii():
        raise GraphQLError(
            f"“{tag[:40]}” is no language tag (BCP 47): one looks like de, en or de-simple.",
            extensions={"code": "BAD_LANGUAGE"},
        )
    return LanguageTag(tag)


def _scalar(
    name: str, description: str, parse: Callable[[Any], Any], url: str | None = None
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name, description=description, serialize=str, parse_value=parse, specified_by_url=url
    )


SCALARS: dict[object, ScalarDefinition] = {
    AreaKey: _scalar(
        "Ars",
        "Amtlicher Regionalschlüssel: 2, 3, 5, 9 or 12 digits, answered with 12; 00 is Germany.",
        _parsed(parse_ars, "BAD_ARS"),
    ),
    LeikaKey: _scalar(
        "LeikaKey",
        "Leistungsschlüssel (LeiKa): 14 digits that begin with 99.",
        _parsed(parse_leika_key, "BAD_LEIKA_KEY"),
    ),
    EntryId: _scalar(
        "EntryId",
        "Flat identifier of an entry: agency, kind (LB, OE, OD, SP, ZS) and value, like L100042.LB.101002.",
        _parsed(parse_entry_id, "BAD_ENTRY_ID"),
    ),
    Postcode: _scalar("Postcode", "Postleitzahl: five digits.", _parsed(postcode, "BAD_POSTCODE")),
    LanguageTag: _scalar(
        "Language",
        "A language tag (BCP 47) as delivered; de-simple and de-x-simple-language are Leichte Sprache.",
        _parsed(_language, "BAD_LANGUAGE"),
        "https://www.rfc-editor.org/info/bcp47",
    ),
    Cursor: _scalar(
        "ChangeCursor",
        "A place in the feed of changes, as an answer gave it.",
        _parsed(parse_cursor, "BAD_CURSOR"),
    ),
    Representation: _scalar(
        "_Any",
        "An entity's __typename and one of its keys, as a gateway sends them (Apollo Federation).",
        representation_of,
    ),
    Url: _scalar("URL", "An absolute address.", _parsed(str, "BAD_URL")),
}
