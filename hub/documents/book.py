"""The documents at rest: shared by all processes, bounded where anybody may add to them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from hub.documents.tables import document

LARGEST = 64 * 1024
"""Bytes of one text that a client sent: more than any document within the limits on tokens needs."""
_HASH = re.compile(r"[0-9a-f]{64}")
_SHARE_THAT_STAYS = 0.9


@dataclass(frozen=True, slots=True)
class Room:
    """How much clients may have sent; what an operator imported does not count."""

    documents: int = 10_000
    bytes: int = 32 * 1024 * 1024


_ROOM = Room()


@dataclass(frozen=True, slots=True)
class Kept:
    """A document.

    Attributes:
        trusted: whether an operator imported it.
        used_on: days since 1970 of the last use that was noticed.
    """

    id: str
    text: str
    trusted: bool
    used_on: int


def hash_of(text: str) -> str:
    """SHA-256 of a text, hexadecimal: how automatic persisted queries name a document."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_hash(name: str) -> bool:
    """Whether an id is a SHA-256; such a one names its own text and no other."""
    return _HASH.fullmatch(name) is not None


def find(connection: Connection, name: str) -> Kept | None:
    """A document by its id, else by the hash of its text; a trusted one first."""
    columns = (document.c.id, document.c.text, document.c.trusted, document.c.used_on)
    query = (
        select(*columns)
        .where((document.c.id == name) | (document.c.hash == name))
        .order_by(document.c.trusted.desc())
    )
    row = connection.execute(query.limit(1)).first()
    return None if row is None else Kept(row.id, row.text, bool(row.trusted), row.used_on)


def use(connection: Connection, name: str, day: int) -> None:
    """Note that a document is used."""
    connection.execute(update(document).where(document.c.id == name).values(used_on=day))


def keep(connection: Connection, text: str, day: int, room: Room = _ROOM) -> None:
    """Keep a text that a client sent, by its hash; those that were not used for longest make room."""
    name = hash_of(text)
    if find(connection, name) is not None:
        return
    size = len(text.encode("utf-8", "surrogatepass"))
    values = {"id": name, "hash": name, "text": text, "trusted": False, "size": size, "used_on": day}
    connection.execute(insert(document).values(values))
    _make_room(connection, room)


def _make_room(connection: Connection, room: Room) -> None:
    sent = document.c.trusted.is_(False)
    count, size = connection.execute(
        select(func.count(), func.coalesce(func.sum(document.c.size), 0)).where(sent)
    ).one()
    if count <= room.documents and size <= room.bytes:
        return
    most, most_bytes = int(room.documents * _SHARE_THAT_STAYS), int(room.bytes * _SHARE_THAT_STAYS)
    going: list[str] = []
    oldest = select(document.c.id, document.c.size).where(sent).order_by(document.c.used_on, document.c.id)
    for row in connection.execute(oldest):
        if count <= most and size <= most_bytes:
            break
        going.append(row.id)
        count, size = count - 1, size - row.size
    for name in going:
        connection.execute(delete(document).where(document.c.id == name))


def take(connection: Connection, texts: Mapping[str, str], day: int, *, replace: bool = False) -> int:
    """Make documents trusted, by the ids that clients name them by; says how many were not trusted before.

    Args:
        connection: to the operations' database.
        texts: each document by its id.
        day: days since 1970.
        replace: those that were trusted and are not among these are forgotten.
    """
    before = {row.id: row.text for row in _trusted(connection)}
    if replace:
        for name in before.keys() - texts.keys():
            connection.execute(delete(document).where(document.c.id == name))
    for name, text in texts.items():
        connection.execute(delete(document).where(document.c.id == name))
        size = len(text.encode("utf-8", "surrogatepass"))
        values = {"id": name, "hash": hash_of(text), "text": text, "trusted": True}
        connection.execute(insert(document).values(values | {"size": size, "used_on": day}))
    return sum(before.get(name) != text for name, text in texts.items())


def listed(connection: Connection) -> list[Kept]:
    """All trusted documents, by id."""
    return _trusted(connection)


def _trusted(connection: Connection) -> list[Kept]:
    columns = (document.c.id, document.c.text, document.c.used_on)
    query = select(*columns).where(document.c.trusted.is_(True)).order_by(document.c.id)
    return [Kept(row.id, row.text, trusted=True, used_on=row.used_on) for row in connection.execute(query)]
