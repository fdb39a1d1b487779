import asyncio
import secrets

import pytest
from sqlalchemy import func, select

from identity.assurance import AssuranceLevel
from identity.broker.core import Broker
from identity.broker.errors import StateRefusedError, UnknownUpstreamError
from identity.broker.pending import LIFETIME_SECONDS, PendingLogin, PendingLogins
from identity.broker.purpose import Purpose
from identity.broker.tables import pending_login
from tests.conftest import Databases
from tests.identity.broker.upstream_double import Clock, UpstreamDouble

PURPOSE = Purpose(wanted=AssuranceLevel.HIGH, fresh=True, interaction="i1", next="/account")


@pytest.fixture
def logins(databases: Databases, clock: Clock) -> PendingLogins:
    return PendingLogins(databases.identity, clock, secrets.token_bytes)


async def test_what_was_begun_comes_back_once(logins: PendingLogins) -> None:
    state, begun = await logins.begin("konto", PURPOSE, "browser")
    assert await logins.spend(state, "konto", "browser") == begun
    assert begun.purpose == PURPOSE
    with pytest.raises(StateRefusedError):
        await logins.spend(state, "konto", "browser")


async def test_of_many_answers_at_once_one_counts(logins: PendingLogins) -> None:
    state, _ = await logins.begin("konto", PURPOSE, "browser")
    results = await asyncio.gather(
        *(logins.spend(state, "konto", "browser") for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(result, PendingLogin) for result in results) == 1
    assert sum(isinstance(result, StateRefusedError) for result in results) == 7


@pytest.mark.parametrize("browser", ["another", "", None])
async def test_a_state_of_another_browser_is_refused_and_stays_usable_in_its_own(
    logins: PendingLogins, browser: str | None
) -> None:
    state, _ = await logins.begin("konto", PURPOSE, "browser")
    with pytest.raises(StateRefusedError):
        await logins.spend(state, "konto", browser)
    await logins.spend(state, "konto", "browser")


async def test_a_state_of_another_upstream_is_refused(logins: PendingLogins) -> None:
    state, _ = await logins.begin("konto", PURPOSE, "browser")
    with pytest.raises(StateRefusedError):
        await logins.spend(state, "other", "browser")


async def test_a_state_nobody_made_is_refused(logins: PendingLogins) -> None:
    with pytest.raises(StateRefusedError):
        await logins.spend("x" * 43, "konto", "browser")


async def test_a_login_must_end_in_time(logins: PendingLogins, clock: Clock) -> None:
    in_time, _ = await logins.begin("konto", PURPOSE, "browser")
    late, _ = await logins.begin("konto", PURPOSE, "browser")
    clock.now += LIFETIME_SECONDS - 1
    await logins.spend(in_time, "konto", "browser")
    clock.now += 2
    with pytest.raises(StateRefusedError):
        await logins.spend(late, "konto", "browser")


async def test_old_logins_are_swept_away_and_no_secret_rests(
    logins: PendingLogins, databases: Databases, clock: Clock
) -> None:
    await logins.begin("konto", PURPOSE, "browser")
    clock.now += LIFETIME_SECONDS + 1
    state, _ = await logins.begin("konto", PURPOSE, "browser")
    count = select(func.count()).select_from(pending_login)
    assert await databases.identity.read(lambda connection: connection.execute(count).scalar_one()) == 1
    row = await databases.identity.read(lambda connection: connection.execute(select(pending_login)).one())
    assert state not in row
    assert "browser" not in row


async def test_a_callback_without_state_or_of_no_upstream_is_refused(
    broker: Broker, double: UpstreamDouble
) -> None:
    with pytest.raises(StateRefusedError):
        await broker.finish("konto", [("code", "c")], "browser")
    with pytest.raises(UnknownUpstreamError):
        await broker.finish("nobody", [("state", "s")], "browser")
    with pytest.raises(UnknownUpstreamError):
        await broker.start("nobody", Purpose(), "browser")
    assert double.asked == []
