"""Fixed statements: one text for each database, lists as one parameter, no constants among the parameters."""

import pytest
from sqlalchemy import bindparam, literal_column, select

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import entry
from tests.catalogues import Catalogue
from tests.makers import authority, message, service

NAMED = Statement(
    select(entry.c.value)
    .where(entry.c.kind == bindparam("kind"), listed(entry.c.value, "values"))
    .order_by(entry.c.value)
)
NUMBERED = Statement(select(entry.c.value).where(listed(entry.c.id, "numbers")).order_by(entry.c.value))


@pytest.fixture
async def filled(stored: Catalogue) -> Catalogue:
    await stored.deliver("hessen", message(writes=[service("1"), service("Ä'2"), authority("1")]))
    return stored


async def test_a_list_of_any_length_is_one_parameter(filled: Catalogue) -> None:
    async with filled.catalog.snapshot() as snapshot:
        kind = EntryKind.SERVICE_ENTRY.number
        rows = await snapshot.rows(NAMED, kind=kind, values=["1", "Ä'2", "3"])
        assert [row[0] for row in rows] == ["1", "Ä'2"]
        assert list(await snapshot.rows(NAMED, kind=kind, values=[])) == []
        assert len(await snapshot.rows(NUMBERED, numbers=list(range(3000)))) == 3


async def test_a_snapshot_sees_one_moment(filled: Catalogue) -> None:
    async with filled.catalog.snapshot() as snapshot:
        before = await snapshot.rows(NUMBERED, numbers=list(range(100)))
        await filled.deliver("hessen", message(writes=[service("9")]))
        assert await snapshot.rows(NUMBERED, numbers=list(range(100))) == before
    async with filled.catalog.snapshot() as snapshot:
        assert len(await snapshot.rows(NUMBERED, numbers=list(range(100)))) == len(before) + 1


def test_a_constant_is_no_parameter() -> None:
    with pytest.raises(TypeError, match="literal_column"):
        Statement(select(entry.c.id).where(entry.c.kind == 1))
    assert Statement(select(entry.c.id).where(entry.c.kind == literal_column("1"))).sqlite_names == ()
