"""The reader of XZuFi messages: a stream of bytes in, objects out, one after the other in flat memory.

XZuFi 2.1, 2.2 and 2.3: transfer messages of schreibe and loesche.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.model import Responsibility
from catalog_sync.xzufi import dates
from catalog_sync.xzufi.cuts import Cuts, Piece
from catalog_sync.xzufi.delivered import Converted, Delivered, MessageHead, Notice, Recognised, Writing
from catalog_sync.xzufi.elements import Element, attribute, first, local_name, namespace_of, parts_of, text_of
from catalog_sync.xzufi.feed import DELETE, HEAD, WRITE, Feed, refuse_doctype
from catalog_sync.xzufi.findings import line_of, shown
from catalog_sync.xzufi.limits import BinaryStream, Limits, MeteredStream
from catalog_sync.xzufi.objects import deleted, written
from catalog_sync.xzufi.plain import PlainRules
from catalog_sync.xzufi.prolog import BEGINNING, prolog_of
from catalog_sync.xzufi.refused import RefusedFile
from catalog_sync.xzufi.whole import Fingerprint, object_line

_NAMESPACE = re.compile(r"http://xoev\.de/schemata/xzufi/(2_[123](?:_\d{1,2})?)")
_VERSION = re.compile(r"2\.[123](?:\.\d{1,2})?")
_MAX_HEAD = 200

Known = Callable[[bytes], int | None]
"""Answers the number of the entry that an earlier message brought in bytes of this hash; None: in none."""


def nothing_known(delivered_hash: bytes) -> int | None:
    """For readers that read everything."""


class _Child(NamedTuple):
    """A child of the root; `delivered_hash` and `line` are there where its bytes are known for certain."""

    element: Element
    delivered_hash: bytes | None = None
    line: int | None = None


class _Passed(NamedTuple):
    """A write that the parser did not see: known by its bytes as that of an entry, or a plain rule."""

    brings: int | Responsibility
    delivered_hash: bytes
    line: int


class MessageReader:
    """One message: its head at once, then its objects by iterating, once.

    An object's element lives until the next is asked for. What is wrong with the file as a whole may show at its
    end only, so nothing may be written before the iteration has ended.

    Args:
        known: which objects need not be read again, by the hash of their bytes (`Writing.delivered_hash`).

    Attributes:
        head: the message's head, complete before the first object.

    Raises:
        RefusedFile: when made, and while iterated.
    """

    head: MessageHead

    def __init__(
        self, stream: BinaryStream, *, limits: Limits | None = None, known: Known = nothing_known
    ) -> None:
        beginning = _beginning(stream)
        prolog = prolog_of(beginning)
        self._stream = MeteredStream(beginning, stream, limits or Limits())
        self._pieces = iter(Cuts(self._stream, prolog))
        self._feed = Feed(prolog.encoding)
        self._known = known
        self._encoding = prolog.encoding
        self._fingerprint = Fingerprint(prolog.encoding, None)
        self._rules: PlainRules | None = None
        self._notices: list[Notice] = []
        self._children = self._read()
        self._next = self._read_head()

    def __iter__(self) -> Iterator[Delivered]:
        """The objects, deletions, rejections and notices in the order of the message."""
        yield from self._notices
        position = 0
        while (child := self._next) is not None:
            position += 1
            if isinstance(child, _Passed):
                yield _passed(child, position)
            elif local_name(child.element) == WRITE:
                yield from written(child.element, position, child.delivered_hash, child.line)
            else:
                yield deleted(child.element, position)
            self._next = next(self._children, None)
        for name, line in self._feed.strange.items():
            yield Notice(line, f"{shown(name)} is neither schreibe nor loesche; it is left out.")

    def _read_head(self) -> "_Child | _Passed | None":
        """Read up to the first object; a head that comes later is not looked at."""
        child = next(self._children, None)
        version = _version_of(self._feed.root)
        self.head = MessageHead(None, None, version)
        if isinstance(child, _Child) and local_name(child.element) == HEAD:
            self.head = self._head_of(child.element, version)
            child = next(self._children, None)
        return child

    def _head_of(self, element: Element, version: str) -> MessageHead:
        parts = parts_of(element)
        created, sent_at = text_of(first(parts, "erstelltDatumZeit")), None
        try:
            sent_at = dates.moment(created) if created else None
        except ValueError:
            sentence = f"erstelltDatumZeit {shown(created)} of the message is not a date; it is left out."
            self._notices.append(Notice(line_of(element), sentence))
        uuid, sender = (text_of(first(parts, name))[:_MAX_HEAD] for name in ("nachrichtUUID", "sender"))
        return MessageHead(uuid or None, sent_at, version, sender or None)

    def _read(self) -> Iterator["_Child | _Passed"]:
        """Heads, writes and deletes right below the root; what was read is taken out of memory."""
        seen_head = False
        for piece in self._pieces:
            for child in self._children_in(piece):
                if isinstance(child, _Passed):
                    yield child
                    continue
                name = local_name(child.element)
                if name in (WRITE, DELETE) or (name == HEAD and not seen_head):
                    seen_head = True
                    yield child
                self._feed.let_go(child.element, deep=self._stream.object_is_long)
                self._stream.object_read()
        self._feed.close()

    def _children_in(self, piece: Piece) -> "list[_Child] | list[_Passed]":
        self._stream.object_has(piece.data)
        if not piece.ends:
            return [_Child(element) for element in self._feed.take(piece.data)]
        delivered_hash = line = None
        if piece.begins and self._feed.between:
            delivered_hash, line = self._hash(piece), object_line(piece)
            if line is not None and (brings := self._look_up(delivered_hash, piece.data)) is not None:
                self._feed.skip(piece.lines)
                self._stream.object_read()
                return [_Passed(brings, delivered_hash, line)]
        elements, is_one = self._feed.take_whole(piece.data)
        return [_Child(*((one, delivered_hash, line) if is_one else (one,))) for one in elements]

    def _hash(self, piece: Piece) -> bytes:
        root = self._feed.root
        if self._rules is None and root is not None:
            self._fingerprint = Fingerprint(self._encoding, root)
            self._rules = PlainRules(self._encoding, root)
        return self._fingerprint.of(piece)

    def _look_up(self, delivered_hash: bytes, data: bytes) -> int | Responsibility | None:
        number = self._known(delivered_hash)
        return self._rules.read(data) if number is None and self._rules is not None else number


def _passed(child: _Passed, position: int) -> Writing | Recognised:
    brings, delivered_hash, line = child
    if isinstance(brings, int):
        return Recognised(position, line, delivered_hash, brings)
    named = (EntryKind.RESPONSIBILITY, brings.agency, brings.value)
    return Writing(position, line, *named, delivered_hash, partial(Converted, brings))


def _beginning(stream: BinaryStream) -> bytes:
    chunks = bytearray()
    while len(chunks) < BEGINNING and (chunk := stream.read(BEGINNING - len(chunks))):
        chunks += chunk
    return bytes(chunks)


def _version_of(root: Element | None) -> str:
    """The version of XZuFi: what the root says (xzufiVersion), else what its namespace names; ``2.2.0`` is ``2.2``.

    Raises:
        RefusedFile: ``unknown-version`` when the namespace or the version is none that is read.
    """
    if root is None:
        raise RefusedFile("not-xml", "The file has no root element.", "Send an XZuFi message as plain XML.")
    refuse_doctype(root)
    namespace = namespace_of(root)
    found = _NAMESPACE.fullmatch(namespace)
    version = attribute(root, "xzufiVersion") or (found[1].replace("_", ".") if found else "")
    if found is None or _VERSION.fullmatch(version) is None:
        wrong = f"namespace {shown(namespace)}" if found is None else f"xzufiVersion {shown(version)}"
        raise RefusedFile(
            "unknown-version",
            f"The file is no XZuFi message that is read here: {wrong}.",
            "Send XZuFi 2.1, 2.2 or 2.3, like http://xoev.de/schemata/xzufi/2_2_0.",
            line_of(root),
        )
    return version.removesuffix(".0") if version.count(".") > 1 else version
