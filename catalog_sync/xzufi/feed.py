"""The parser, fed piece by piece: which children of the root have ended, and whether it stands between two of them.

What the parser has read once from between two children to between two children, it reads the same way again. So a
piece that is known need not be shown to it: the message is well-formed just if it is so without that piece.
"""

from typing import Literal, TypedDict

from lxml import etree

from catalog_sync.xzufi.elements import Element, local_name
from catalog_sync.xzufi.findings import line_of
from catalog_sync.xzufi.refused import doctype, refusal_of

HEAD, WRITE, DELETE = "nachrichtenkopf", "schreibe", "loesche"
_LOOKED_FOR = (HEAD, WRITE, DELETE, "transaktionID", "transaktionPosition")
"""What may stand right below the root; anything else is told, for it may be an object under a misspelt name."""
_BLANK = b" \t\r\n"
_MOST_STRANGE = 20
_MOST_LINES = 1024 * 1024


class _Options(TypedDict):
    encoding: str
    resolve_entities: Literal[False]
    no_network: bool
    load_dtd: bool
    huge_tree: bool
    remove_comments: bool
    remove_pis: bool


def parser_options(encoding: str) -> _Options:
    """How every parser of a message is made: it fetches and expands nothing."""
    return _Options(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


class Feed:
    """A pull parser over one message.

    Attributes:
        root: the root element, as soon as a child of it that is looked for has ended.
        between: whether all that was fed ends between two children of the root, for certain.
        strange: names of other children of the root, with the line of the first of each.
    """

    def __init__(self, encoding: str) -> None:
        self._parser = etree.XMLPullParser(
            events=("end",),
            tag=[f"{{*}}{name}" for name in _LOOKED_FOR],
            **parser_options(encoding),
        )
        self._events = self._parser.read_events()
        self._before = b""
        self._lines = 0
        self.root: Element | None = None
        self.between = False
        self.strange: dict[str, int] = {}

    def take(self, data: bytes) -> list[Element]:
        """Feed some bytes; gives the children of the root that ended in them.

        Raises:
            RefusedFile: where the message is not well-formed, passes a limit of the parser or has a DOCTYPE.
        """
        self.between = False
        return self._take(self._skipped() + data)

    def take_whole(self, data: bytes) -> tuple[list[Element], bool]:
        """Feed bytes that end where a child of the root may end; says also whether they are exactly one child.

        The last byte that is no space is fed by itself: a child that ends with it ends there and nowhere before.
        """
        was_between, end = self.between, len(data.rstrip(_BLANK))
        if end == 0:
            self._before += data
            return [], False
        earlier = self._take(self._skipped() + data[: end - 1])
        last = self._take(data[end - 1 : end])
        self._before = data[end:]
        self.between = bool(last)
        return earlier + last, was_between and self.between and not earlier

    def skip(self, lines: int) -> None:
        """Pass over a known piece of so many lines."""
        self._lines += lines

    def _skipped(self) -> bytes:
        """Spaces that wait, and the lines of what was passed over, as comments that leave nothing in the tree."""
        data, self._before = self._before, b""
        while self._lines:
            lines = min(self._lines, _MOST_LINES)
            self._lines -= lines
            data += b"<!--%b-->" % (b"\n" * lines)
        return data

    def _take(self, data: bytes) -> list[Element]:
        try:
            self._parser.feed(data)
        except etree.LxmlError as error:
            raise refusal_of(error) from error
        return [element for _, element in self._events if self._is_child(element)]

    def _is_child(self, element: Element) -> bool:
        parent = element.getparent()
        if self.root is None:
            refuse_doctype(element)
            if parent is not None and parent.getparent() is None:
                self.root = parent
        return parent is not None and parent is self.root

    def let_go(self, element: Element, *, deep: bool) -> None:
        """Take a child of the root that was read out of memory, and all before it.

        Where somebody still holds a part of it, lxml moves that part with all that is below, and looks for each
        namespace among all others that it met: minutes for an object of a few megabytes. Emptied from below, nothing
        is left to move.
        """
        if deep:
            for one in reversed([one for one in element.iter() if len(one)]):
                one.clear()
        element.clear()
        root = self.root
        while root is not None and (first := root[0]) is not element:
            self._look_at(first)
            del root[0]

    def close(self) -> Element:
        """Say that the message ends here; gives its root.

        Raises:
            RefusedFile: where it is not well-formed.
        """
        try:
            self._parser.feed(self._skipped())
            root: Element = self._parser.close()
        except etree.LxmlError as error:
            raise refusal_of(error) from error
        self.root = root
        for child in root:
            self._look_at(child)
        return root

    def _look_at(self, element: Element) -> None:
        """Remember each strange name with its first line; a file could have any number of them."""
        name = local_name(element)
        if name not in _LOOKED_FOR and len(self.strange) < _MOST_STRANGE:
            self.strange.setdefault(name, line_of(element))


def refuse_doctype(element: Element) -> None:
    """Raise where the message has a document type declaration.

    Raises:
        RefusedFile: ``doctype``.
    """
    if element.getroottree().docinfo.internalDTD is not None:
        raise doctype()
