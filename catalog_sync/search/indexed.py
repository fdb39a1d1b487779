"""What is kept in memory of each service."""

from sys import intern
from typing import NamedTuple

import orjson


class Indexed(NamedTuple):
    """A service: stems of its titles, marks, bundle; titles with their languages and other words, as written."""

    titles: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]
    bundle: str | None
    names: tuple[tuple[str, str], ...] = ()
    spellings: tuple[str, ...] = ()

    def texts(self) -> list[str]:
        """All that is kept as written."""
        return [*(title for _, title in self.names), *self.spellings]


def read_indexed(titles: str, marks: str, bundle: str | None, names: str, spellings: str) -> Indexed:
    """A service of its row in `indexed_service`."""
    return Indexed(
        titles=tuple(tuple(map(intern, title)) for title in orjson.loads(titles)),
        marks=tuple(map(intern, orjson.loads(marks))),
        bundle=bundle,
        names=tuple((language, title) for language, title in orjson.loads(names)),
        spellings=tuple(map(intern, orjson.loads(spellings))),
    )
