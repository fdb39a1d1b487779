import secrets
from dataclasses import dataclass, field

import pytest

from identity.assurance import AssuranceLevel
from identity.authentication import Authentication
from identity.sessions import Sessions
from identity.subject import Organisation
from tests.conftest import Databases

FIRM = Organisation("o1", "Musterbau GmbH", "GmbH", "HRB 1")


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Farewells:
    told: list[str] = field(default_factory=list)

    async def __call__(self, session_id: str) -> None:
        self.told.append(session_id)


def event(
    account: str = "a", level: int = 3, at: int = 1_000_000, firm: Organisation | None = None
) -> Authentication:
    return Authentication(account, AssuranceLevel(level), at, "stand-in", firm)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def farewells() -> Farewells:
    return Farewells()


@pytest.fixture
def sessions(databases: Databases, clock: Clock, farewells: Farewells) -> Sessions:
    return Sessions(databases.identity, clock, secrets.token_bytes, farewells)


async def test_a_session_is_what_its_event_was(sessions: Sessions) -> None:
    found = await sessions.find(await sessions.begin(event(level=2, at=999_990, firm=FIRM), None))
    assert found is not None
    assert (found.account_id, found.level, found.authenticated_at) == (
        "a",
        AssuranceLevel.SUBSTANTIAL,
        999_990,
    )
    assert (found.upstream, found.acting_for) == ("stand-in", FIRM)


@pytest.mark.parametrize("cookie", [None, "", "unheard-of", "\0", "\ud800"])
async def test_another_cookie_names_nobody(sessions: Sessions, cookie: str | None) -> None:
    await sessions.begin(event(), None)
    assert await sessions.find(cookie) is None


async def test_a_step_up_keeps_the_session_and_changes_its_secret(
    sessions: Sessions, farewells: Farewells
) -> None:
    """Session fixation: who knew the cookie before knows nothing after."""
    before = await sessions.begin(event(level=1), None)
    old = await sessions.find(before)
    after = await sessions.begin(event(level=3, at=1_000_050), before)
    new = await sessions.find(after)
    assert old is not None
    assert new is not None
    assert after != before
    assert await sessions.find(before) is None
    assert new.id == old.id
    assert (new.level, new.authenticated_at) == (AssuranceLevel.HIGH, 1_000_050)
    assert farewells.told == []


async def test_level_and_organisation_come_from_the_newest_event_alone(sessions: Sessions) -> None:
    """Attack 15: a weaker event does not keep the level of a stronger one, nor its organisation."""
    first = await sessions.begin(event(level=3, firm=FIRM), None)
    found = await sessions.find(await sessions.begin(event(level=1), first))
    assert found is not None
    assert (found.level, found.acting_for) == (AssuranceLevel.LOW, None)


async def test_another_person_gets_a_session_of_their_own(sessions: Sessions, farewells: Farewells) -> None:
    before = await sessions.begin(event("a"), None)
    old = await sessions.find(before)
    found = await sessions.find(await sessions.begin(event("b", level=1), before))
    assert old is not None
    assert found is not None
    assert found.id != old.id
    assert (found.account_id, found.level) == ("b", AssuranceLevel.LOW)
    assert await sessions.find(before) is None
    assert farewells.told == [old.id]


async def test_a_cookie_that_is_over_starts_anew(sessions: Sessions) -> None:
    before = await sessions.begin(event(), None)
    old = await sessions.find(before)
    assert old is not None
    await sessions.end(old.id)
    found = await sessions.find(await sessions.begin(event(), before))
    assert found is not None
    assert found.id != old.id


async def test_an_ended_session_is_gone(sessions: Sessions) -> None:
    cookie = await sessions.begin(event(), None)
    found = await sessions.find(cookie)
    assert found is not None
    await sessions.end(found.id)
    assert await sessions.find(cookie) is None


async def test_a_session_nobody_uses_ends(sessions: Sessions, clock: Clock) -> None:
    cookie = await sessions.begin(event(), None)
    for _ in range(3):
        clock.now += 7000
        assert await sessions.find(cookie), "a visit keeps it alive"
    clock.now += 7200
    assert await sessions.find(cookie) is None


async def test_a_session_ends_after_half_a_day_whoever_visits(sessions: Sessions, clock: Clock) -> None:
    cookie = await sessions.begin(event(), None)
    for _ in range(11):
        clock.now += 3600
        assert await sessions.find(cookie)
    clock.now += 3600
    assert await sessions.find(cookie) is None
