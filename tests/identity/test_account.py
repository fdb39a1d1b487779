import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from identity import tables
from identity.account import Accounts, Identified, Person
from identity.account_tables import account
from identity.assurance import AssuranceLevel
from identity.authentication import Authentication
from identity.sessions import Sessions
from identity.subject import Organisation
from tests.conftest import Databases

NOW = 1_780_000_000
ERIKA = Identified(
    issuer="https://idp.example",
    subject="erika",
    upstream="buergerkonto",
    level=AssuranceLevel.HIGH,
    authenticated_at=NOW,
    person=Person(
        given_name="Erika", family_name="Mustermann", email="erika@example.org", birthdate="1964-08-12"
    ),
)
MUSTERBAU = Organisation("du-1", "Musterbau GmbH", "GmbH", "HRB 1")


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


class Counter:
    """Random bytes that are told apart by eye."""

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, size: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(size, "big")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(databases: Databases, clock: Clock) -> Accounts:
    return Accounts(databases.identity, clock, Counter())


async def put(databases: Databases, table: Table, **values: Any) -> None:
    await databases.identity.write(lambda connection: connection.execute(insert(table).values(values)))


async def portal(databases: Databases, client_id: str, name: str) -> None:
    await put(
        databases,
        tables.client,
        client_id=client_id,
        name=name,
        token_endpoint_auth_method="none",
        redirect_uris="[]",
        post_logout_redirect_uris="[]",
        sector="portal.example",
        scopes="[]",
        id_token_signed_response_alg="RS256",
        require_pkce=True,
        created_at=0,
    )


async def test_the_same_person_at_the_same_upstream_is_one_account(accounts: Accounts) -> None:
    first = await accounts.find_or_create(ERIKA)
    assert await accounts.find_or_create(ERIKA) == first
    person = await accounts.person(first.id)
    assert person == ERIKA.person
    assert person.display_name == "Erika Mustermann"


async def test_an_email_address_never_finds_an_account(accounts: Accounts) -> None:
    first = await accounts.find_or_create(ERIKA)
    impostor = replace(ERIKA, subject="somebody-else")
    assert (await accounts.find_or_create(impostor)).id != first.id


async def test_the_same_sub_at_another_upstream_is_another_account(accounts: Accounts) -> None:
    first = await accounts.find_or_create(ERIKA)
    other = replace(ERIKA, issuer="https://other.example", upstream="other")
    assert (await accounts.find_or_create(other)).id != first.id


async def test_a_login_overwrites_what_is_known_with_what_is_verified_now(accounts: Accounts) -> None:
    made = await accounts.find_or_create(ERIKA)
    married = replace(ERIKA, person=Person(given_name="Erika", family_name="Gabler"))
    await accounts.find_or_create(married)
    assert await accounts.person(made.id) == Person(given_name="Erika", family_name="Gabler")


async def test_an_unknown_account_is_nobody(accounts: Accounts) -> None:
    assert await accounts.person("nobody") is None
    assert await accounts.ways_in("nobody") == []


async def test_the_way_in_tells_its_level_and_last_use(accounts: Accounts, clock: Clock) -> None:
    made = await accounts.find_or_create(ERIKA)
    clock.now += 60
    await accounts.find_or_create(replace(ERIKA, level=AssuranceLevel.LOW))
    (way,) = await accounts.ways_in(made.id)
    assert (way.upstream, way.level, way.linked_at, way.used_at) == (
        "buergerkonto",
        AssuranceLevel.LOW,
        NOW,
        NOW + 60,
    )


async def test_an_organisation_gets_an_id_of_the_hub_and_keeps_it(accounts: Accounts) -> None:
    toni = replace(ERIKA, subject="toni", organisation=MUSTERBAU)
    made = await accounts.find_or_create(toni)
    assert made.organisation is not None
    assert made.organisation.id != MUSTERBAU.id
    assert replace(made.organisation, id=MUSTERBAU.id) == MUSTERBAU
    renamed = replace(toni, organisation=replace(MUSTERBAU, name="Musterbau AG"))
    again = await accounts.find_or_create(renamed)
    assert again.organisation == replace(made.organisation, name="Musterbau AG")
    assert await accounts.organisations(made.id) == [again.organisation]


async def test_one_organisation_key_at_two_upstreams_is_two_organisations(accounts: Accounts) -> None:
    here = await accounts.find_or_create(replace(ERIKA, organisation=MUSTERBAU))
    there = await accounts.find_or_create(
        replace(ERIKA, issuer="https://other.example", organisation=MUSTERBAU)
    )
    assert here.organisation is not None
    assert there.organisation is not None
    assert here.organisation.id != there.organisation.id


