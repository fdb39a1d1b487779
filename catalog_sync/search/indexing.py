"""Writing the index, in the transaction that changes the catalogue: only the lists of words that came or went."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import islice

import msgspec
import orjson
from sqlalchemy import Connection, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from catalog_sync.catalog.bulk import as_list
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import entry_leika, indexed_service, leika_service, posting, search_state
from catalog_sync.search.analyzer import VERSION
from catalog_sync.search.documents import Document, documents
from catalog_sync.search.fields import PARAGRAPH, PART, STRONG
from catalog_sync.search.postings import packed, patched, strongest

_CHUNK = 1000
_ALL_KEYS = select(leika_service.c.leika_key).union(
    select(entry_leika.c.leika_key), select(indexed_service.c.leika_key)
)
_STALE = select(indexed_service.c.leika_key).where(indexed_service.c.analyzer != bindparam("version"))
_BEFORE = select(indexed_service.c.leika_key, indexed_service.c.words).where(
    listed(indexed_service.c.leika_key, "keys")
)
_POSTINGS = select(posting.c.token, posting.c.services, posting.c.surface).where(
    listed(posting.c.token, "tokens")
)
_STATE = select(search_state.c.changed).where(search_state.c.id == 1)

_Words = dict[str, int]
_decoded = msgspec.msgpack.Decoder(_Words).decode
_encoded = msgspec.msgpack.Encoder().encode


def reindex(connection: Connection, leika_keys: Collection[str]) -> None:
    """Bring what the index holds of some services up to date.

    Args:
        connection: in the transaction that changed them, whose writer is alone.
        leika_keys: the services; one that is gone leaves the index.
    """
    wanted = iter(sorted(leika_keys))
    while some := list(islice(wanted, _CHUNK)):
        _reindex_chunk(connection, some)


def reindex_all(connection: Connection) -> None:
    """Bring the whole index up to date."""
    reindex(connection, indexed_keys(connection))


def indexed_keys(connection: Connection) -> list[str]:
    """All services that are in the index, or should be; in order."""
    return sorted(connection.scalars(_ALL_KEYS).all())


def reindex_stale(connection: Connection, most: int = _CHUNK) -> int:
    """Index services anew that another version of the analyzer has read; tells how many there were, `most` at most.

    They are found as they were read before until then, so that a new version never costs an answer. Several processes
    may do it at once: each waits for the other's transaction, and takes the next.
    """
    connection.execute(_STATE.with_for_update())
    some = connection.scalars(_STALE.limit(most), {"version": VERSION}).all()
    reindex(connection, some)
    return len(some)


def next_change(connection: Connection) -> int:
    """The number of this transaction among those that change the index."""
    now = connection.scalar(_STATE.with_for_update())
    if now is None:
        connection.execute(insert(search_state).values(id=1, changed=1, thesaurus=0))
        return 1
    connection.execute(update(search_state).where(search_state.c.id == 1).values(changed=now + 1))
    return int(now) + 1


def _reindex_chunk(connection: Connection, keys: list[str]) -> None:
    change = next_change(connection)  # first, for it waits for whoever else changes the index
    found = documents(connection, keys)
    before = {
        key: _decoded(words)
        for key, words in connection.execute(_BEFORE, {"keys": as_list(connection, keys)})
    }
    surfaces: dict[str, str] = {}
    changes: dict[str, dict[int, int]] = defaultdict(dict)
    rows = []
    for key in keys:
        document = found.get(key, Document())
        surfaces |= document.surfaces
        for token, mask in _difference(before.get(key, {}), document.fields):
            changes[token][int(key)] = mask
        if key in found or key in before:
            rows.append(_service_row(key, document, change))
    _upsert(connection, indexed_service, rows)
    _patch(connection, changes, surfaces, change)


def _difference(before: Mapping[str, int], now: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """The tokens whose fields changed, with the fields now."""
    for token, mask in now.items():
        if before.get(token) != mask:
            yield token, mask
    for token in before:
        if token not in now:
            yield token, 0


def _service_row(key: str, document: Document, change: int) -> dict[str, object]:
    return {
        "leika_key": key,
        "analyzer": VERSION,
        "titles": orjson.dumps(document.titles).decode(),
        "names": orjson.dumps(document.names()).decode(),
        "spellings": orjson.dumps(sorted(document.spellings)).decode(),
        "marks": orjson.dumps(sorted(document.marks)).decode(),
        "bundle_id": document.bundle,
        "words": _encoded(dict(document.fields)),
        "changed": change,
    }


def _patch(
    connection: Connection, changes: Mapping[str, Mapping[int, int]], surfaces: Mapping[str, str], change: int
) -> None:
    tokens = as_list(connection, sorted(changes))
    held = {
        token: (services, surface)
        for token, services, surface in connection.execute(_POSTINGS, {"tokens": tokens})
    }
    rows = []
    for token in sorted(changes):
        services, surface = held.get(token, (b"", None))
        postings = patched(services, changes[token])
        rows.append(
            {
                "token": token,
                "services": packed(postings),
                "count": len(postings),
                "strong": token[0] not in (PARAGRAPH, PART) and bool(strongest(postings) & STRONG),
                "surface": surface or surfaces.get(token, token),
                "changed": change,
            }
        )
    _upsert(connection, posting, rows)


def _upsert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    key = next(iter(table.primary_key.columns))
    values = {column.name: statement.excluded[column.name] for column in table.c if column is not key}
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=values), rows)
