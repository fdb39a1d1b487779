"""The thesaurus that comes with the hub: taken in when the catalogue is prepared, and again when its files differ."""

import hashlib
from functools import cache
from importlib.resources import as_file, files

from sqlalchemy import Connection, select, update

from catalog_sync.catalog.tables import search_state
from catalog_sync.official_files import opened
from catalog_sync.search import lexicon
from catalog_sync.search.thesaurus_entries import SHIPPED, Entry
from catalog_sync.search.thesaurus_files import read_files
from catalog_sync.search.thesaurus_store import Changes, analyse_anew, replace

_FOLDER = files(lexicon) / "thesaurus"


@cache
def shipped_digest() -> str:
    """SHA-256 over names and contents of the shipped files."""
    digest = hashlib.sha256()
    for name in shipped_names():
        content = (_FOLDER / name).read_bytes()
        digest.update(f"{name}:{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def shipped_names() -> list[str]:
    """The names of the shipped files."""
    return sorted(entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(".csv"))


def shipped_entries() -> list[Entry]:
    """All entries of the shipped files."""
    with as_file(_FOLDER) as folder:
        return [read.entry for read in read_files(opened(folder / name) for name in shipped_names())]


def take_shipped(connection: Connection, today: str) -> Changes | None:
    """Take the shipped thesaurus in where it was not, or another; never touches what anybody else entered.

    Returns:
        what changed, None where it was there already.
    """
    analyse_anew(connection)
    if connection.scalar(select(search_state.c.shipped).where(search_state.c.id == 1)) == shipped_digest():
        return None
    done = replace(connection, SHIPPED, shipped_entries(), today)
    connection.execute(update(search_state).where(search_state.c.id == 1).values(shipped=shipped_digest()))
    return done
