"""The door by which people come in: provider, broker and sessions put together over one set of settings."""

from dataclasses import dataclass

from starlette.routing import BaseRoute

from hub.config import Settings
from hub.database import Database
from hub.pages import account, consent, login, logout
from hub.pages.login import redirect_uri
from hub.pages.refusal import refusal_page
from hub.pages.staff.access import StaffDoor
from hub.surroundings import Surroundings
from identity.account import Accounts
from identity.broker.core import Broker
from identity.broker.openid import OpenIDUpstream
from identity.broker.pending import PendingLogins
from identity.broker.upstream import read_upstreams
from identity.keys import load_keys
from identity.provider import endpoints
from identity.provider.backchannel import BackChannel
from identity.provider.provider import Provider
from identity.sessions import Sessions
from identity.source_readers import SourceReaders
from identity.source_staff import SourceStaff
from identity.source_tokens import SourceTokens
from identity.thesaurus_editors import EditorDoor, ThesaurusEditors
from identity.viewers import Viewers


@dataclass(frozen=True, slots=True)
class People:
    """What the rest of the hub needs of identity; `issuer` is the hub's own origin."""

    issuer: str
    viewers: Viewers
    source_tokens: SourceTokens
    source_readers: SourceReaders
    editors: EditorDoor
    staff_door: StaffDoor
    routes: list[BaseRoute]


def assemble_people(settings: Settings, database: Database, around: Surroundings) -> People:
    """Build provider, broker and sessions, and the routes of their endpoints and pages."""
    issuer, pages, egress, clock, random = (
        settings.issuer,
        around.pages,
        around.egress,
        around.clock,
        around.random,
    )
    keys = load_keys(settings.data_dir)
    accounts = Accounts(database, clock, random)
    provider = Provider(issuer, database, keys, accounts, clock, random, refusal_page(pages))
    back_channel = BackChannel(provider, egress)
    sessions = Sessions(database, clock, random, back_channel)
    upstreams = read_upstreams(settings.upstreams) if settings.upstreams else ()
    speakers = [OpenIDUpstream(up, egress, clock, redirect_uri(issuer, up.id)) for up in upstreams]
    broker = Broker(speakers, PendingLogins(database, clock, random), accounts)
    staff, tokens = SourceStaff(database, clock), SourceTokens(database, clock, random)
    return People(
        issuer=issuer,
        viewers=Viewers(issuer, database, sessions, accounts, provider.pairwise, clock),
        source_tokens=tokens,
        source_readers=SourceReaders(sessions, staff, tokens),
        editors=EditorDoor(sessions, ThesaurusEditors(database, clock), provider.pairwise),
        staff_door=StaffDoor(provider, sessions, staff, pages),
        routes=[
            *endpoints.routes(provider),
            *consent.routes(provider, pages),
            *logout.routes(provider, pages, back_channel),
            *login.routes(provider, broker, sessions, pages),
            *account.routes(provider, accounts, sessions, broker, pages, farewell=back_channel),
        ],
    )
