"""Writing the index, in the transaction that changes the catalogue: only the lists of words that came or went.

To a service that was only given more descriptions their words are added. One whose descriptions changed or went is read
as a whole, and so are all after the LeiKa catalogue or the analyzer has changed; the rows are the same either way.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from catalog_sync.catalog.tables import entry_leika, indexed_service, leika_service, search_state
from catalog_sync.search.analyzer import VERSION
from catalog_sync.search.document import Document
from catalog_sync.search.documents import Described, add_descriptions, descriptions_of, listed_documents
from catalog_sync.search.posting_changes import PostingChanges
from catalog_sync.search.service_rows import Kept, ServiceRows, kept_services

_CHUNK = 250
"""Services whose words are in memory at once."""
_STALE_AT_ONCE = 1000
_ALL_KEYS = select(leika_service.c.leika_key).union(
    select(entry_leika.c.leika_key), select(indexed_service.c.leika_key)
)
_STALE = select(indexed_service.c.leika_key).where(indexed_service.c.analyzer != bindparam("version"))
_STATE = select(search_state.c.changed).where(search_state.c.id == 1)


def reindex(connection: Connection, leika_keys: Collection[str]) -> None:
    """Bring the index up to date after descriptions of some services came, changed or went.

    Args:
        connection: in the transaction that changed them, whose writer is alone.
        leika_keys: the services; one that is gone leaves the index.
    """
    _reindex(connection, leika_keys, anew=False)


def reindex_anew(connection: Connection, leika_keys: Collection[str]) -> None:
    """Read services as a whole, whatever changed."""
    _reindex(connection, leika_keys, anew=True)


def reindex_all(connection: Connection) -> None:
    """Bring the whole index up to date."""
    reindex_anew(connection, indexed_keys(connection))


def indexed_keys(connection: Connection) -> list[str]:
    """All services that are in the index, or should be; in order."""
    return sorted(connection.scalars(_ALL_KEYS).all())


def reindex_stale(connection: Connection, most: int = _STALE_AT_ONCE) -> int:
    """Index services anew that another version of the analyzer has read; tells how many there were, `most` at most.

    They are found as they were read before until then, so that a new version never costs an answer. Several processes
    may do it at once: each waits for the other's transaction, and takes the next.
    """
    connection.execute(_STATE.with_for_update())
    some = connection.scalars(_STALE.limit(most), {"version": VERSION}).all()
    reindex_anew(connection, some)
    return len(some)


def next_change(connection: Connection) -> int:
    """The number of this transaction among those that change the index; waits for whoever else changes it."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(search_state).values(id=1, changed=1, thesaurus=0)
    more = {"changed": search_state.c.changed + literal_column("1")}
    raised = statement.on_conflict_do_update(index_elements=[search_state.c.id], set_=more)
    return int(connection.execute(raised.returning(search_state.c.changed)).scalar_one())


def _reindex(connection: Connection, leika_keys: Collection[str], *, anew: bool) -> None:
    if not leika_keys:
        return
    change = next_change(connection)  # first, for it waits
    keys = sorted(leika_keys)
    postings = PostingChanges(connection, change)
    rows = ServiceRows(connection, change)
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        kept = kept_services(connection, some)
        for one in _read(connection, some, kept, anew=anew):
            fields, changed = one.fields()
            postings.take(int(one.key), changed, one.document.surfaces)
            rows.take(one.key, one.document, fields, one.descriptions, is_new=one.key not in kept)
        rows.write()
    postings.write()


class _Service(NamedTuple):
    """A service that is brought up to date."""

    key: str
    descriptions: tuple[Described, ...]
    document: Document
    """As it is now; of what is added to, only the words that were added."""
    kept: Kept | None
    is_whole: bool

    def fields(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """All its tokens with their fields, and those that changed."""
        before = {} if self.kept is None else self.kept.fields()
        now = self.document.fields
        if self.is_whole:
            changed = {token: mask for token, mask in now.items() if before.get(token) != mask}
            return now, changed | dict.fromkeys(before.keys() - now.keys(), 0)
        changed = {
            token: mask | held for token, mask in now.items() if mask | (held := before.get(token, 0)) != held
        }
        return before | changed, changed


def _read(
    connection: Connection, keys: Sequence[str], kept: Mapping[str, Kept], *, anew: bool
) -> list[_Service]:
    """Of some services those that changed, with all that is new of them."""
    described = descriptions_of(connection, keys)
    going_on = set() if anew else {key for key in keys if _goes_on(kept.get(key), described.get(key, ()))}
    listed = listed_documents(connection, [key for key in keys if key not in going_on])
    read = {}
    found = []
    for key in keys:
        known, now = kept.get(key), described.get(key, ())
        if known is not None and key in going_on:
            read[key] = len(known.descriptions)
            if read[key] < len(now):
                found.append(_Service(key, now, known.document(), known, is_whole=False))
        elif known is not None or now or key in listed:
            found.append(_Service(key, now, listed.get(key) or Document(), known, is_whole=True))
    add_descriptions(connection, {one.key: (one.document, one.descriptions) for one in found}, read)
    return found


def _goes_on(known: Kept | None, now: Sequence[Described]) -> bool:
    """Whether a service has all descriptions that it was read from, as they were, and no other among them."""
    return known is not None and known.is_whole and now[: len(known.descriptions)] == known.descriptions
