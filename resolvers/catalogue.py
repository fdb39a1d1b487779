from collections.abc import Sequence
from dataclasses import dataclass

from catalog_sync.catalog.keys import EntryKind
from resolvers.context import Context, Info


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue as a whole."""

    data_version: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many objects of a kind there are."""

    kind: EntryKind
    live: int


def catalogue(root: None, info: Info) -> Catalogue:
    """The catalogue as a whole."""
    return Catalogue(info.context.data_version)


async def counts(context: Context, parents: Sequence[Catalogue]) -> list[list[Count]]:
    """Objects that are not deleted, waiting ones too."""
    live = await context.reader.counts()
    return [[Count(kind, live.get(kind, 0)) for kind in EntryKind]] * len(parents)
