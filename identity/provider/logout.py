"""RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): who asks, is it the person, and where to afterwards."""

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection

from identity import sessions
from identity.provider import clients, portals
from identity.provider.asking import with_query
from identity.provider.clients import Client
from identity.provider.parameters import Parameters
from identity.provider.provider import Provider
from identity.sessions import Session


class Defect(Enum):
    """Why nobody is sent back to the portal (section 4)."""

    PARAMETERS = "parameters"
    HINT = "hint"
    CLIENT = "client"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Asked:
    """A logout request as judged.

    Attributes:
        session: the browser's live session, if any.
        client: the portal that asks, if it is sure.
        back: where to afterwards, only when registered for that portal, with `state`.
        confirmed: an ID token of this very session came along, so the person need not be asked again.
    """

    session: Session | None
    client: Client | None
    back: str | None
    confirmed: bool
    defect: Defect | None


def judge(
    provider: Provider, connection: Connection, params: Parameters, cookie: str | None, now: int
) -> Asked:
    """Judge a logout request; nothing is ended here."""
    session = sessions.load(connection, cookie, now)
    values = params.values
    if params.unusable or params.too_long:
        return Asked(session, None, None, confirmed=False, defect=Defect.PARAMETERS)
    hint = _hint(provider, values["id_token_hint"]) if "id_token_hint" in values else {}
    if hint is None:
        return Asked(session, None, None, confirmed=False, defect=Defect.HINT)
    client_id = str(hint.get("aud") or values.get("client_id") or "")
    client = clients.load(connection, client_id) if client_id else None
    if client_id and (client is None or values.get("client_id", client_id) != client_id):
        return Asked(session, None, None, confirmed=False, defect=Defect.CLIENT)
    address = values.get("post_logout_redirect_uri")
    if address and (client is None or address not in client.post_logout_redirect_uris):
        return Asked(session, client, None, confirmed=False, defect=Defect.ADDRESS)
    state = {"state": values["state"]} if "state" in values else {}
    back = with_query(address, state) if address and state else address
    return Asked(session, client, back, confirmed=_own(connection, session, client, hint), defect=None)


def _hint(provider: Provider, token: str) -> dict[str, object] | None:
    """The claims of an ID token that we made, expired or not (section 4: the hint may be old)."""
    claims = provider.keys.opened(token)
    return claims if claims and claims.get("iss") == provider.issuer else None


def _own(
    connection: Connection, session: Session | None, client: Client | None, hint: dict[str, object]
) -> bool:
    sid = hint.get("sid")
    if session is None or client is None or not isinstance(sid, str):
        return False
    return portals.session_of(connection, client.client_id, sid) == session.id
