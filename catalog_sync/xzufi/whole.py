"""One child of the root as bytes: its hash, and where the object in it begins."""

import json
import re
from hashlib import blake2b

from catalog_sync.xzufi.cuts import Piece
from catalog_sync.xzufi.delivered import READER_VERSION
from catalog_sync.xzufi.elements import Element

_HASH_BYTES = 16
_START_TAG = rb"""<[^\s<>"'/!?][^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>"""
_TO_THE_OBJECT = re.compile(_START_TAG + rb"\s*" + _START_TAG)


class Fingerprint:
    """Hashes of children of one root: equal bytes under other namespaces are something else.

    Args:
        encoding: what the bytes are read in.
        root: whose declarations of namespaces hold in them.
    """

    def __init__(self, encoding: str, root: Element | None) -> None:
        declared = sorted((prefix or "", uri) for prefix, uri in ({} if root is None else root.nsmap).items())
        context = json.dumps([encoding, declared]).encode()
        self._context = blake2b(context, digest_size=blake2b.SALT_SIZE).digest()
        self._person = b"xzufi" + READER_VERSION

    def of(self, piece: Piece) -> bytes:
        """16 bytes over a child as it came, without the spaces behind it."""
        data = piece.data.rstrip(b" \t\r\n")
        return blake2b(data, digest_size=_HASH_BYTES, salt=self._context, person=self._person).digest()


def object_line(piece: Piece) -> int | None:
    """The line in which the start tag of the object in a `schreibe` ends, as the parser counts.

    None where something else than spaces stands before the object; such a write is read by the parser.
    """
    found = _TO_THE_OBJECT.match(piece.data)
    return None if found is None else piece.line + piece.data.count(b"\n", 0, found.end())
