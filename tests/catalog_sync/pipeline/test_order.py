"""The result depends on the set of messages and not on their order, nor on how often they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, MetaData, select

from catalog_sync.catalog.tables import edge, entry, metadata, text_module
from catalog_sync.operations import metadata as operations
from catalog_sync.pipeline.steps import Mode
from tests.catalog_sync.pipeline.hub import open_hub
from tests.conftest import Databases
from tests.makers import Write, authority, carried_rule, delete, message, rule, service, specialisation

DATES = (None, "2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z", "2030-01-01T00:00:00Z")
KLASSEN = {
    "Leistung": "12",
    "Organisationseinheit": "uw",
    "Zustaendigkeit": "abc",
    "LeistungSpezialisierung": "4",
}


@dataclass(frozen=True)
class Message:
    """One message; its place in the list is its time."""

    writes: tuple[Write, ...]
    deletes: tuple[str, ...]
    mode: Mode
    told: str

    def __repr__(self) -> str:
        return self.told

    def content(self, at: int) -> bytes:
        return message(created=f"2026-03-{at + 1:02}T00:00:00Z", writes=self.writes, deletes=self.deletes)


dates, titles = st.sampled_from(DATES), st.sampled_from(["A", "B"])


@st.composite
def writes(draw: st.DrawFn) -> tuple[str, Write]:
    date, title = draw(dates), draw(titles)
    which = draw(st.sampled_from(["service", "unit", "rule", "specialisation"]))
    if which == "service":
        name = draw(st.sampled_from("12"))
        return f"service {name} {title} {date}", service(name, title=title, changed=date, areas=["06"])
    if which == "specialisation":
        return f"specialisation {title} {date}", specialisation("4", "1", modules={"05": title}, changed=date)
    if which == "rule":
        name = draw(st.sampled_from("bc"))
        return f"rule {name} {title} {date}", rule(
            name, "w", draw(st.sampled_from("12")), ["06"], changed=date
        )
    carried = draw(st.sets(st.sampled_from("ab")))
    areas = ["06532"] if title == "A" else ["064"]
    inside = [carried_rule(name, "1", areas, changed=draw(dates)) for name in sorted(carried)]
    return f"unit u {sorted(carried)} {title} {date}", authority("u", title, rules=inside, changed=date)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    written = draw(st.lists(writes(), min_size=0, max_size=3))
    deleted = draw(st.lists(st.sampled_from([(k, i) for k, ids in KLASSEN.items() for i in ids]), max_size=2))
    mode: Mode = draw(st.sampled_from(["delta", "delta", "delta", "snapshot"]))
    told = f"{mode} {[name for name, _ in written]} delete {deleted}"
    return Message(
        tuple(write for _, write in written),
        tuple(delete(klasse, name) for klasse, name in deleted),
        mode,
        told,
    )


@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_shuffled_and_repeated_deliveries_give_the_same_catalogue(
    sqlite_databases: Databases, data: st.DataObject
) -> None:
    sent = data.draw(st.lists(messages(), min_size=2, max_size=5), label="messages")
    order = data.draw(st.permutations(range(len(sent))), label="order")
    repeated = data.draw(st.lists(st.sampled_from(range(len(sent))), max_size=2), label="repeated")
    in_order = await catalogue_after(sqlite_databases, sent, range(len(sent)), recognised_from=1)
    shuffled = await catalogue_after(sqlite_databases, sent, [*order, *repeated], recognised_from=10**9)
    assert shuffled == in_order


async def catalogue_after(
    databases: Databases, sent: Sequence[Message], order: Sequence[int], *, recognised_from: int
) -> Any:
    await databases.catalog.write(partial(emptied, tables=metadata))
    await databases.operations.write(partial(emptied, tables=operations))
    hub = await open_hub(databases, recognised_from=recognised_from)
    for at in order:
        await hub.deliver(sent[at].content(at), mode=sent[at].mode)
    return await databases.catalog.read(seen)


def emptied(connection: Connection, tables: MetaData) -> None:
    for table in reversed(tables.sorted_tables):
        connection.execute(table.delete())


def seen(connection: Connection) -> Any:
    """All that answers are made of."""
    names = {row.id: (row.kind, row.value) for row in connection.execute(select(entry))}
    entries = connection.execute(
        select(entry.c.kind, entry.c.value, entry.c.waiting, entry.c.changed_at, entry.c.head)
        .where(entry.c.live)
        .order_by(entry.c.kind, entry.c.value)
    )
    modules = [(names[row.entry_id], row.code, row.html) for row in connection.execute(select(text_module))]
    edges = [
        (names[row.service_id], row.area, row.role, names[row.owner_id], names[row.rule_id])
        for row in connection.execute(select(edge))
    ]
    return [tuple(row) for row in entries], sorted(modules), sorted(edges)
