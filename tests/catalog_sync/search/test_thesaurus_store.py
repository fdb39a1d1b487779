"""The thesaurus at rest: by origin, each change seen by every process."""

import pytest
from sqlalchemy import Connection, select, update

from catalog_sync.catalog.tables import search_state, thesaurus_entry
from catalog_sync.search.analyzer import question
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.thesaurus_entries import SHIPPED, Entry, Relation
from catalog_sync.search.thesaurus_shipped import shipped_entries, take_shipped
from catalog_sync.search.thesaurus_store import (
    Changes,
    ThesaurusFull,
    analyse_anew,
    kept_entries,
    put,
    remove,
    replace,
)
from hub.database import Database
from tests.conftest import Databases

MONDAY, TUESDAY = "2026-03-02", "2026-03-03"
PERSO = Entry("Perso", "de", Relation.SAME, ("Personalausweis",))
PAPPE = Entry("Pappe", "de", Relation.USE, ("Führerschein",), "Osten")


async def version(database: Database) -> int:
    """How often the thesaurus has changed."""
    found = await database.read(lambda connection: connection.scalar(select(search_state.c.thesaurus)))
    return found or 0


async def led(index: SearchIndex, database: Database, word: str) -> list[str]:
    """What a word leads to, asked by one process."""
    async with database.snapshot() as snapshot:
        await index.refresh(snapshot)
    return [one.means for one in index.thesaurus.meanings(question(word))]


async def test_entries_are_added_changed_and_left(databases: Databases) -> None:
    catalog = databases.catalog
    done = await catalog.write(lambda connection: put(connection, "amt", [PERSO, PAPPE], MONDAY))
    assert (done, await version(catalog)) == (Changes(added=2), 1)
    other = Entry("PAPPE", "de", Relation.USE, ("Fahrerlaubnis",))
    done = await catalog.write(lambda connection: put(connection, "amt", [PERSO, other], TUESDAY))
    assert (done, await version(catalog)) == (Changes(changed=1, unchanged=1), 2)
    kept = await catalog.read(kept_entries)
    assert [(one.entry, one.origin, one.changed_on) for one in kept] == [
        (other, "amt", TUESDAY),
        (PERSO, "amt", MONDAY),
    ]
    done = await catalog.write(lambda connection: put(connection, "amt", [PERSO, other], TUESDAY))
    assert (done, await version(catalog)) == (Changes(unchanged=2), 2)


async def test_replacing_leaves_other_origins_and_what_stays(databases: Databases) -> None:
    catalog = databases.catalog

    def work(connection: Connection) -> Changes:
        put(connection, "stadt", [PAPPE], MONDAY)
        put(connection, "amt", [PERSO, PAPPE], MONDAY)
        return replace(connection, "amt", [PERSO], TUESDAY)

    assert await catalog.write(work) == Changes(unchanged=1, removed=1)
    kept = await catalog.read(kept_entries)
    assert [(one.entry.word, one.origin, one.changed_on) for one in kept] == [
        ("Pappe", "stadt", MONDAY),
        ("Perso", "amt", MONDAY),
    ]
    before = await version(catalog)
    assert await catalog.write(lambda connection: replace(connection, "amt", [], TUESDAY)) == Changes(
        removed=1
    )
    assert await version(catalog) == before + 1


async def test_an_entry_is_removed_once_and_only_its_origins(databases: Databases) -> None:
    catalog = databases.catalog
    await catalog.write(lambda connection: put(connection, "amt", [PERSO], MONDAY))
    assert await catalog.write(lambda connection: remove(connection, "stadt", PERSO.name)) is None
    gone = await catalog.write(lambda connection: remove(connection, "amt", PERSO.name))
    assert gone is not None
    assert gone.entry == PERSO
    before = await version(catalog)
    assert await catalog.write(lambda connection: remove(connection, "amt", PERSO.name)) is None
    assert await version(catalog) == before


async def test_every_process_takes_a_change_over(databases: Databases) -> None:
    catalog, here, there = databases.catalog, SearchIndex(), SearchIndex()
    assert await led(here, catalog, "Perso") == await led(there, catalog, "Perso") == []
    await catalog.write(lambda connection: put(connection, "amt", [PERSO], MONDAY))
    assert await led(here, catalog, "Perso") == await led(there, catalog, "Perso") == ["Personalausweis"]
    assert await led(here, catalog, "Personalausweis") == ["Perso"]
    await catalog.write(lambda connection: remove(connection, "amt", PERSO.name))
    assert await led(here, catalog, "Perso") == await led(there, catalog, "Perso") == []


