"""Very many descriptions for the search, written as rows: 500,000 by way of messages would take hours.

Titles, keywords and texts are as long as real ones; their words are compounds, drawn as words are: few of them often,
most rarely. The index reads the texts of three entries of a service, so no others have any.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from random import Random

from sqlalchemy import Connection, text

from bench.data import prose
from catalog_sync.catalog import stored
from catalog_sync.catalog.bulk import insert_rows
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.markup import plain_text
from catalog_sync.catalog.model import Keyword
from catalog_sync.catalog.tables import (
    body,
    entry,
    entry_area,
    entry_leika,
    leika_service,
    ozg_bundle,
    text_module,
)
from catalog_sync.search.lexicon import lines

_ACTIONS = {
    "Erteilung": 1,
    "Anmeldung": 104,
    "Änderung": 11,
    "Verlängerung": 20,
    "Bewilligung": 17,
    "Anzeige": 169,
}
_ROWS = 5000
_TEXTS = 3
_TEXT = 2600
_WORDS = 100_000
_BUNDLES = 600
_AT = 1_772_449_200_000_000


@dataclass(frozen=True)
class Described:
    """So many descriptions over so many services, the same for the same numbers."""

    services: int
    descriptions: int

    @cached_property
    def vocabulary(self) -> Sequence[str]:
        """Compounds of two or three words, the common ones first."""
        parts = [word for word in lines("constituents") if len(word) > 3]
        random = Random(7)
        made: dict[str, None] = dict.fromkeys(one.lower() for one in prose.OBJECTS)
        while len(made) < _WORDS:
            made["".join(random.sample(parts, 2 + (random.random() < 0.2)))] = None
        return [word.capitalize() for word in made]

    def word(self, random: Random) -> str:
        """A word of the vocabulary: one in a hundred of them half of the time."""
        return self.vocabulary[int(len(self.vocabulary) * random.random() ** 6)]

    def key(self, service: int) -> str:
        """A key as LeiKa has them: object, action, variant; well formed, and of no real service."""
        action = list(_ACTIONS.values())[service % len(_ACTIONS)]
        return f"999{service // len(_ACTIONS):05}{action:03}000"

    def title(self, service: int) -> str:
        """What the catalogue calls a service: one or two words, and what is done."""
        random = Random(f"object {service // len(_ACTIONS)}")
        named = [self.word(random) for _ in range(1 + (random.random() < 0.4))]
        return " ".join([*named, list(_ACTIONS)[service % len(_ACTIONS)]])

    def write(self, connection: Connection) -> None:
        """Write everything but the index."""
        bundles = [(str(20_000 + number), self.vocabulary[number * 7]) for number in range(_BUNDLES)]
        insert_rows(connection, ozg_bundle, bundles)
        insert_rows(connection, leika_service, [self._service(number) for number in range(self.services)])
        numbers = iter(range(self.descriptions))
        while some := list(islice(numbers, _ROWS)):
            self._write(connection, some)
        if connection.dialect.name == "postgresql":
            last = f"SELECT setval(pg_get_serial_sequence('entry', 'id'), {self.descriptions + 1})"
            connection.execute(text(last))

    def _service(self, number: int) -> tuple[object, ...]:
        law = f"§ {number % 90 + 1} GewO" if number % 3 == 0 else None
        return (self.key(number), self.title(number), "[]", str(20_000 + number % _BUNDLES), law)

    def _write(self, connection: Connection, numbers: Sequence[int]) -> None:
        heads, bodies = [], []
        texts: list[tuple[object, ...]] = []
        for number in numbers:
            random = Random(number)
            head, facts = self._description(number, random)
            heads.append(self._entry(number, head))
            bodies.append((number + 1, facts))
            texts += self._texts(number, random)
        insert_rows(connection, entry, heads)
        insert_rows(connection, body, bodies)
        insert_rows(connection, text_module, texts)
        keys = sorted((self.key(number % self.services), number + 1) for number in numbers)
        insert_rows(connection, entry_leika, keys)
        insert_rows(connection, entry_area, [(number + 1, 101 + number % 16) for number in numbers])

    def _description(self, number: int, random: Random) -> tuple[bytes, bytes]:
        service = number % self.services
        head = stored.ServiceHead(
            titles={"de": f"{self.title(service)} {prose.OPERATIONS[number % 10]}"},
            summaries={"de": f"{self.word(random)}: {plain_text(prose.german(random, 220))[:250]}"},
            languages=("de",),
            leika_keys=(self.key(service),),
            audiences=(f"00{1 + service % 3}",),
            assurance=str(10 * (1 + service % 4)),
        )
        keywords = (Keyword("de", self.word(random)), Keyword("de", self.word(random)))
        return stored.encode(head), stored.encode(stored.ServiceFacts(keywords=keywords))

    def _entry(self, number: int, head: bytes) -> tuple[object, ...]:
        known = {
            "id": number + 1,
            "kind": EntryKind.SERVICE_ENTRY.number,
            "agency": f"L{number // self.services:05}",
            "value": str(number),
            "live": True,
            "waiting": False,
            "source_id": 1,
            "received_at": _AT,
            "head": head,
        }
        return tuple(known.get(column.name) for column in entry.c)

    def _texts(self, number: int, random: Random) -> Iterator[tuple[object, ...]]:
        if number < _TEXTS * self.services:
            tail = " ".join(self.word(random) for _ in range(40))
            yield (number + 1, 1, "06", "de", f"{prose.german(random, _TEXT)}<p>{tail}</p>", None)
