"""Which entries name which addresses, as the catalogue goes on."""

from sqlalchemy import select, update

from catalog_sync.catalog.tables import state
from catalog_sync.links.checking import LinkChecker
from catalog_sync.operations import link
from tests.catalog_sync.links.stage import Stage
from tests.makers import delete, message, online_service, service

A, B, C = (f"https://{name}.example/" for name in "abc")


async def ids(stage: Stage) -> dict[str, int]:
    query = select(link.c.url, link.c.id)
    rows = await stage.hub.databases.operations.read(lambda c: c.execute(query).all())
    return {row.url: row.id for row in rows}


async def urls(stage: Stage, checker: LinkChecker) -> list[str]:
    await checker.collect()
    kept = set(await ids(stage))
    named = sorted(url for _, url in await stage.uses())
    assert kept == set(named)
    return named


async def test_a_change_and_a_delete_are_followed(stage: Stage) -> None:
    checker = stage.checker()
    assert not await checker.has_begun()
    await stage.hub.deliver(message(writes=[online_service("1", url=A), online_service("2", url=A)]))
    assert await urls(stage, checker) == [A, A]
    assert await checker.has_begun()
    later = "2026-03-03T00:00:00Z"
    await stage.hub.deliver(message(created=later, writes=[online_service("1", url=B, changed=later)]))
    assert await urls(stage, checker) == [A, B]
    await stage.hub.deliver(message(created="2026-03-04T00:00:00Z", deletes=[delete("Onlinedienst", "2")]))
    assert await urls(stage, checker) == [B]


async def test_many_changes_are_read_in_steps(stage: Stage) -> None:
    writes = [service(str(number), modules={"06": f'<a href="{A}{number}">x</a>'}) for number in range(450)]
    await stage.hub.deliver(message(writes=writes))
    heard: list[tuple[int, int]] = []
    await stage.checker().collect(lambda done, total: heard.append((done, total)))
    assert heard == [(0, 450), (200, 450), (400, 450), (450, 450)]
    assert len(await stage.uses()) == 450


async def test_a_catalogue_that_was_made_anew_is_read_from_its_beginning(stage: Stage) -> None:
    await stage.deliver(A, B)
    checker = stage.checker()
    await checker.collect()
    before = await ids(stage)
    await stage.hub.databases.catalog.write(lambda c: c.execute(update(state).values(epoch="another")))
    assert await urls(stage, checker) == [A, B]
    assert await ids(stage) == before


async def test_an_address_that_can_not_be_asked_is_refused_unasked(stage: Stage) -> None:
    found = await stage.check("https://name:word@a.example/x")
    assert found == {"/x": ("refused", "malformed")}
