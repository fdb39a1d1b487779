import secrets

import pytest

from identity.account import Accounts
from identity.broker.core import Broker
from identity.broker.openid import OpenIDUpstream
from identity.broker.pending import PendingLogins
from identity.broker.upstream import Upstream
from tests.conftest import Databases
from tests.identity.broker.upstream_double import CALLBACK, CLIENT_ID, ISSUER, Clock, UpstreamDouble


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def double(clock: Clock) -> UpstreamDouble:
    return UpstreamDouble(clock)


@pytest.fixture
def settings() -> Upstream:
    return Upstream(
        id="konto",
        name={"de": "Konto"},
        issuer=ISSUER,
        client_id=CLIENT_ID,
        client_secret="s",
        levels=("low", "substantial"),
        organisations=True,
    )


@pytest.fixture
def accounts(sqlite_databases: Databases, clock: Clock) -> Accounts:
    return Accounts(sqlite_databases.identity, clock, secrets.token_bytes)


@pytest.fixture
def pending(sqlite_databases: Databases, clock: Clock) -> PendingLogins:
    return PendingLogins(sqlite_databases.identity, clock, secrets.token_bytes)


@pytest.fixture
def broker(
    pending: PendingLogins, clock: Clock, double: UpstreamDouble, settings: Upstream, accounts: Accounts
) -> Broker:
    return Broker([OpenIDUpstream(settings, double, clock, CALLBACK)], pending, accounts)
