"""A new version of the analyzer: the index answers as it was, is read anew in batches, and goes on after a crash."""

import asyncio
import multiprocessing
import signal
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import Connection, delete, select, update

from catalog_sync.catalog.tables import indexed_service, posting
from catalog_sync.search.analyzer import VERSION
from hub.cli.commands import verbundhub
from hub.demo import sample
from hub.reindexing import Reindexing
from tests.catalog_sync.search.test_indexing import rows
from tests.catalogues import IDENTITY_CARD, Catalogue
from tests.conftest import Databases
from tests.hub.reindexing_child import read_anew
from tests.makers import message, service

SPAWN = multiprocessing.get_context("forkserver")

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


class Child:
    """A process that reads the index anew."""

    def __init__(self, url: str, dies_in: int = 0) -> None:
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=read_anew, args=(url, theirs, dies_in))
        self._process.start()
        theirs.close()
        assert self._said() == "ready"

    def goes(self) -> None:
        """Let it begin."""
        self._pipe.send("go")

    def _said(self) -> object:
        assert self._pipe.poll(60)
        return self._pipe.recv()

    def ended(self) -> tuple[int | None, object]:
        """How it ended, and how many services it read; none where it was killed."""
        try:
            told = self._said()
        except EOFError:
            told = None
        self._process.join(60)
        return self._process.exitcode, told


def with_more(number: int) -> bytes:
    """A delivery that describes so many services besides."""
    return message(
        writes=[service(str(one), f"990010{one:02}000000", title=f"Raumfahrt {one}") for one in range(number)]
    )


async def as_it_was(catalogue: Catalogue, before: object) -> bool:
    """Whether the index holds what it held, and people find it."""
    hits = [await found(catalogue, words) for words in ("wohnsitz", "raumfahrt")]
    return hits == [["99115005104000"], sorted(hits[1])] and await catalogue.catalog.read(rows) == before


async def test_a_process_that_is_killed_leaves_what_it_had_done(
    stored: Catalogue, databases: Databases
) -> None:
    await stored.deliver("hessen", with_more(4))
    before = await stored.catalog.read(rows)
    await stored.catalog.write(read_by_another_version)
    all_of_them = await stale(stored)
    child = Child(databases.urls["catalog"], dies_in=3)
    child.goes()
    assert await asyncio.to_thread(child.ended) == (-signal.SIGKILL, None)
    assert await stale(stored) == all_of_them - 2
    assert await found(stored, "personalausweis") == [IDENTITY_CARD]
    assert await Reindexing(stored.catalog, batch=1).round() == all_of_them - 2
    assert await as_it_was(stored, before)


async def test_two_processes_at_once_read_each_service_once(stored: Catalogue, databases: Databases) -> None:
    await stored.deliver("hessen", with_more(20))
    before = await stored.catalog.read(rows)
    await stored.catalog.write(read_by_another_version)
    all_of_them = await stale(stored)
    children = [Child(databases.urls["catalog"]) for _ in range(2)]
    for one in children:
        one.goes()
    ends = [await asyncio.to_thread(one.ended) for one in children]
    assert [code for code, _ in ends] == [0, 0]
    assert sum(number for _, number in ends if isinstance(number, int)) == all_of_them
    assert await as_it_was(stored, before)


def test_all_services_are_read_anew_by_hand(tmp_path: Path) -> None:
    environ = {"HUB_DATA_DIR": str(tmp_path)}
    lines: tuple[list[str], ...] = ([], ["services", "import", str(sample.LEIKA)], ["services", "reindex"])
    told = [CliRunner().invoke(verbundhub, line or ["migrate"], env=environ) for line in lines]
    assert [one.exit_code for one in told] == [0, 0, 0], told
    number = int(told[2].output.split()[0])
    assert number > 0
    assert f"Services: {number} added" in told[1].output
