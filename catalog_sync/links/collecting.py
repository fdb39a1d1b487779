"""Following the catalogue: which live entries name which addresses, kept by reading the feed's table from where it was.

The two databases have no common transaction. A step reads the entries as they are now and writes what they name
together with how far it came; one that was not written is done again and gives the same.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import BigInteger, Connection, bindparam, delete, exists, insert, select, text, update

from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.reading import Snapshot, Statement, listed
from catalog_sync.catalog.tables import change, entry, state, version
from catalog_sync.links import hosts
from catalog_sync.links.addresses import address_of, digest_of
from catalog_sync.links.book import Store
from catalog_sync.links.extracting import Named, links_of
from catalog_sync.operations import link, link_state, link_use

T = TypeVar("T")

_STEP = 200
"""Changes of one step: what is held in memory at once."""

_MANY = 500
"""Values of one list in a statement."""

_later = change.alias("later")
_END = Statement(select(state.c.epoch, state.c.feed))
_CHANGED = Statement(
    select(change.c.entry_id)
    .where(
        change.c.pos > bindparam("after", type_=BigInteger()),
        change.c.pos <= bindparam("last", type_=BigInteger()),
        ~exists().where(_later.c.entry_id == change.c.entry_id, _later.c.pos > change.c.pos),
    )
    .order_by(change.c.pos)
)
"""What changed last between two positions; what changed again since comes with its newest change."""

_LIVE = Statement(
    select(entry.c.id, entry.c.source_id, version.c.payload)
    .join(version, version.c.id == entry.c.version_id)
    .where(listed(entry.c.id, "numbers"), entry.c.live)
)
_NEW_LINK = text(
    "INSERT INTO link (digest, url, host, failures, missing, counted_at, due_at) "
    "VALUES (:digest, :url, :host, 0, 0, 0, :due_at) ON CONFLICT DO NOTHING"
)

Uses = Mapping[int, tuple[int, tuple[Named, ...]]]
"""Entry -> its source and what it names."""

Told = Callable[[int, int], None]
"""Is told how many changes were read, of how many."""


def unheard(done: int, total: int) -> None:
    """Nobody is told."""


class Catalog(Protocol):
    """What is needed of the database `catalog`."""

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """The state of one moment."""
        ...


class Collector:
    """Keeps the addresses that live entries name.

    Args:
        catalog: is read.
        operations: where addresses are kept.
        now: microseconds since 1970, UTC.
    """

    def __init__(self, catalog: Catalog, operations: Store, now: Callable[[], int]) -> None:
        self._catalog = catalog
        self._operations = operations
        self._now = now

    async def has_begun(self) -> bool:
        """Whether it ever collected anything."""
        return bool(await self._operations.read(_cursor))

    async def collect(self, told: Told = unheard) -> None:
        """Catch up with the catalogue; nothing to do costs two small reads."""
        while True:
            cursor = await self._operations.read(_cursor)
            epoch, at = _read(cursor)
            async with self._catalog.snapshot() as snapshot:
                rows = await snapshot.rows(_END)
                if not rows:
                    return
                now_epoch, end = rows[0]
                if epoch != now_epoch or at > end:
                    await self._operations.write(partial(_forget, cursor=cursor, instead=f"{now_epoch}:0"))
                    continue
                if at == end:
                    return
                last = min(at + _STEP, end)
                numbers = [row[0] for row in await snapshot.rows(_CHANGED, after=at, last=last)]
                live = await snapshot.rows(_LIVE, numbers=numbers)
            uses = {number: (source, links_of(unpack(payload))) for number, source, payload in live}
            keep = partial(
                _keep, cursor=cursor, instead=f"{epoch}:{last}", numbers=numbers, uses=uses, now=self._now()
            )
            await self._operations.write(keep)
            told(last, end)


def _cursor(connection: Connection) -> str:
    return connection.scalar(select(link_state.c.cursor)) or ""


def _read(cursor: str) -> tuple[str | None, int]:
    epoch, colon, at = cursor.rpartition(":")
    return (epoch, int(at)) if colon else (None, 0)


def _moved(connection: Connection, cursor: str, instead: str) -> bool:
    """Go on from a cursor; False where another process has done so meanwhile."""
    if hosts.lock(connection) != cursor:
        return False
    connection.execute(update(link_state).values(cursor=instead))
    return True


def _forget(connection: Connection, cursor: str, instead: str) -> None:
    """The catalogue was made anew: its entries have other numbers. What addresses answered stays true."""
    if _moved(connection, cursor, instead):
        connection.execute(delete(link_use))


def _keep(
    connection: Connection, cursor: str, instead: str, *, numbers: Sequence[int], uses: Uses, now: int
) -> None:
    if not _moved(connection, cursor, instead):
        return
    before = _linked(connection, numbers)
    for some in _parts(numbers):
        connection.execute(delete(link_use).where(link_use.c.entry.in_(some)))
    found = [
        (number, source, named, digest_of(_spelling(named.url)))
        for number, (source, links) in uses.items()
        for named in links
    ]
    known = _known(connection, {digest: named.url for _, _, named, digest in found}, now)
    rows = {
        (number, known[digest]): {"source": source, "host": _host(named.url), "place": named.place}
        for number, source, named, digest in reversed(found)
    }
    if rows:
        connection.execute(
            insert(link_use), [{"entry": number, "link": one, **row} for (number, one), row in rows.items()]
        )
    _drop(connection, before - set(known.values()))


def _linked(connection: Connection, numbers: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for some in _parts(numbers):
        found |= set(connection.scalars(select(link_use.c.link).where(link_use.c.entry.in_(some))))
    return found


def _spelling(url: str) -> str:
    """One for all spellings of an address; one that can't be asked is kept as it is."""
    address = address_of(url)
    return url if address is None else address.url


def _host(url: str) -> str:
    """Whose patience it costs; nobody's where it can't be asked."""
    address = address_of(url)
    return "" if address is None else address.host


def _known(connection: Connection, new: Mapping[bytes, str], now: int) -> dict[bytes, int]:
    """The numbers of addresses; those that were not known are due now."""
    known = _numbers(connection, new)
    if missing := {digest: url for digest, url in new.items() if digest not in known}:
        rows = [
            {"digest": digest, "url": url, "host": _host(url), "due_at": now}
            for digest, url in missing.items()
        ]
        connection.execute(_NEW_LINK, rows)
        hosts.let_be_due(connection, (_host(url) for url in missing.values()), now)
        known |= _numbers(connection, missing)
    return known


def _numbers(connection: Connection, digests: Mapping[bytes, object]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for some in _parts(list(digests)):
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
