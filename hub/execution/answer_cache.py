"""Whole answers, kept as bytes as long as the data version stands; one computation for many that wait for it.

Only what everybody may see is kept: public answers without errors. The scope is part of the key all the same: a key
without it would hand one person's answer to the next as soon as anything else than public answers was kept.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from hub.execution.generations import Generations
from hub.execution.plans import Plan
from hub.execution.running import Operation

PUBLIC = "public"
"""The scope of answers that everybody may see."""

Headers = list[tuple[bytes, bytes]]
_OVERHEAD = 1200
"""Bytes of an entry beside its body: key, tag, headers, objects."""


class AnswerKey(NamedTuple):
    """What an answer depends on beside the data version.

    Attributes:
        asked: digest of document, operation's name and variables; languages are among the variables.
        scope: who may be given it.
        media_type: as which it goes.
    """

    asked: bytes
    scope: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer ready to be sent.

    Attributes:
        got: the headers for GET and HEAD.
        posted: those for a POST of another origin's page; a program's needs no more than `told`.
    """

    body: bytes
    tag: str
    got: Headers
    posted: Headers
    told: Headers


class Made(NamedTuple):
    """An answer that was worked out, of which data version, and what of it others may be given."""

    version: str
    kept: Kept | None


Make = Callable[[], Awaitable[Made]]


def key_of(plan: Plan, operation: Operation, scope: str, media_type: str) -> AnswerKey:
    """The key of an operation's answer.

    Variables are written in one canonical way: their names in order, those left out that the operation does not
    declare, so that nobody fills the cache by counting up a variable that nothing reads.
    """
    given = operation.variables or {}
    declared = {one.variable.name.value for one in plan.operation.variable_definitions or ()}
    variables = {name: value for name, value in given.items() if name in declared}
    document, name = plan.key
    digest = hashlib.blake2b(document, digest_size=20)
    digest.update(orjson.dumps([name, variables], option=orjson.OPT_SORT_KEYS))
    return AnswerKey(digest.digest(), scope, media_type)


def tag_of(version: str, key: AnswerKey) -> str:
    """The entity tag of an answer (RFC 9110, section 8.8.3): known before the answer is."""
    text = f"{version}\n{key.scope}\n{key.media_type}\n".encode() + key.asked
    return f'"{hashlib.blake2b(text, digest_size=12).hexdigest()}"'


class AnswerCache:
    """Answers of one data version, the newest that was asked for; a new one forgets all before it.

    Args:
        most: bytes that may be held; 0 keeps nothing, and still works out only once what many wait for.
    """

    def __init__(self, most: int) -> None:
        self._kept: Generations[AnswerKey, Kept] = Generations(most)
        self._version = ""
        self._waiting: dict[tuple[str, AnswerKey], asyncio.Future[Made | None]] = {}

    def get(self, version: str, key: AnswerKey) -> Kept | None:
        """The answer of a data version that is kept."""
        if version != self._version:
            self._kept.clear()
            self._version = version
            return None
        return self._kept.get(key)

    async def shared(self, version: str, key: AnswerKey, make: Make) -> Made | None:
        """Work an answer out, or wait for the one who does.

        Returns:
            None where one was waited for and nothing came of it that may be shared: the caller has to ask by itself.
        """
        place = (version, key)
        if (waited := self._waiting.get(place)) is not None:
            return await asyncio.shield(waited)
        own: asyncio.Future[Made | None] = asyncio.get_running_loop().create_future()
        self._waiting[place] = own
        made = None
        try:
            made = await make()
            self._put(made, key)
        finally:
            del self._waiting[place]
            own.set_result(made if made is not None and made.kept is not None else None)
        return made

    def _put(self, made: Made, key: AnswerKey) -> None:
        if made.kept is not None and made.version == self._version:
            self._kept.put(key, made.kept, len(made.kept.body) + _OVERHEAD)

    @property
    def bytes(self) -> int:
        """Bytes that are held."""
        return self._kept.bytes
