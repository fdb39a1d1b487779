"""What was found, for those who show it: which entries name addresses of some verdicts, and which those are."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Row, select

from catalog_sync.links.book import Store
from catalog_sync.links.verdicts import LinkReport, Verdict
from catalog_sync.operations import link, link_use

_MANY = 500


class LinkBook(Protocol):
    """What readers of quality are handed."""

    async def entries(self, verdicts: Collection[Verdict], sources: Collection[int]) -> list[int]:
        """Numbers of the entries of some sources that name an address of one of these verdicts."""
        ...

    async def links(
        self, verdicts: Collection[Verdict], entries: Collection[int]
    ) -> dict[int, list[LinkReport]]:
        """The addresses of these verdicts that some entries name; entries without any are left out."""
        ...


class LinkFindings:
    """What the link checker keeps, read."""

    def __init__(self, operations: Store) -> None:
        self._operations = operations

    async def entries(self, verdicts: Collection[Verdict], sources: Collection[int]) -> list[int]:
        """See `LinkBook.entries`."""
        query = (
            select(link_use.c.entry)
            .join(link, link.c.id == link_use.c.link)
            .where(link.c.verdict.in_([one.value for one in verdicts]), link_use.c.source.in_(list(sources)))
            .distinct()
            .order_by(link_use.c.entry)
        )
        return await self._operations.read(lambda connection: list(connection.scalars(query)))

    async def links(
        self, verdicts: Collection[Verdict], entries: Collection[int]
    ) -> dict[int, list[LinkReport]]:
        """See `LinkBook.links`."""
        wanted = sorted(set(entries))

        def read(connection: Connection) -> dict[int, list[LinkReport]]:
            found: dict[int, list[LinkReport]] = {}
            for at in range(0, len(wanted), _MANY):
                for row in _rows(connection, verdicts, wanted[at : at + _MANY]):
                    found.setdefault(row.entry, []).append(_report(row))
            return found

        return await self._operations.read(read) if wanted else {}


def _rows(
    connection: Connection, verdicts: Collection[Verdict], entries: Sequence[int]
) -> Sequence[Row[Any]]:
    return connection.execute(
        select(link_use.c.entry, link_use.c.place, link)
        .join(link, link.c.id == link_use.c.link)
        .where(link_use.c.entry.in_(entries), link.c.verdict.in_([one.value for one in verdicts]))
        .order_by(link_use.c.entry, link.c.url)
    ).all()


def _report(row: Row[Any]) -> LinkReport:
    return LinkReport(
        url=row.url,
        place=row.place,
        verdict=Verdict(row.verdict),
        answer=row.answer,
        since=row.since,
        checked_at=row.checked_at,
        target=row.target,
    )
