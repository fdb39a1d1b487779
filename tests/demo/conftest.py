import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hub.demo.portal.app import create_portal
from tests.demo.fake_hub import PORTAL, FakeHub, settings


@pytest.fixture
def hub() -> FakeHub:
    # Authlib judges an ID token's times by the system's clock, so that the fake hub goes by it too.
    return FakeHub(time.time)


@pytest.fixture
def portal(hub: FakeHub, tmp_path: Path) -> Iterator[TestClient]:
    """A portal in front of the fake hub, as a browser sees it; redirects are not followed."""
    delivery = tmp_path / "hessen.xml"
    delivery.write_bytes(b"<nachricht/>")
    app = create_portal(
        settings(str(delivery)), transport=hub.transport(), assets=tmp_path / "none", clock=hub.clock
    )
    with TestClient(
        app, base_url=PORTAL, follow_redirects=False, headers={"accept-language": "de"}
    ) as client:
        yield client


def log_in(portal: TestClient, hub: FakeHub, start: str = "/anmelden?weiter=/konto", **changes: str) -> None:
    """Go through the whole login."""
    away = portal.get(start)
    back = portal.get(hub.authorize(away.headers["location"], **changes))
    assert back.status_code == 303, back.text
