"""Writing the postings: which tokens name a service, and how much. In the transaction that changes the catalogue."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from catalog_sync.catalog import stored
from catalog_sync.catalog.bulk import as_list, delete_rows, insert_rows
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import body, entry, entry_leika, leika_service, ozg_bundle, posting
from catalog_sync.search.analyzer import tokens

TITLE, KEYWORD, BUNDLE, SUMMARY = 8, 6, 4, 1
AUDIENCE_MARK = "#audience:"
"""Begins a token that no word can be: a filter, kept beside the words."""

_CHUNK = 500
_LISTED = (
    select(leika_service.c.leika_key, leika_service.c.title, ozg_bundle.c.name)
    .outerjoin(ozg_bundle, ozg_bundle.c.id == leika_service.c.bundle_id)
    .where(listed(leika_service.c.leika_key, "keys"))
)
_DESCRIBED = (
    select(entry_leika.c.leika_key, entry.c.head, body.c.facts)
    .join(entry, entry.c.id == entry_leika.c.entry_id)
    .outerjoin(body, body.c.entry_id == entry.c.id)
    .where(
        listed(entry_leika.c.leika_key, "keys"), entry.c.live, entry.c.kind == EntryKind.SERVICE_ENTRY.number
    )
)
_ALL_KEYS = select(leika_service.c.leika_key).union(select(entry_leika.c.leika_key))


def reindex(connection: Connection, leika_keys: Collection[str]) -> None:
    """Write the postings of some services anew."""
    wanted = sorted(leika_keys)
    for start in range(0, len(wanted), _CHUNK):
        _reindex_chunk(connection, wanted[start : start + _CHUNK])


def reindex_all(connection: Connection) -> None:
    """Write all postings anew."""
    reindex(connection, connection.scalars(_ALL_KEYS).all())


def _reindex_chunk(connection: Connection, keys: list[str]) -> None:
    weights: dict[tuple[str, str], int] = {}

    def add(key: str, words: Iterable[str], weight: int) -> None:
        for word in words:
            weights[word, key] = max(weight, weights.get((word, key), 0))

    parameters = {"keys": as_list(connection, keys)}
    for key, title, bundle in connection.execute(_LISTED, parameters):
        add(key, tokens(title), TITLE)
        add(key, tokens(bundle or ""), BUNDLE)
    for key, head, facts in connection.execute(_DESCRIBED, parameters):
        found = stored.service_head(head)
        for text in found.titles.values():
            add(key, tokens(text), TITLE)
        for text in found.summaries.values():
            add(key, tokens(text), SUMMARY)
        add(key, (f"{AUDIENCE_MARK}{code}" for code in found.audiences), 0)
        for keyword in stored.service_facts(facts).keywords if facts else ():
            add(key, tokens(keyword.text), KEYWORD)
    delete_rows(connection, posting.c.leika_key, keys)
    insert_rows(connection, posting, sorted((word, key, weight) for (word, key), weight in weights.items()))
