"""The sample's editorial offices, and what the programs of the two with a portal are told."""

from dataclasses import dataclass
from pathlib import Path

from hub.demo import sample
from hub.demo.layout import Layout
from hub.demo.portal.settings import PortalSettings
from hub.demo.state import State

UPSTREAM = "stand-in"
UPSTREAM_CLIENT = "verbundhub-demo"


@dataclass(frozen=True, slots=True)
class Office:
    """One of the sample's editorial offices; those with a colour have a portal."""

    key: str
    name: str
    agency: str
    area: str
    message: Path
    colour: str = ""

    @property
    def state(self) -> str:
        """The state's name."""
        return self.key.capitalize()


OFFICES = (
    Office("bund", "Bundesredaktion (Demo)", "B100019", "00", sample.BUND),
    Office("hessen", "Landesredaktion Hessen (Demo)", "L100042", "06", sample.HESSEN, "#7a1f45"),
    Office("sachsen", "Landesredaktion Sachsen (Demo)", "L100017", "14", sample.SACHSEN, "#0f5a4a"),
)
PORTALS = tuple(office for office in OFFICES if office.colour)


def portal_file(folder: Path, key: str) -> Path:
    """Where a portal's process finds its settings."""
    return folder / f"portal-{key}.json"


def client_name(layout: Layout, office: Office) -> str:
    """Under which name a portal's client is remembered."""
    return f"{layout.port}/{office.key}"


def portal_settings(layout: Layout, office: Office, state: State) -> PortalSettings:
    """What a portal's process needs to know."""
    client_id, secret = state.clients.get(client_name(layout, office), ("", ""))
    return PortalSettings(
        key=office.key,
        name=f"Serviceportal {office.state} (Demo)",
        state=office.state,
        area=office.area,
        colour=office.colour,
        address=getattr(layout, office.key),
        hub=layout.hub,
        client_id=client_id,
        client_secret=secret,
        source=office.key,
        source_token=state.source_tokens.get(office.key, ""),
        delivery=str(office.message),
    )


def upstreams(layout: Layout, state: State) -> str:
    """The hub's file of upstreams: the stand-in identity provider alone."""
    return f"""[[upstream]]
id = "{UPSTREAM}"
name = {{ de = "Bürgerkonto (Demo)", en = "Citizen account (demo)" }}
issuer = "{layout.identity_provider}"
client_id = "{UPSTREAM_CLIENT}"
client_secret = "{state.upstream_secret}"
levels = ["low", "substantial", "high"]
organisations = true
"""
