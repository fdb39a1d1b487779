import secrets

import pytest

from identity.account import Accounts
from identity.assurance import AssuranceLevel
from identity.person import Identified, Person
from identity.source_staff import SourceStaff, StaffMember, UnknownAccountError
from tests.conftest import Databases

NOW = 1_000_000.0


async def account_of(databases: Databases, name: str) -> str:
    accounts = Accounts(databases.identity, lambda: NOW, secrets.token_bytes)
    somebody = Identified(
        "https://idp.example", name, "demo", AssuranceLevel.HIGH, int(NOW), Person(name=name)
    )
    return (await accounts.find_or_create(somebody)).id


async def test_a_grant_lets_one_account_into_one_source(databases: Databases) -> None:
    staff = SourceStaff(databases.identity, lambda: NOW)
    erika, max_ = await account_of(databases, "Erika"), await account_of(databases, "Max")
    assert await staff.grant("hessen", erika)
    assert not await staff.grant("hessen", erika)
    assert await staff.allows("hessen", erika)
    assert not await staff.allows("hessen", max_)
    assert not await staff.allows("sachsen", erika)
    assert await staff.sources(erika) == ["hessen"]
    assert await staff.sources(max_) == []
    assert await staff.members("hessen") == [StaffMember(erika, "Erika", int(NOW))]
    accounts = Accounts(databases.identity, lambda: NOW, secrets.token_bytes)
    assert await accounts.sources(erika) == ["hessen"]


async def test_a_grant_can_be_taken_back(databases: Databases) -> None:
    staff = SourceStaff(databases.identity, lambda: NOW)
    erika = await account_of(databases, "Erika")
    await staff.grant("hessen", erika)
    assert await staff.withdraw("hessen", erika)
    assert not await staff.withdraw("hessen", erika)
    assert not await staff.allows("hessen", erika)
    assert await staff.members("hessen") == []


async def test_an_account_that_is_not_there_is_not_let_in(databases: Databases) -> None:
    staff = SourceStaff(databases.identity, lambda: NOW)
    with pytest.raises(UnknownAccountError, match="There is no account 'nobody'"):
        await staff.grant("hessen", "nobody")
    assert not await staff.allows("hessen", "nobody")
