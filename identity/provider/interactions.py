"""Authorization requests that wait for a person: to log in, or to consent.

The seam between the provider and the pages:

1. `/authorize` finds that a person is needed. It keeps the request as an interaction, bound to the browser by the
   cookie `BROWSER_COOKIE`, and sends the browser to ``/login?interaction=ID`` or ``/consent?interaction=ID``.
2. The login page reads ``await interactions.get(id, request.cookies.get(BROWSER_COOKIE))``. None means unknown, too
   old, finished, or another browser's: say so and go no further. The `Interaction` says who asks, the least level,
   whether the person must act now (`fresh`: ask the upstream with ``prompt=login``), and hints to pass on.
3. When the person is back from the upstream: ``cookie = await sessions.begin(authentication, old_cookie)``, set it
   with `identity.sessions.remember`, answer 303 to `resume_path(id)`.
4. `/authorize/resume` runs all checks again with the new session. A login that came out too low ends at the portal
   with ``unmet_authentication_requirements``; there is no second round.
5. A person who gives up follows `cancel_path(id)`: the portal gets ``access_denied``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Connection, insert, select, update

from identity import tables
from identity.assurance import AssuranceLevel
from identity.opaque import SECOND, Clock, Random, digest, micros, new_secret
from identity.store import Database
from identity.sweep import sweep

BROWSER_COOKIE = "__Host-verbundhub_browser"
LOGIN_PATH = "/login"
CONSENT_PATH = "/consent"
LIFETIME_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request that waits.

    Attributes:
        params: the request's parameters as asked, each once.
        redirect_origin: where the portal is, for the Content-Security-Policy's `form-action`.
        required_level: the least level that the portal takes; NONE when it named none.
        fresh: the person must act now, an upstream's memory is not enough (`prompt=login`, `max_age`).
        created_at: microseconds; a login or consent before it does not answer it.
    """

    id: str
    client_id: str
    client_name: str
    params: Mapping[str, str]
    redirect_origin: str
    required_level: AssuranceLevel
    fresh: bool
    select_account: bool
    login_hint: str | None
    ui_locales: tuple[str, ...]
    created_at: int


class Interactions:
    """Finds waiting requests for the pages."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, interaction_id: str, browser: str | None) -> Interaction | None:
        """The waiting request of that id in that browser, or None."""
        now = micros(self._clock)
        return await self._database.read(lambda connection: load(connection, interaction_id, browser, now))


def resume_path(interaction_id: str) -> str:
    """Where the browser goes when the person has logged in or decided."""
    return "/authorize/resume?" + urlencode({"interaction": interaction_id})


def cancel_path(interaction_id: str) -> str:
    """Where the browser goes when the person gives up."""
    return "/authorize/cancel?" + urlencode({"interaction": interaction_id})


def keep(connection: Connection, params: Mapping[str, str], browser: str, random: Random, now: int) -> str:
    """Keep a checked request; returns the interaction's id, which rests only as a hash."""
    sweep(connection, tables.interaction, now)
    made = new_secret(random)
    connection.execute(
        insert(tables.interaction).values(
            id_hash=digest(made),
            browser_hash=digest(browser),
            client_id=params["client_id"],
            params=json.dumps(dict(params)),
            created_at=now,
            expires_at=now + LIFETIME_SECONDS * SECOND,
        )
    )
    return made


def load(connection: Connection, interaction_id: str, browser: str | None, now: int) -> Interaction | None:
    """The waiting request of that id in that browser, or None."""
    columns = tables.interaction.c
    found = connection.execute(
        select(tables.interaction, tables.client.c.name)
        .join(tables.client, tables.client.c.client_id == columns.client_id)
        .where(
            columns.id_hash == digest(interaction_id),
            columns.browser_hash == digest(browser or ""),
            columns.used_at.is_(None),
            columns.expires_at > now,
        )
    ).first()
    if found is None:
        return None
    params: dict[str, str] = json.loads(found.params)
    return _interaction(interaction_id, found.name, params, found.created_at)


def spend(connection: Connection, interaction_id: str, now: int) -> bool:
    """Finish an interaction; False when it was finished already, so that it never answers twice."""
    columns = tables.interaction.c
    spent = connection.execute(
        update(tables.interaction)
        .where(columns.id_hash == digest(interaction_id), columns.used_at.is_(None))
        .values(used_at=now)
        .returning(columns.id_hash)
    )
    return spent.first() is not None


def required_level(acr_values: str) -> AssuranceLevel:
    """The least level that satisfies `acr_values`; words that name none of ours ask for nothing (Core 3.1.2.1)."""
    levels = [level for word in acr_values.split() if (level := AssuranceLevel.of_acr(word))]
    return min(levels, default=AssuranceLevel.NONE)


def _interaction(interaction_id: str, name: str, params: dict[str, str], created_at: int) -> Interaction:
    prompts = params.get("prompt", "").split()
    place = urlsplit(params["redirect_uri"])
    return Interaction(
        id=interaction_id,
        client_id=params["client_id"],
        client_name=name,
        params=params,
        redirect_origin=f"{place.scheme}://{place.netloc}",
        required_level=required_level(params.get("acr_values", "")),
        fresh="login" in prompts or "max_age" in params,
        select_account="select_account" in prompts,
        login_hint=params.get("login_hint"),
        ui_locales=tuple(params.get("ui_locales", "").split()),
        created_at=created_at,
    )