async def test_an_editors_entry_goes_instead_of_the_shipped_one(databases: Databases) -> None:
    catalog, index = databases.catalog, SearchIndex()
    shipped = [
        PERSO,
        Entry("Perso", "de", Relation.RELATED, ("Passbild",)),
        PAPPE,
        Entry("perso", "en", Relation.USE, ("Mensch",)),
    ]
    await catalog.write(lambda connection: put(connection, SHIPPED, shipped, MONDAY))
    assert await led(index, catalog, "Perso") == ["Personalausweis", "Passbild"]
    other = Entry("PERSO", "de", Relation.USE, ("eID-Karte",))
    await catalog.write(lambda connection: put(connection, "amt", [other], MONDAY))
    assert await led(index, catalog, "Perso") == ["eID-Karte"]
    assert await led(index, catalog, "Personalausweis") == []
    assert await led(index, catalog, "Pappe") == ["Führerschein"]
    off = Entry("Pappe", "de", Relation.NONE, ())
    await catalog.write(lambda connection: put(connection, "amt", [off], MONDAY))
    assert await led(index, catalog, "Pappe") == []
    await catalog.write(lambda connection: replace(connection, "amt", [], TUESDAY))
    assert await led(index, catalog, "Pappe") == ["Führerschein"]
    assert await led(index, catalog, "Perso") == ["Personalausweis", "Passbild"]


async def test_the_shipped_one_is_taken_once_and_again_when_it_differs(databases: Databases) -> None:
    catalog, index = databases.catalog, SearchIndex()
    own = Entry("Elternzeit", "de", Relation.NONE, ())
    await catalog.write(lambda connection: put(connection, "amt", [own], MONDAY))
    done = await catalog.write(lambda connection: take_shipped(connection, MONDAY))
    assert done == Changes(added=len(shipped_entries()))
    assert await led(index, catalog, "rent")
    assert await catalog.write(lambda connection: take_shipped(connection, TUESDAY)) is None

    def differ(connection: Connection) -> None:
        connection.execute(update(search_state).values(shipped="of another version"))
        put(connection, SHIPPED, [Entry("gone since", "en", Relation.USE, ("Weg",))], MONDAY)

    await catalog.write(differ)
    done = await catalog.write(lambda connection: take_shipped(connection, TUESDAY))
    assert done == Changes(unchanged=len(shipped_entries()), removed=1)
    kept = await catalog.read(lambda connection: kept_entries(connection, "amt"))
    assert [one.entry for one in kept] == [own]


async def test_words_are_read_anew_by_another_version_of_the_analyzer(databases: Databases) -> None:
    catalog = databases.catalog

    def work(connection: Connection) -> list[str]:
        put(connection, "amt", [PERSO], MONDAY)
        connection.execute(update(thesaurus_entry).values(analyzer=0, analysed="[[],[],[],[]]"))
        return list(connection.scalars(select(thesaurus_entry.c.analysed)))

    await catalog.write(work)
    assert await led(SearchIndex(), catalog, "Perso") == ["Personalausweis"]
    await catalog.write(analyse_anew)
    found = await catalog.read(
        lambda connection: connection.execute(
            select(thesaurus_entry.c.analysed, thesaurus_entry.c.changed_on)
        ).one()
    )
    assert found.analysed != "[[],[],[],[]]"
    assert found.changed_on == MONDAY
    assert await led(SearchIndex(), catalog, "Perso") == ["Personalausweis"]


async def test_an_origin_has_a_bounded_number(databases: Databases) -> None:
    catalog = databases.catalog
    await catalog.write(lambda connection: put(connection, "amt", [PERSO], MONDAY, most=1))
    with pytest.raises(ThesaurusFull):
        await catalog.write(lambda connection: put(connection, "amt", [PAPPE], MONDAY, most=1))
    await catalog.write(lambda connection: put(connection, "stadt", [PAPPE], MONDAY, most=1))
    assert len(await catalog.read(kept_entries)) == 2