async def test_a_person_may_come_without_the_organisation_of_last_time(accounts: Accounts) -> None:
    await accounts.find_or_create(replace(ERIKA, organisation=MUSTERBAU))
    assert (await accounts.find_or_create(ERIKA)).organisation is None


async def test_two_first_logins_at_once_make_one_account(accounts: Accounts, databases: Databases) -> None:
    made = await asyncio.gather(*(accounts.find_or_create(ERIKA) for _ in range(5)))
    assert len({one.id for one in made}) == 1
    rows = await databases.identity.read(lambda connection: connection.execute(select(account.c.id)).all())
    assert len(rows) == 1


async def test_sessions_are_listed_with_their_portals_and_ended_by_their_owner_only(
    accounts: Accounts, databases: Databases, clock: Clock
) -> None:
    sessions = Sessions(databases.identity, clock, Counter())
    cookie = await sessions.begin(Authentication("me", AssuranceLevel.HIGH, NOW, "buergerkonto"), None)
    found = await sessions.find(cookie)
    assert found is not None
    await portal(databases, "hessen", "Portal Hessen")
    await put(
        databases,
        tables.session_client,
        session_id=found.id,
        client_id="hessen",
        sid="s1",
        first_at=0,
        last_at=0,
    )
    (shown,) = await accounts.sessions("me")
    assert (shown.id, shown.level, shown.begun_at, shown.portals) == (
        found.id,
        AssuranceLevel.HIGH,
        NOW,
        ("Portal Hessen",),
    )
    assert not await accounts.end_session("somebody-else", found.id)
    assert await accounts.sessions("me") == [shown]
    assert await accounts.end_session("me", found.id)
    assert await accounts.sessions("me") == []
    assert await sessions.find(cookie) is None
    assert not await accounts.end_session("me", found.id)


async def test_a_consent_is_listed_and_withdrawn_by_its_owner_only(
    accounts: Accounts, databases: Databases
) -> None:
    await portal(databases, "hessen", "Portal Hessen")
    await put(
        databases,
        tables.consent,
        account_id="me",
        client_id="hessen",
        asked=json.dumps(["name", "email"]),
        granted=json.dumps(["name"]),
        given_at=NOW * 1_000_000,
    )
    (access,) = await accounts.portals("me")
    assert (access.client_id, access.name, access.granted, access.given_at) == (
        "hessen",
        "Portal Hessen",
        ("name",),
        NOW,
    )
    assert not await accounts.withdraw_consent("somebody-else", "hessen")
    assert await accounts.portals("me") == [access]
    assert await accounts.withdraw_consent("me", "hessen")
    assert await accounts.portals("me") == []
    assert not await accounts.withdraw_consent("me", "hessen")


async def test_withdrawing_ends_the_portals_access_tokens_at_once(
    accounts: Accounts, databases: Databases
) -> None:
    sessions = Sessions(databases.identity, Clock(), Counter())
    await sessions.begin(Authentication("me", AssuranceLevel.HIGH, NOW, "buergerkonto"), None)
    (open_session,) = await accounts.sessions("me")
    for client_id in ("hessen", "sachsen"):
        await portal(databases, client_id, client_id)
        await put(
            databases,
            tables.access_token,
            token_hash=client_id,
            code_hash="c",
            client_id=client_id,
            session_id=open_session.id,
            account_id="me",
            audience="graph",
            scope="openid",
            claims="[]",
            level=3,
            created_at=0,
            expires_at=0,
        )
    await accounts.withdraw_consent("me", "hessen")
    query = select(tables.access_token.c.client_id, tables.access_token.c.revoked_at)
    rows = await databases.identity.read(lambda connection: connection.execute(query).all())
    assert {client_id: revoked is not None for client_id, revoked in rows} == {
        "hessen": True,
        "sachsen": False,
    }


async def test_the_log_names_who_received_what_newest_first(accounts: Accounts, databases: Databases) -> None:
    await portal(databases, "hessen", "Portal Hessen")
    for number, claim in enumerate(("name", "email")):
        await put(
            databases,
            tables.release,
            account_id="me",
            client_id="hessen" if claim == "name" else "gone",
            claim=claim,
            purpose="userinfo",
            level=2,
            grant_hash=claim,
            released_at=(NOW + number) * 1_000_000,
        )
    shown = [
        (entry.portal, entry.claim, entry.level, entry.released_at) for entry in await accounts.releases("me")
    ]
    assert shown == [
        ("gone", "email", AssuranceLevel.SUBSTANTIAL, NOW + 1),
        ("Portal Hessen", "name", AssuranceLevel.SUBSTANTIAL, NOW),
    ]
    assert len(await accounts.releases("me", most=1)) == 1
    assert await accounts.releases("somebody-else") == []
