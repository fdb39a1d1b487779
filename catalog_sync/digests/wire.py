"""A digest as JSON: what the endpoint answers and the other hub reads."""

from collections.abc import Mapping
from typing import Any

from catalog_sync.digests.tree import Child, Leaf, Node, is_lowest
from catalog_sync.errors import CatalogError
from catalog_sync.xzufi.delivered import READER_VERSION

READER = READER_VERSION.decode()
"""Hubs whose readers keep different things can't be compared: the same bytes give other contents."""


class OtherReader(CatalogError):  # noqa: N818 - the wire's word
    """A digest that this hub's can't be compared with, or that is none."""

    code = "OTHER_READER"


def told(source: str, nodes: Mapping[str, Node]) -> dict[str, Any]:
    """The answer of the endpoint."""
    return {"source": source, "reader": READER, "nodes": [_told(one) for one in nodes.values()]}


def _told(node: Node) -> dict[str, Any]:
    answer: dict[str, Any] = {"prefix": node.prefix, "count": node.count, "hash": node.hash.hex()}
    if is_lowest(node.prefix):
        answer["entries"] = [
            {"entryId": leaf.entry_id, "hash": leaf.content_hash.hex(), "changedAt": leaf.changed_at}
            for leaf in node.entries
        ]
    else:
        answer["children"] = [
            {"prefix": child.prefix, "count": child.size, "hash": child.hash.hex()} for child in node.children
        ]
    return answer


def read(answer: Any) -> dict[str, Node]:
    """The nodes of an answer.

    Raises:
        OtherReader: where it is no digest, or one of a hub whose reader is another.
    """
    try:
        if answer["reader"] != READER:
            raise OtherReader(
                f"The other hub reads messages with reader {answer['reader']!r}, this one with {READER!r}: "
                "bring both to the same version first."
            )
        return {one["prefix"]: _read(one) for one in answer["nodes"]}
    except (KeyError, TypeError, ValueError) as error:
        raise OtherReader("What came back is no digest of a hub.") from error


def _read(one: dict[str, Any]) -> Node:
    children = [
        Child(child["prefix"], child["count"], bytes.fromhex(child["hash"]))
        for child in one.get("children", ())
    ]
    entries = [
        Leaf(leaf["entryId"], bytes.fromhex(leaf["hash"]), leaf["changedAt"])
        for leaf in one.get("entries", ())
    ]
    return Node(one["prefix"], one["count"], bytes.fromhex(one["hash"]), tuple(children), tuple(entries))
