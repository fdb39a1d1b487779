"""The first look at a file: is it XML, in which encoding, and does it declare a document type?

It happens before a parser sees the file, so that nothing of a DOCTYPE is ever expanded or kept; the reader asks the
parser again (XML 1.0, section 2.8 and appendix F).
"""

import codecs
import re
from typing import NamedTuple

from catalog_sync.xzufi.refused import RefusedFile, doctype

BEGINNING = 64 * 1024
"""Bytes within which the root element must begin."""

_PACKED = {b"\x1f\x8b": "gzip", b"PK": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
    (b"<\0", "utf-16le"),
    (b"\0<", "utf-16be"),
)
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
}
_WIDE = frozenset({"utf-16", "utf-16le", "utf-16be"})
_DECLARATION = re.compile(r"<\?xml\s[^?]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BEFORE_ROOT = re.compile(r"(?:\s+|<\?(?:(?!\?>).)*\?>|<!--(?:(?!-->).)*-->)*", re.DOTALL)
_ROOT = re.compile(r"<([^\W\d][^\s/<>]*)[^<]*")


class Prolog(NamedTuple):
    """How a file begins.

    Attributes:
        encoding: what to parse it with.
        root: the name of the root element with its prefix.
    """

    encoding: str
    root: str

    @property
    def is_wide(self) -> bool:
        """Whether ASCII takes more than one byte."""
        return self.encoding in _WIDE


def prolog_of(beginning: bytes) -> Prolog:
    """Look at the first bytes (`BEGINNING` of them, or the whole file).

    Raises:
        RefusedFile: ``not-xml``, ``encoding``, ``doctype``, or ``limit-passed`` for a root that does not begin.
    """
    _refuse_packed(beginning)
    encoding = _encoding(beginning)
    text = beginning.decode(encoding, "replace").lstrip("\ufeff")
    before = _BEFORE_ROOT.match(text)
    rest = text[before.end() :] if before else text
    if rest.startswith("<!DOCTYPE"):
        raise doctype()
    root = _ROOT.match(rest)
    if root is None:
        if len(beginning) == BEGINNING and (not rest or rest.startswith(("<!--", "<?"))):
            raise RefusedFile(
                "limit-passed",
                f"No element begins within {BEGINNING} bytes.",
                "Send a message without preface.",
            )
        raise _not_xml("it does not begin with an XML element" if rest.strip("\0") else "it is empty")
    return Prolog(encoding, root[1])


def _encoding(beginning: bytes) -> str:
    wide = next((name for mark, name in _MARKS if beginning.startswith(mark)), None)
    text = beginning[:1024].decode(wide or "latin-1", "replace").lstrip("\ufeff")
    declared = _DECLARATION.match(text)
    if declared is None:
        return wide or "utf-8"
    name = declared[1].lower()
    if wide and name in _WIDE | {"utf-8", "utf8"}:
        return wide
    if wide is None and name in _ENCODINGS:
        return _ENCODINGS[name]
    raise RefusedFile(
        "encoding", f"The file says that it is in {declared[1]}, which is not read or not so.", "Send UTF-8."
    )


def _refuse_packed(beginning: bytes) -> None:
    for mark, name in _PACKED.items():
        if beginning.startswith(mark):
            raise _not_xml(f"it is packed ({name})")


def _not_xml(because: str) -> RefusedFile:
    return RefusedFile("not-xml", f"The file is no XML: {because}.", "Send an XZuFi message as plain XML.")
