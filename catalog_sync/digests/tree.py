"""A tree of hashes over the identifiers of a source's entries: equal hashes mean that both sides hold the same.

Five levels, named by their prefix: everything (empty), kind (``LB``), agency (``LB.L100042``), and two bytes of a hash
of the identifier's value (``LB.L100042.3f``, ``LB.L100042.3fa0``), below which the single entries are. A node's hash is
over the prefixes and hashes of its children in order, so two sides find what differs by descending where hashes do.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

from catalog_sync.catalog.keys import EntryKind, is_agency
from catalog_sync.errors import CatalogError

_SIZE = 16
_PLACE = 2
_BUCKET = re.compile(r"[0-9a-f]{4}")
_PREFIX = re.compile(r"(?:[A-Z]{2}(?:\.([A-Za-z0-9_-]{1,60})(?:\.[0-9a-f]{2}(?:[0-9a-f]{2})?)?)?)?")
_DOTS = 2


class BadPrefix(CatalogError):  # noqa: N818 - the wire's word
    """A prefix that names no node of a digest."""

    code = "BAD_PREFIX"


class Leaf(NamedTuple):
    """One entry; `changed_at` is geaendertDatumZeit in microseconds since 1970, UTC."""

    entry_id: str
    content_hash: bytes
    changed_at: int | None


class Child(NamedTuple):
    """A node below another, in short."""

    prefix: str
    size: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its children, or at the lowest level its entries."""

    prefix: str
    count: int
    hash: bytes
    children: tuple[Child, ...] = ()
    entries: tuple[Leaf, ...] = ()


class Side(Protocol):
    """Something that holds entries and can be asked for nodes."""

    async def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]:
        """The nodes of these prefixes; one that holds nothing has count 0."""
        ...


def check_prefix(prefix: str) -> str:
    """The prefix itself.

    Raises:
        BadPrefix: where it can name no node.
    """
    kind, _, rest = prefix.partition(".")
    agency = rest.partition(".")[0]
    known = not kind or kind in {one.value for one in EntryKind}
    if _PREFIX.fullmatch(prefix) is None or not known or (agency and not is_agency(agency)):
        raise BadPrefix(
            f"{prefix[:80]!r} is no prefix: a kind, an agency and two or four digits, like LB.L100042.3f."
        )
    return prefix


def is_lowest(prefix: str) -> bool:
    """Whether entries are right below a prefix."""
    return prefix.count(".") == _DOTS and _BUCKET.fullmatch(prefix.rpartition(".")[2]) is not None


def bucket_of(kind: EntryKind, agency: str, value: str) -> str:
    """The lowest prefix above an entry."""
    return f"{kind.value}.{agency}.{blake2b(value.encode(), digest_size=_PLACE).hexdigest()}"


def _above(prefix: str) -> str:
    """The prefix one level up."""
    if is_lowest(prefix):
        return prefix[:-2]
    return prefix.rpartition(".")[0]


@dataclass(slots=True)
class Tree:
    """All nodes of one moment, without the entries: their numbers by bucket.

    Fill it with `add` in the order of values, then `close` it.
    """

    numbers: dict[str, "array[int]"] = field(default_factory=dict)
    _hashers: dict[str, Any] = field(default_factory=dict)
    _nodes: dict[str, Node] = field(default_factory=dict)

    def add(self, kind: EntryKind, agency: str, value: str, content_hash: bytes, number: int) -> None:
        """Take an entry; values of one kind and agency come in ascending order."""
        bucket = bucket_of(kind, agency, value)
        hasher = self._hashers.get(bucket)
        if hasher is None:
            hasher = self._hashers[bucket] = blake2b(digest_size=_SIZE)
            self.numbers[bucket] = array("q")
        hasher.update(value.encode() + b"\0" + content_hash)
        self.numbers[bucket].append(number)

    def close(self) -> None:
        """Hash from the lowest level up."""
        level = [
            Child(bucket, len(self.numbers[bucket]), hasher.digest())
            for bucket, hasher in self._hashers.items()
        ]
        self._hashers.clear()
        self._nodes = {one.prefix: Node(*one) for one in level}
        while level and level[0].prefix:
            level = self._raise(level)

    def _raise(self, level: Iterable[Child]) -> list[Child]:
        groups: dict[str, list[Child]] = {}
        for one in level:
            groups.setdefault(_above(one.prefix), []).append(one)
        raised: list[Child] = []
        for prefix, children in groups.items():
            children.sort()
            hasher = blake2b(digest_size=_SIZE)
            for child in children:
                hasher.update(child.prefix.encode() + b"\0" + child.hash)
            above = Child(prefix, sum(child.size for child in children), hasher.digest())
            self._nodes[prefix] = Node(*above, children=tuple(children))
            raised.append(above)
        return raised

    def node(self, prefix: str) -> Node:
        """A node, without entries."""
        return self._nodes.get(prefix) or Node(prefix, 0, b"")
