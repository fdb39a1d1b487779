"""How a version's content rests: an object of the model as JSON, squeezed where that pays."""

import zlib
from collections.abc import Callable

import msgspec

from catalog_sync.catalog.model import CatalogObject

_SQUEEZED_FROM = 512
"""Bytes: below, zlib costs more time than it saves room (rules are some 200 bytes, and there are millions)."""

_ZLIB = 0x78
"""The first byte of every zlib stream (RFC 1950, section 2.2); JSON begins with a brace."""

encode_object = msgspec.json.Encoder().encode
decode_object: Callable[[bytes], CatalogObject] = msgspec.json.Decoder(CatalogObject).decode


def pack(encoded: bytes) -> bytes:
    """The bytes that `version.payload` holds for an encoded object."""
    return zlib.compress(encoded, 1) if len(encoded) >= _SQUEEZED_FROM else encoded


def unpack(payload: bytes) -> CatalogObject:
    """The object of a `version.payload`."""
    return decode_object(encoded_of(payload))


def encoded_of(payload: bytes) -> bytes:
    """The encoded object (JSON) of a `version.payload`."""
    return zlib.decompress(payload) if payload[0] == _ZLIB else payload
