"""Reading the thesaurus that answers, in small steps: a process does it while it answers."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import bindparam, select

from catalog_sync.catalog.reading import Row, Snapshot, Statement
from catalog_sync.catalog.tables import thesaurus_entry
from catalog_sync.search.analyzer import VERSION
from catalog_sync.search.changes import Pace, paged
from catalog_sync.search.thesaurus import Thesaurus
from catalog_sync.search.thesaurus_entries import SHIPPED, Analysed, Relation, analysed

_AT_A_TIME = 100
_ENTRY = thesaurus_entry.c
_ALL = Statement(
    paged(
        select(
            _ENTRY.id,
            _ENTRY.folded,
            _ENTRY.origin,
            _ENTRY.word,
            _ENTRY.language,
            _ENTRY.relation,
            _ENTRY.means,
            _ENTRY.analyzer,
            _ENTRY.analysed,
            _ENTRY.changed_on,
        )
        .where(_ENTRY.id > bindparam("after", type_=_ENTRY.id.type))
        .order_by(_ENTRY.id),
        400,
    )
)


async def load_thesaurus(snapshot: Snapshot, pace: Pace) -> Thesaurus:
    """The thesaurus as it answers: what editors say of a word goes instead of what is shipped. Read in small steps."""
    rows: list[Row] = []
    after = 0
    while some := await snapshot.rows(_ALL, after=after):
        rows += some
        after = some[-1][0]
        await pace((None,))
    rows.sort(key=itemgetter(1, 0))
    found: list[Analysed] = []
    await pace(_answering(rows, found))
    return await Thesaurus.made(found, pace)


def _answering(rows: Sequence[Row], found: list[Analysed]) -> Iterator[None]:
    edited = {(folded, row[1]) for _, folded, origin, *row in rows if origin != SHIPPED}
    for number, (_, folded, origin, *row) in enumerate(rows):
        if row[2] != Relation.NONE and (origin != SHIPPED or (folded, row[1]) not in edited):
            found.append(_analysed(*row)._replace(origin=origin))
        if number % _AT_A_TIME == 0:
            yield


def _analysed(*row: Any) -> Analysed:
    word, language, relation, means, version, kept, changed_on = row
    phrases = orjson.loads(means)
    if version == VERSION:
        found = Analysed(word, language, Relation(relation), phrases, *orjson.loads(kept))
    else:
        found = analysed(word, language, relation, phrases)
    return found._replace(changed_on=changed_on)
