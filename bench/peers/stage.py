"""The hub on both databases, its peers on PostgreSQL: started, filled alike, compared before anything is timed."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bench.ceiling import ANSWERS
from bench.load import ask_once, post
from bench.peers import tables
from bench.peers.copying import copy_catalogue
from bench.peers.operations import PLACE, SUGGEST, WORDS, Ask, Names, Traffics, request
from bench.plain.models import Entry
from bench.servers import Server, cores, free_port, start
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.tables import area_postcode

HERE = Path(__file__).parent
HUB, HUB_POSTGRES = "hub, SQLite", "hub, PostgreSQL"
PEERS = {"mercurius with graphql-jit": "mercurius.mjs", "graphql-yoga": "yoga.mjs"}
CEILING = "bytes ready"
_HITS = """query($words: String!, $after: String) { services(query: $words, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { leikaKey } } } }"""


class DifferentAnswersError(Exception):
    """Two servers that are compared do not say the same."""


class Stage:
    """Starts the servers; `close` ends all.

    Args:
        folder: for logs and copies.
        hub_folder: a hub's data directory on SQLite, filled.
        database: the address of an empty database on PostgreSQL.
    """

    def __init__(self, folder: Path, hub_folder: Path, database: str) -> None:
        self._folder, self._hub_folder, self._database = folder, hub_folder, database
        self._ends = ExitStack()
        self.servers: dict[str, Server] = {}

    def close(self) -> None:
        """End the servers."""
        self._ends.close()

    async def prepare(self) -> None:
        """Start the hub, copy its data, find beforehand what peers need not search, start the peers."""
        self._start_hub(HUB, self._hub_folder, {})
        copied = self._folder / "hub-postgresql"
        shutil.copytree(self._hub_folder, copied)
        await copy_catalogue(self._hub_folder / "catalog.db", self._database)
        self._start_hub(HUB_POSTGRES, copied, {"HUB_CATALOG_URL": self._database})
        await tables.fill(self._database, self._hub_folder / "catalog.db", await self._found())
        for name, script in PEERS.items():
            environ = {"BENCH_DATABASE": self._database, "NODE_ENV": "production"}
            self._serve(name, [str(HERE / script)], environ, program=("node",))

    def names(self) -> Names:
        """Authorities and online services that there are."""
        with Session(create_engine(f"sqlite:///{self._hub_folder / 'catalog.db'}")) as session:
            rows = list(session.scalars(select(Entry).where(Entry.live).order_by(Entry.id)))
        kinds = (EntryKind.AUTHORITY, EntryKind.ONLINE_SERVICE)
        one, other = ([row.flat_id(kind.value) for row in rows if row.kind == kind.number] for kind in kinds)
        return Names(one, other)

    async def compare(self, traffics: Traffics, number: int) -> None:
        """All must give the hub's values, of so many operations of each traffic.

        Raises:
            DifferentAnswersError: for the first that does not.
        """
        for stream in (traffics.same(), traffics.pages(), traffics.mix(), traffics.entities()):
            for ask in islice(stream, number):
                told = {name: await self._told(name, ask) for name in (HUB, HUB_POSTGRES, *PEERS)}
                for name, answer in told.items():
                    if answer != told[HUB] or "data" not in answer:
                        raise DifferentAnswersError(f"{name}: {ask}{difference(told[HUB], answer)}"[:4000])

    async def ready_made(self, ask: Ask) -> bytes:
        """Start the ceiling, which has the hub's answer ready; its request."""
        answers = self._folder / "answers"
        answers.mkdir()
        body = await ask_once(self.servers[HUB].port, request(ask))
        (answers / "page-0.json").write_bytes(body)
        self._serve(CEILING, ["bench.serving", "bench.ceiling:create"], {ANSWERS: str(answers)})
        return post("/page/0", orjson.dumps({"query": ask[0], "variables": ask[1]}))

    async def _told(self, name: str, ask: Ask) -> Any:
        answer = orjson.loads(await ask_once(self.servers[name].port, request(ask)))
        answer.pop("extensions", None)
        return answer

    async def _found(self) -> Mapping[str, Iterator[Sequence[Any]]]:
        """What the hub finds for all words, prefixes and postcodes of the traffics."""
        hits = {word: await self._hits(word) for word in WORDS}
        suggested = {word[:4]: await self._ask(SUGGEST, prefix=word[:4]) for word in WORDS}
        with create_engine(f"sqlite:///{self._hub_folder / 'catalog.db'}").connect() as reading:
            postcodes = set(reading.scalars(select(area_postcode.c.postcode)))
        places = {code: await self._ask(PLACE, postcode=code) for code in sorted(postcodes)}
        return {
            "hit": ((word, place, key) for word, keys in hits.items() for place, key in enumerate(keys)),
            "suggestion": (
                (prefix, place, one["text"], one["service"]["leikaKey"])
                for prefix, found in suggested.items()
                for place, one in enumerate(found["suggestions"])
            ),
            "place": (
                (code, place, tables.cut(edge["node"]["ars"]))
                for code, found in places.items()
                for place, edge in enumerate(found["areas"]["edges"])
            ),
        }

    async def _hits(self, word: str) -> list[str]:
        """All that a word finds, page by page."""
        keys: list[str] = []
        after = None
        while True:
            found = (await self._ask(_HITS, words=word, after=after))["services"]
            keys += [edge["node"]["leikaKey"] for edge in found["edges"]]
            if not found["pageInfo"]["hasNextPage"]:
                return keys
            after = found["pageInfo"]["endCursor"]

    async def _ask(self, query: str, **variables: Any) -> Any:
        return (await self._told(HUB, (query, variables)))["data"]

    def _start_hub(self, name: str, folder: Path, more: Mapping[str, str]) -> None:
        environ = {"HUB_DATA_DIR": str(folder), "HUB_RATE_LIMIT": "off", "HUB_LINKS": "off", **more}
        self._serve(name, ["hub", "serve", "--port"], environ, port=free_port())

    def _serve(self, name: str, arguments: Sequence[str], environ: Mapping[str, str], **more: Any) -> None:
        log = name.replace(", ", "-").replace(" ", "-").lower()
        server = start(log, arguments, environ, self._folder, core=cores().server, **more)
        self.servers[name] = server
        self._ends.callback(server.end)


def difference(one: Any, other: Any, path: str = "") -> str:
    """The first place where two answers differ, and what stands there."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next(filter(None, (difference(one[key], other[key], f"{path}.{key}") for key in one)), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next(filter(None, (difference(*pair, f"{path}.{place}") for place, pair in pairs)), "")
    return "" if one == other else f"\n{path}\n{str(one)[:900]}\n{str(other)[:900]}"
