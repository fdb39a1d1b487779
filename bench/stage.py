"""What is under load: the hub, the ceiling with the hub's answers ready, the plain stack over the hub's file."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import orjson

from bench.ceiling import ANSWERS
from bench.grants import Portal, checked_grant, register_portal, token_requests
from bench.load import ask_once, get, in_turn, numbered, post
from bench.measuring import Target
from bench.plain.app import CACHES, DATABASE
from bench.queries import Question
from bench.servers import Server, cores, free_port, start
from hub.database import Database, open_database
from identity.keys import load_keys


class DifferentAnswersError(Exception):
    """Two stacks that are compared do not say the same."""


_COMPARED = ("hub", "plain", "plain-cached")


class Stage:
    """Starts the servers and prepares the requests; `close` ends all.

    Args:
        folder: for logs and answers.
        hub_folder: the hub's data directory, filled.
        grants: how many codes one round redeems.
    """

    def __init__(self, folder: Path, hub_folder: Path, questions: Sequence[Question], grants: int) -> None:
        self._folder, self._hub_folder = folder, hub_folder
        self._questions = questions
        self._grants = grants
        self._ends = ExitStack()
        self._servers: dict[str, Server] = {}

    async def prepare(self, rounds: int) -> list[Target]:
        """Start everything, check that answers are equal, and give what is to be measured."""
        self._start_hub("hub", {"HUB_ANSWERS": "0"})
        self._start_hub("hub-keeping", {})
        answers = self._folder / "answers"
        answers.mkdir()
        for question in self._questions:
            await self._keep_answers(question, answers)
        identity = open_database(f"sqlite:///{self._hub_folder / 'identity.db'}")
        try:
            portal = await register_portal(identity)
            (first,) = await token_requests(identity, portal, 1)
            keys = load_keys(self._hub_folder)
            (answers / "token-0.json").write_bytes(
                await checked_grant(self._servers["hub"].port, first, keys)
            )
            redeeming = await self._redeeming(identity, portal, rounds)
        finally:
            await identity.close()
        self._start_others(answers)
        await self._compare(self._questions[0])
        targets = (*self._question_targets(), *self._again_targets(), *self._plain_targets())
        return [*targets, *self._grant_targets(redeeming, first)]

    def close(self) -> None:
        """End the servers."""
        self._ends.close()

    def _start_hub(self, name: str, more: dict[str, str]) -> None:
        port = free_port()
        environ = {"HUB_DATA_DIR": str(self._hub_folder), "HUB_RATE_LIMIT": "off", **more}
        self._serve(name, ["hub", "serve", "--port"], environ, port)

    def _start_others(self, answers: Path) -> None:
        served = ["bench.serving"]
        self._serve("ceiling", [*served, "bench.ceiling:create"], {ANSWERS: str(answers)})
        database = {DATABASE: f"sqlite:///{self._hub_folder / 'catalog.db'}"}
        self._serve("plain", [*served, "bench.plain.app:create"], database)
        self._serve("plain-cached", [*served, "bench.plain.app:create"], database | {CACHES: "on"})

    def _serve(
        self, name: str, arguments: Sequence[str], environ: dict[str, str], port: int | None = None
    ) -> None:
        server = start(name, arguments, environ, self._folder, core=cores().server, port=port)
        self._servers[name] = server
        self._ends.callback(server.end)

    async def _keep_answers(self, question: Question, answers: Path) -> None:
        for number, body in enumerate(question.bodies()):
            answer = await ask_once(self._servers["hub"].port, post("/graphql", body))
            if b'"errors"' in answer[:12]:
                raise DifferentAnswersError(answer[:400].decode())
            (answers / f"{question.name}-{number}.json").write_bytes(answer)

    async def _compare(self, question: Question) -> None:
        """The plain stack must give the hub's values; else the comparison is worth nothing."""
        for body in question.bodies():
            request = post("/graphql", body)
            told = [orjson.loads(await ask_once(self._servers[name].port, request)) for name in _COMPARED]
            if any(one != told[0] for one in told):
                raise DifferentAnswersError(body.decode())

    def _question_targets(self) -> Iterator[Target]:
        for question in self._questions:
            bodies = question.bodies()
            asked = [post("/graphql", body) for body in bodies]
            yield Target(question.name, self._servers["hub"], partial(in_turn, asked))
            ready = numbered(f"/{question.name}", bodies)
            yield Target(f"{question.name} ceiling", self._servers["ceiling"], partial(in_turn, ready))

    def _again_targets(self) -> Iterator[Target]:
        """The same page again and again, at a hub that keeps answers: by POST, and by GET with its address."""
        page = self._questions[0]
        keeping, ceiling = self._servers["hub-keeping"], self._servers["ceiling"]
        posted = [post("/graphql", page.bodies()[0])]
        yield Target("again", keeping, partial(in_turn, posted))
        yield Target("again ceiling", ceiling, partial(in_turn, numbered("/page", page.bodies()[:1])))
        got = [get(f"/graphql?{page.addresses()[0]}")]
        yield Target("again by GET", keeping, partial(in_turn, got))
        ready = [get(f"/page/0?{page.addresses()[0]}")]
        yield Target("again by GET ceiling", ceiling, partial(in_turn, ready))

    def _plain_targets(self) -> Iterator[Target]:
        asked = [post("/graphql", body) for body in self._questions[0].bodies()]
        for name in ("plain", "plain-cached"):
            yield Target(name, self._servers[name], partial(in_turn, asked))

    def _grant_targets(self, redeeming: Iterator[list[bytes]], first: bytes) -> Iterator[Target]:
        yield Target("grant", self._servers["hub"], lambda: iter(next(redeeming)), counted=True)
        yield Target("grant ceiling", self._servers["ceiling"], partial(in_turn, [first]))

    async def _redeeming(self, identity: Database, portal: Portal, rounds: int) -> Iterator[list[bytes]]:
        """The requests of each round, the warm-up's first: a code is good for one grant."""
        return iter([await token_requests(identity, portal, self._grants) for _ in range(rounds + 1)])
