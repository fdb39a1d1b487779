import orjson
from sqlalchemy import select

from catalog_sync.catalog.chronicle import Action
from catalog_sync.catalog.keys import code_of, parse_ars
from catalog_sync.catalog.tables import change, entry, past_leika, past_reference, state
from tests.catalog_sync.pipeline.hub import open_hub
from tests.conftest import Databases
from tests.makers import authority, delete, message, rule, service

HESSEN, WETZLAR = code_of(parse_ars("06")), code_of(parse_ars("065320023023"))


async def _feed(databases: Databases) -> list[tuple[int, str, int, list[int]]]:
    query = (
        select(change.c.pos, entry.c.value, change.c.action, change.c.areas)
        .join(entry, entry.c.id == change.c.entry_id)
        .order_by(change.c.pos)
    )
    rows = await databases.catalog.read(lambda connection: connection.execute(query).all())
    return [(pos, value, action, orjson.loads(areas)) for pos, value, action, areas in rows]


async def test_every_change_is_a_row_without_gaps(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(writes=[service("1", "99050012104000", areas=["065320023023"])]))
    await hub.deliver(message(writes=[service("1", "99050012104000", areas=["065320023023"])]))
    await hub.deliver(
        message(
            writes=[service("1", "99050012104000", title="Neu", areas=["065320023023"])],
            created="2026-04-01T00:00:00Z",
        )
    )
    await hub.deliver(message(deletes=[delete("Leistung", "1")], created="2026-05-01T00:00:00Z"))
    assert await _feed(databases) == [
        (1, "1", Action.ADDED, [WETZLAR]),
        (2, "1", Action.CHANGED, [WETZLAR]),
        (3, "1", Action.GONE, [WETZLAR]),
    ]
    feed, epoch = (
        await databases.catalog.read(lambda c: c.execute(select(state.c.feed, state.c.epoch)).all())
    )[0]
    assert feed == 3
    assert len(epoch) == 12


async def test_what_was_ever_named_is_remembered(databases: Databases) -> None:
    hub = await open_hub(databases)
    rules = [rule("9", owner="5", service="1", areas=["06"])]
    await hub.deliver(message(writes=[service("1", "99050012104000"), authority("5"), *rules]))
    await hub.deliver(message(deletes=[delete("Leistung", "1")], created="2026-05-01T00:00:00Z"))
    keys = await databases.catalog.read(lambda c: c.execute(select(past_leika.c.leika_key)).scalars().all())
    named = await databases.catalog.read(lambda c: c.execute(select(past_reference)).all())
    assert keys == ["99050012104000"]
    assert len(named) == 2


async def test_an_object_without_areas_changes_answers_where_its_source_writes(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(writes=[authority("5")]))
    assert await _feed(databases) == [(1, "5", Action.ADDED, [HESSEN])]
