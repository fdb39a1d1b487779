"""The reader of XZuFi messages: a stream of bytes in, objects out, one after the other in flat memory.

XZuFi 2.1, 2.2 and 2.3: transfer messages of schreibe and loesche.
"""

import re
from collections.abc import Iterator

from lxml import etree

from catalog_sync.xzufi import dates
from catalog_sync.xzufi.delivered import Delivered, MessageHead, Notice
from catalog_sync.xzufi.elements import Element, attribute, first, local_name, namespace_of, parts_of, text_of
from catalog_sync.xzufi.findings import line_of, shown
from catalog_sync.xzufi.limits import BinaryStream, Limits, MeteredStream
from catalog_sync.xzufi.objects import deleted, written
from catalog_sync.xzufi.prolog import BEGINNING, encoding_of
from catalog_sync.xzufi.refused import RefusedFile, doctype, refusal_of

_NAMESPACE = re.compile(r"http://xoev\.de/schemata/xzufi/(2_[123](?:_\d{1,2})?)")
_VERSION = re.compile(r"2\.[123](?:\.\d{1,2})?")
_HEAD, _WRITE, _DELETE = "nachrichtenkopf", "schreibe", "loesche"
_BESIDE = frozenset({_HEAD, _WRITE, _DELETE, "transaktionID", "transaktionPosition"})
"""What may stand right below the root; anything else is told, for it may be an object under a misspelt name."""
_MAX_HEAD = 200
_MOST_STRANGE = 20


class MessageReader:
    """One message: its head at once, then its objects by iterating, once.

    An object's element lives until the next is asked for. What is wrong with the file as a whole may show at its
    end only, so nothing may be written before the iteration has ended.

    Attributes:
        head: the message's head, complete before the first object.

    Raises:
        RefusedFile: when made, and while iterated.
    """

    head: MessageHead

    def __init__(self, stream: BinaryStream, *, limits: Limits | None = None) -> None:
        beginning = _beginning(stream)
        encoding = encoding_of(beginning)
        self._stream = MeteredStream(beginning, stream, limits or Limits())
        self._parsed = etree.iterparse(
            self._stream,
            events=("end",),
            tag=[f"{{*}}{name}" for name in (_HEAD, _WRITE, _DELETE)],
            encoding=encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._began = False
        self._strange: dict[str, int] = {}
        self._notices: list[Notice] = []
        self._children = self._root_children()
        self._next = self._read_head()

    def __iter__(self) -> Iterator[Delivered]:
        """The objects, deletions, rejections and notices in the order of the message."""
        yield from self._notices
        position = 0
        while (element := self._next) is not None:
            position += 1
            if local_name(element) == _WRITE:
                yield from written(element, position)
            else:
                yield deleted(element, position)
            self._next = next(self._children, None)
        for name, line in self._strange.items():
            yield Notice(line, f"{shown(name)} is neither schreibe nor loesche; it is left out.")

    def _read_head(self) -> Element | None:
        """Read up to the first object; a head that comes later is not looked at."""
        element = next(self._children, None)
        root = element.getroottree().getroot() if element is not None else self._parsed.root
        version = _version_of(root)
        self.head = MessageHead(None, None, version)
        if element is not None and local_name(element) == _HEAD:
            self.head = self._head_of(element, version)
            element = next(self._children, None)
        return element

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

    def _root_children(self) -> Iterator[Element]:
        """Heads, writes and deletes right below the root; what was read is taken out of memory."""
        seen_head = False
        for element in self._events():
            parent = element.getparent()
            if parent is None or parent.getparent() is not None:
                continue
            is_head = local_name(element) == _HEAD
            if not (is_head and seen_head):
                yield element
            seen_head = True
            _let_go(element, deep=self._stream.object_is_long)
            self._stream.object_read()
            while element.getprevious() is not None:
                self._look_at(parent[0])
                del parent[0]
        for element in self._parsed.root if self._parsed.root is not None else ():
            self._look_at(element)

    def _look_at(self, element: Element) -> None:
        """Remember each strange name with its first line; a file could have any number of them."""
        name = local_name(element)
        if name not in _BESIDE and len(self._strange) < _MOST_STRANGE:
            self._strange.setdefault(name, line_of(element))

    def _events(self) -> Iterator[Element]:
        """Ends of elements; a document type, which stands before all of them, is looked for once."""
        try:
            for _event, element in self._parsed:
                if not self._began:
                    self._began = True
                    _refuse_doctype(element)
                yield element
        except etree.LxmlError as error:
            raise refusal_of(error) from error


def _let_go(element: Element, *, deep: bool) -> None:
    """Take an element out of memory.

    Where somebody still holds a part of it, lxml moves that part with all that is below, and looks for each namespace
    among all others that it met: minutes for an object of a few megabytes. Emptied from below, nothing is left to move.
    """
    if deep:
        for one in reversed([one for one in element.iter() if len(one)]):
            one.clear()
    element.clear()


def _refuse_doctype(element: Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise doctype()


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
    _refuse_doctype(root)
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
