"""What somebody may read about themselves: bounded queries inside the caller's transaction; times are epoch seconds."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from identity import tables
from identity.account_tables import account, account_link, account_organisation, organisation
from identity.assurance import AssuranceLevel
from identity.opaque import SECOND
from identity.person import Person
from identity.sessions import living
from identity.store import unpacked, unpacked_organisation
from identity.subject import Organisation

_MOST = 200


@dataclass(frozen=True, slots=True)
class WayIn:
    """One upstream by which somebody logs in."""

    upstream: str
    level: AssuranceLevel
    linked_at: int
    used_at: int


@dataclass(frozen=True, slots=True)
class PortalAccess:
    """A portal to which somebody has granted something; `granted` are names of claims."""

    client_id: str
    name: str
    granted: tuple[str, ...]
    given_at: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A live session and the portals that know it."""

    id: str
    level: AssuranceLevel
    upstream: str
    acting_for: Organisation | None
    begun_at: int
    seen_at: int
    portals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """One attribute that one portal received: what, why, when, and at which level the person was signed in.

    Attributes:
        purpose: ``login``, ``userinfo`` or ``graph``.
    """

    portal: str
    claim: str
    purpose: str
    level: AssuranceLevel
    released_at: int


def person(connection: Connection, account_id: str) -> Person | None:
    """What the hub holds about somebody; None for an account that is not there."""
    columns = [account.c[name] for name in Person.__dataclass_fields__]
    row = connection.execute(select(*columns).where(account.c.id == account_id)).one_or_none()
    return Person(*row) if row else None


def organisations(connection: Connection, account_id: str) -> list[Organisation]:
    """The organisations for which this account has come, by name; ids are the hub's own."""
    columns = [organisation.c[name] for name in Organisation.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .join(account_organisation)
        .where(account_organisation.c.account_id == account_id)
        .order_by(organisation.c.name, organisation.c.id)
        .limit(_MOST)
    )
    return [Organisation(*row) for row in rows]


def ways_in(connection: Connection, account_id: str) -> list[WayIn]:
    """The upstreams that lead to this account, the latest used first."""
    rows = connection.execute(
        select(account_link)
        .where(account_link.c.account_id == account_id)
        .order_by(account_link.c.used_at.desc(), account_link.c.issuer)
        .limit(_MOST)
    )
    return [
        WayIn(row.upstream, AssuranceLevel(row.level), row.linked_at // SECOND, row.used_at // SECOND)
        for row in rows
    ]


def portals(connection: Connection, account_id: str) -> list[PortalAccess]:
    """The portals with a consent, by name."""
    rows = connection.execute(
        select(tables.consent, tables.client.c.name)
        .join(tables.client)
        .where(tables.consent.c.account_id == account_id)
        .order_by(tables.client.c.name, tables.client.c.client_id)
        .limit(_MOST)
    )
    return [
        PortalAccess(row.client_id, row.name, unpacked(row.granted), row.given_at // SECOND) for row in rows
    ]


def sessions(connection: Connection, account_id: str, now: int) -> list[OpenSession]:
    """The sessions that live, the latest used first; `now` in microseconds."""
    rows = connection.execute(
        select(tables.session)
        .where(tables.session.c.account_id == account_id, *living(now))
        .order_by(tables.session.c.seen_at.desc(), tables.session.c.id)
        .limit(_MOST)
    ).all()
    known = _portals_of(connection, [row.id for row in rows])
    return [
        OpenSession(
            id=row.id,
            level=AssuranceLevel(row.level),
            upstream=row.upstream,
            acting_for=unpacked_organisation(row.acting_for),
            begun_at=row.begun_at // SECOND,
            seen_at=row.seen_at // SECOND,
            portals=tuple(known[row.id]),
        )
        for row in rows
    ]


def _portals_of(connection: Connection, session_ids: list[str]) -> dict[str, list[str]]:
    rows = connection.execute(
        select(tables.session_client.c.session_id, tables.client.c.name)
        .join(tables.client)
        .where(tables.session_client.c.session_id.in_(session_ids))
        .order_by(tables.client.c.name)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for session_id, name in rows:
        found[session_id].append(name)
    return found


def releases(connection: Connection, account_id: str, most: int) -> list[Release]:
    """Who received what, the newest first; a portal that is gone is named by its client id."""
    rows = connection.execute(
        select(tables.release, tables.client.c.name)
        .outerjoin(tables.client, tables.client.c.client_id == tables.release.c.client_id)
        .where(tables.release.c.account_id == account_id)
        .order_by(tables.release.c.released_at.desc(), tables.release.c.client_id, tables.release.c.claim)
        .limit(min(most, _MOST))
    )
    return [
        Release(
            row.name or row.client_id,
            row.claim,
            row.purpose,
            AssuranceLevel(row.level),
            row.released_at // SECOND,
        )
        for row in rows
    ]
