import asyncio

from sqlalchemy import Connection, insert, select

from identity.broker.tables import pending_login
from identity.sweep import MOST, sweep
from tests.conftest import Databases

NOW = 1_000_000


async def add(databases: Databases, *moments: int) -> None:
    """Logins under way that expire at those moments."""
    common = {
        "browser_hash": "b",
        "upstream": "u",
        "nonce": "n",
        "verifier": "v",
        "wanted": 0,
        "fresh": False,
    }
    rows = [
        common | {"state_hash": f"{number} {moment}", "created_at": 0, "expires_at": moment}
        for number, moment in enumerate(moments)
    ]
    await databases.identity.write(lambda connection: connection.execute(insert(pending_login), rows))


def _sweep(connection: Connection) -> int:
    return sweep(connection, pending_login, NOW)


async def left(databases: Databases) -> list[int]:
    asked = select(pending_login.c.expires_at).order_by(pending_login.c.expires_at)
    return await databases.identity.read(lambda connection: list(connection.execute(asked).scalars()))


async def test_what_is_over_goes_and_what_is_not_stays(databases: Databases) -> None:
    await add(databases, NOW - 1, NOW, NOW + 1)
    assert await databases.identity.write(_sweep) == 1
    assert await left(databases) == [NOW, NOW + 1]


async def test_nothing_to_sweep_is_no_trouble(databases: Databases) -> None:
    assert await databases.identity.write(_sweep) == 0


async def test_one_sweep_is_bounded_and_begins_with_the_oldest(databases: Databases) -> None:
    await add(databases, *range(NOW - MOST - 2, NOW))
    assert await databases.identity.write(_sweep) == MOST
    assert await left(databases) == [NOW - 2, NOW - 1]


async def test_sweeps_at_once_do_not_disturb_each_other(databases: Databases) -> None:
    await add(databases, *range(NOW - 3 * MOST, NOW))
    gone = await asyncio.gather(*(databases.identity.write(_sweep) for _ in range(6)))
    assert sum(gone) == 3 * MOST - len(await left(databases))
    assert max(gone) <= MOST
