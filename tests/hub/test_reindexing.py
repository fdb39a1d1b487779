"""A new version of the analyzer: the index answers as it was, is read anew in batches, and goes on after a crash."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, delete, select, update

from catalog_sync.catalog.tables import indexed_service, posting
from catalog_sync.search.analyzer import VERSION
from hub.cli.commands import verbundhub
from hub.demo import sample
from hub.reindexing import Reindexing
from tests.catalogues import IDENTITY_CARD, Catalogue

FIND = "query ($words: String!) { services(query: $words, first: 10) { edges { node { leikaKey } } } }"


async def found(catalogue: Catalogue, words: str) -> list[str]:
    """The keys of the services found."""
    hits = (await catalogue.ask(FIND, {"words": words}))["services"]["edges"]
    return [hit["node"]["leikaKey"] for hit in hits]


def read_by_another_version(connection: Connection) -> None:
    """As if an older analyzer, which did not know the word Wohnsitz, had read all."""
    connection.execute(update(indexed_service).values(analyzer=VERSION - 1, words=b"\x80"))
    connection.execute(delete(posting).where(posting.c.token.like("wohnsitz%")))


async def stale(catalogue: Catalogue) -> int:
    """How many services another version has read."""
    keys = select(indexed_service.c.leika_key).where(indexed_service.c.analyzer != VERSION)
    return len(await catalogue.catalog.read(lambda connection: connection.scalars(keys).all()))


async def test_an_older_index_answers_at_once_and_by_the_new_rules_when_it_is_read_anew(
    stored: Catalogue,
) -> None:
    await stored.catalog.write(read_by_another_version)
    assert await found(stored, "personalausweis") == [IDENTITY_CARD]
    assert await found(stored, "wohnsitz") == []
    reindexing = Reindexing(stored.catalog, every_seconds=60, batch=1)
    reindexing.start()
    async with asyncio.timeout(30):
        while await stale(stored):  # noqa: ASYNC110 - another task works
            await asyncio.sleep(0.02)
    await reindexing.stop()
    assert await found(stored, "wohnsitz") == ["99115005104000"]
    assert await found(stored, "personalausweis") == [IDENTITY_CARD]


class Dying:
    """A database that goes away after some transactions."""

    def __init__(self, catalogue: Catalogue, after: int) -> None:
        self.catalogue, self.left = catalogue, after

    async def write(self, work: Callable[[Connection], int]) -> int:
        """Pass it on, or die."""
        if not self.left:
            raise ConnectionError("gone")
        self.left -= 1
        return await self.catalogue.catalog.write(work)


async def test_what_was_done_before_a_crash_stays_done(stored: Catalogue) -> None:
    await stored.catalog.write(read_by_another_version)
    all_of_them = await stale(stored)
    with pytest.raises(ConnectionError, match="gone"):
        await Reindexing(Dying(stored, 1), batch=1).round()
    assert await stale(stored) == all_of_them - 1
    assert await Reindexing(stored.catalog, batch=1).round() == all_of_them - 1
    assert await Reindexing(stored.catalog).round() == 0


def test_all_services_are_read_anew_by_hand(tmp_path: Path) -> None:
    environ = {"HUB_DATA_DIR": str(tmp_path)}
    lines: tuple[list[str], ...] = ([], ["services", "import", str(sample.LEIKA)], ["services", "reindex"])
    told = [CliRunner().invoke(verbundhub, line or ["migrate"], env=environ) for line in lines]
    assert [one.exit_code for one in told] == [0, 0, 0], told
    number = int(told[2].output.split()[0])
    assert number > 0
    assert f"Services: {number} added" in told[1].output
