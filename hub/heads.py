"""A request's headers as the graph's endpoint reads them: looked through once, names and values as bytes."""

from collections.abc import Mapping, Sequence

Heads = Mapping[bytes, bytes]


def heads_of(headers: Sequence[tuple[bytes, bytes]]) -> Heads:
    """Headers by their names, which servers give in small letters; one that came twice as one list (RFC 9110, 5.3)."""
    found = dict(headers)
    if len(found) == len(headers):
        return found
    found = {}
    for name, value in headers:
        between = b"; " if name == b"cookie" else b", "
        found[name] = found[name] + between + value if name in found else value
    return found


def text(heads: Heads, name: bytes) -> str:
    """A header's value; empty where it did not come."""
    return heads.get(name, b"").decode("latin-1")


def bearer_of(heads: Heads) -> str | None:
    """The token of an Authorization header; None where there is none of this kind (RFC 6750, section 2.1)."""
    scheme, _, token = text(heads, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
