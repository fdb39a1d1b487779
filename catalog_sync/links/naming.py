"""Who names which address: written for some entries at once, with the addresses that are new or named no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, delete, exists, insert, select, text

from catalog_sync.links import hosts
from catalog_sync.links.addresses import address_of, digest_of
from catalog_sync.links.extracting import Named
from catalog_sync.operations import link, link_use

T = TypeVar("T")

_MANY = 500
"""Values of one list in a statement."""

_NEW_LINK = text(
    "INSERT INTO link (digest, url, host, failures, missing, counted_at, due_at) "
    "VALUES (:digest, :url, :host, 0, 0, 0, :due_at) ON CONFLICT DO NOTHING"
)

Uses = Mapping[int, tuple[int, tuple[Named, ...]]]
"""Entry -> its source and what it names."""


def replace_uses(connection: Connection, numbers: Sequence[int], uses: Uses, now: int) -> None:
    """Keep what some entries name now instead of what they named; of those that are gone, nothing.

    `now` is in microseconds since 1970, UTC: then a new address is due.
    """
    before = _linked(connection, numbers)
    for some in _parts(numbers):
        connection.execute(delete(link_use).where(link_use.c.entry.in_(some)))
    spelled = {one.url: _spelled(one.url) for _, links in uses.values() for one in links}
    known = _known(connection, {one.digest: one for one in spelled.values()}, now)
    rows = {
        (number, known[spelled[one.url].digest]): (source, spelled[one.url].host, one.place)
        for number, (source, links) in uses.items()
        for one in reversed(links)
    }
    if rows:
        names = ("entry", "link", "source", "host", "place")
        connection.execute(
            insert(link_use), [dict(zip(names, (*key, *row), strict=True)) for key, row in rows.items()]
        )
    _drop(connection, before - set(known.values()))


@dataclass(frozen=True, slots=True)
class _Spelled:
    """An address as an entry names it, what it is found by, and its host: none where it can't be asked."""

    url: str
    digest: bytes
    host: str


def _spelled(url: str) -> _Spelled:
    """The same digest for all spellings of an address."""
    address = address_of(url)
    if address is None:
        return _Spelled(url, digest_of(url), "")
    return _Spelled(url, digest_of(address.url), address.host)


def _linked(connection: Connection, numbers: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for some in _parts(numbers):
        found |= set(connection.scalars(select(link_use.c.link).where(link_use.c.entry.in_(some))))
    return found


def _known(connection: Connection, new: Mapping[bytes, _Spelled], now: int) -> dict[bytes, int]:
    """The numbers of addresses; those that were not known are due now."""
    known = _numbers(connection, list(new))
    if missing := [one for digest, one in new.items() if digest not in known]:
        rows = [{"digest": one.digest, "url": one.url, "host": one.host, "due_at": now} for one in missing]
        connection.execute(_NEW_LINK, rows)
        hosts.let_be_due(connection, (one.host for one in missing), now)
        known |= _numbers(connection, [one.digest for one in missing])
    return known


def _numbers(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for some in _parts(digests):
        rows = connection.execute(select(link.c.digest, link.c.id).where(link.c.digest.in_(some)))
        found |= {bytes(row.digest): row.id for row in rows}
    return found


def _drop(connection: Connection, numbers: set[int]) -> None:
    """Forget addresses that nobody names any more."""
    for some in _parts(sorted(numbers)):
        unused = ~exists().where(link_use.c.link == link.c.id)
        connection.execute(delete(link).where(link.c.id.in_(some), unused))


def _parts(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[at : at + _MANY] for at in range(0, len(values), _MANY)]
