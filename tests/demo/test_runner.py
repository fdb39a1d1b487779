import asyncio
import os
import signal
import socket
import sys
import tomllib
from functools import partial
from pathlib import Path

import orjson
import pytest

from hub.config import read_settings
from hub.demo import sample
from hub.demo.announcement import QUERY, announcement, curl_line
from hub.demo.layout import Layout, taken, taken_sentence
from hub.demo.offices import OFFICES, PORTALS, UPSTREAM, client_name, portal_settings, upstreams
from hub.demo.portal.settings import read_portal_settings
from hub.demo.preparing import Preparation, registration
from hub.demo.programs import Program, ProgramEndedError, Programs
from hub.demo.runner import (
    DemoError,
    check_ports,
    hub_environ,
    missing_assets,
    own_folder,
    plain_environ,
    prepared,
    programs,
    run_programs,
    upstream_callback,
)
from hub.demo.state import State, is_prepared, keep_state, read_state, stamp, write_private
from hub.pages.login import redirect_uri
from hub.serving import checked_for_serving
from identity.broker.upstream import read_upstreams
from identity.provider import clients
from identity.source_tokens import SourceTokens
from tests.conftest import Databases

LAYOUT = Layout(8100)


def test_hub_and_identity_provider_are_cross_site_to_the_portals() -> None:
    assert LAYOUT.hub == "http://127.0.0.1:8100"
    assert LAYOUT.hessen == "http://localhost:8101"
    assert LAYOUT.sachsen == "http://localhost:8102"
    assert LAYOUT.identity_provider == "http://127.0.0.1:8103"


def _four_free_ports() -> int:
    for port in range(18_000 + os.getpid() % 1000 * 8, 60_000, 4):
        if taken(Layout(port)) is None:
            return port
    raise AssertionError("no free ports")


def test_a_taken_port_is_named_with_the_way_out() -> None:
    port = _four_free_ports()
    check_ports(Layout(port))
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + 2))
        other.listen()
        with pytest.raises(DemoError, match=f"Port {port + 2} is taken .*make demo PORT=9000"):
            check_ports(Layout(port))
    assert "PORT=9100" in taken_sentence(Layout(9000), 9000)


def test_the_hubs_environment_holds_nothing_of_another_hub(tmp_path: Path) -> None:
    environ = hub_environ(LAYOUT, tmp_path, {"PATH": "/bin", "HUB_CATALOG_URL": "postgresql://real/hub"})
    assert "HUB_CATALOG_URL" not in environ
    assert environ["PATH"] == "/bin"
    settings = read_settings(environ)
    assert settings.issuer == "http://127.0.0.1:8100"
    assert settings.data_dir == tmp_path
    assert settings.upstreams == tmp_path / "upstreams.toml"
    assert settings.egress_allow == ("127.0.0.1:8103", "localhost:8101", "localhost:8102")
    _, warnings = checked_for_serving(settings, "127.0.0.1", 8100)
    assert warnings
    assert plain_environ({"HUB_ISSUER": "x", "LANG": "de"}) == {"LANG": "de"}


def test_four_programs_get_their_addresses_and_no_secret_on_the_command_line(tmp_path: Path) -> None:
    state = State(
        upstream_secret="s3cret", source_tokens={"hessen": "vhs_1"}, clients={"8100/hessen": ("c", "vhc_1")}
    )
    made = programs(LAYOUT, tmp_path, state, {}, fresh=True)
    assert [program.name for program in made] == [
        "The hub",
        "The portal of Hessen",
        "The portal of Sachsen",
        "The identity provider",
    ]
    words = " ".join(word for program in made for word in program.command)
    assert not {"s3cret", "vhs_1", "vhc_1"} & set(words.split())
    assert made[3].environ == {"STAND_IN_CLIENT_SECRET": "s3cret"}
    assert "http://127.0.0.1:8103" in made[3].command
    assert "s3cret" not in repr(made)
    assert made[1].ready == "http://localhost:8101/readyz"
    assert programs(LAYOUT, tmp_path, state, {}, fresh=False)[1].ready == "http://localhost:8101/healthz"


def test_the_callback_is_the_one_that_the_hub_has() -> None:
    assert upstream_callback(LAYOUT) == redirect_uri(LAYOUT.hub, UPSTREAM)


def test_the_announcement_names_addresses_persons_and_a_line_to_try() -> None:
    text = announcement(LAYOUT, 3.21)
    for part in (
        "http://127.0.0.1:8100/",
        "http://localhost:8101/",
        "http://localhost:8102/",
        "http://127.0.0.1:8103/",
    ):
        assert part in text
    for person in ("Erika Mustermann", "Max Mustermann", "Kim Beispiel", "Toni Beispiel", "Musterbau GmbH"):
        assert person in text
    assert "3.2 s" in text
    assert curl_line(LAYOUT) in text
    assert orjson.loads(curl_line(LAYOUT).split(" -d ")[1].strip("'"))["query"] == QUERY


def test_missing_assets_are_said(tmp_path: Path) -> None:
    assert missing_assets(tmp_path) is None
    assert "plainer" in (missing_assets(tmp_path / "none") or "")


def test_a_folder_has_one_demonstration(tmp_path: Path) -> None:
    with own_folder(tmp_path), pytest.raises(DemoError, match="Another demonstration"), own_folder(tmp_path):
        pass
    with own_folder(tmp_path):
        pass


def test_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "a", b"1")
    write_private(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"2"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    kept = State(8100, "stamp", "secret", {"hessen": "vhs_1"}, {"8100/hessen": ("id", "vhc_1")})
    keep_state(tmp_path, kept)
    assert read_state(tmp_path) == kept
    assert "vhs_1" not in repr(kept)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"clients": 7}'])
def test_an_unreadable_state_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.json").write_bytes(content)
    assert read_state(tmp_path) == State()


def test_the_upstreams_file_is_one_that_the_hub_takes(tmp_path: Path) -> None:
    text = upstreams(LAYOUT, State(upstream_secret="s3cret"))
    assert tomllib.loads(text)["upstream"][0]["issuer"] == "http://127.0.0.1:8103"
    (tmp_path / "upstreams.toml").write_text(text, encoding="utf-8")
    (upstream,) = read_upstreams(tmp_path / "upstreams.toml")
    assert upstream.client_secret == "s3cret"
    assert upstream.organisations


def test_both_portals_are_registered_with_all_their_addresses() -> None:
    asked = [registration(LAYOUT, office) for office in PORTALS]
    assert [one.redirect_uris for one in asked] == [
        ("http://localhost:8101/login/callback",),
        ("http://localhost:8102/login/callback",),
    ]
    assert asked[0].post_logout_redirect_uris == ("http://localhost:8101/abgemeldet",)
    assert asked[1].backchannel_logout_uri == "http://localhost:8102/login/backchannel-logout"


class Taken:
    """Remembers what was delivered."""

    def __init__(self) -> None:
        self.files: list[tuple[str, Path]] = []

    async def __call__(self, source: str, path: Path) -> None:
        self.files.append((source, path))


def _preparation(databases: Databases, folder: Path, take: Taken, port: int = 8100) -> Preparation:
    return Preparation(databases, Layout(port), folder, take, lambda: 1_780_000_000.0, os.urandom)


async def test_preparation_fills_the_databases_once(databases: Databases, tmp_path: Path) -> None:
    take = Taken()
    first = await _preparation(databases, tmp_path, take).run()
    assert take.files == [("bund", sample.BUND)]
    second = await _preparation(databases, tmp_path, take).run()
    assert take.files == [("bund", sample.BUND)]
    assert second == first
    settings = read_portal_settings(tmp_path / "portal-sachsen.json")
    assert settings == portal_settings(LAYOUT, PORTALS[1], second)
    assert (tmp_path / "portal-sachsen.json").stat().st_mode & 0o777 == 0o600
    granted = await SourceTokens(databases.identity, lambda: 0.0, os.urandom).verify(settings.source_token)
    assert granted is not None
    assert granted.source == "sachsen"
    client = await databases.identity.read(lambda c: clients.load(c, settings.client_id))
    assert client is not None
    assert client.name == "Serviceportal Sachsen (Demo)"


async def test_another_port_is_other_clients_of_another_sector(databases: Databases, tmp_path: Path) -> None:
    take = Taken()
    await _preparation(databases, tmp_path, take).run()
    state = await _preparation(databases, tmp_path, take, 9000).run()
    assert set(state.clients) == {"8100/hessen", "8100/sachsen", "9000/hessen", "9000/sachsen"}
    sectors = set()
    for client_id, _ in state.clients.values():
        client = await databases.identity.read(partial(clients.load, client_id=client_id))
        assert client is not None
        sectors.add(client.sector)
    assert len(sectors) == 4


async def test_what_the_databases_have_lost_is_made_again(databases: Databases, tmp_path: Path) -> None:
    keep_state(
        tmp_path,
        State(8100, "another", "s", {"bund": "vhs_gone"}, {"8100/hessen": ("gone", "vhc_x")}),
    )
    take = Taken()
    state = await _preparation(databases, tmp_path, take).run()
    assert take.files
    assert state.source_tokens["bund"] != "vhs_gone"
    assert state.clients[client_name(LAYOUT, PORTALS[0])][0] != "gone"
    assert state.upstream_secret == "s"


def test_a_preparation_holds_for_its_port_its_sample_and_its_databases(tmp_path: Path) -> None:
    state = State(port=8100, stamp=stamp())
    assert not is_prepared(tmp_path, 8100, state)
    for name in ("catalog.db", "identity.db", "operations.db", "upstreams.toml"):
        (tmp_path / name).touch()
    assert is_prepared(tmp_path, 8100, state)
    assert not is_prepared(tmp_path, 9000, state)
    assert not is_prepared(tmp_path, 8100, State(port=8100, stamp="of another sample"))


def test_the_first_start_makes_it_and_the_second_finds_it(tmp_path: Path) -> None:
    said: list[str] = []
    first, fresh = prepared(LAYOUT, tmp_path, os.environ, said.append)
    assert fresh
    assert said
    assert first.port == 8100
    said.clear()
    assert prepared(LAYOUT, tmp_path, os.environ, said.append) == (first, False)
    assert said == []


def test_what_can_not_be_prepared_is_said(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(DemoError, match="delete"):
        prepared(LAYOUT, tmp_path, os.environ, print)


def test_the_offices_are_those_of_the_sample() -> None:
    for office in OFFICES:
        assert f'schemeAgencyID="{office.agency}"'.encode() in office.message.read_bytes()


SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *args): pass
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def _program(tmp_path: Path, port: int, code: str = SERVER, name: str = "The server") -> Program:
    command = (sys.executable, "-c", code, str(port))
    return Program(name, command, {}, f"http://127.0.0.1:{port}/", tmp_path / "logs" / f"{port}.log")


def _nobody_listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


async def test_programs_are_waited_for_and_end_with_the_group(tmp_path: Path) -> None:
    port = _four_free_ports()
    async with Programs([_program(tmp_path, port), _program(tmp_path, port + 1)]) as running:
        await running.ready(20)
        assert not _nobody_listens(port)
    assert _nobody_listens(port)
    assert _nobody_listens(port + 1)


async def test_a_program_that_ends_early_is_named_with_its_last_lines(tmp_path: Path) -> None:
    port = _four_free_ports()
    broken = _program(tmp_path, port, "import sys; print('no such table'); sys.exit(3)", "The hub")
    with pytest.raises(ProgramEndedError, match=r"The hub ended with status 3[\s\S]*no such table"):
        async with Programs([broken, _program(tmp_path, port + 1)]) as running:
            await running.ready(20)
    assert _nobody_listens(port + 1)


async def test_a_program_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    port = _four_free_ports()
    with pytest.raises(ProgramEndedError, match="not ready after"):
        async with Programs([_program(tmp_path, port, "import time; time.sleep(60)")]) as running:
            await running.ready(0.2)


async def test_a_program_that_ignores_the_request_is_ended_all_the_same(tmp_path: Path) -> None:
    port = _four_free_ports()
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER
    running = Programs([_program(tmp_path, port, stubborn)], patience=0.3)
    async with running:
        await running.ready(20)
    assert _nobody_listens(port)


async def test_a_signal_ends_all_of_it(tmp_path: Path) -> None:
    port, said, ready = _four_free_ports(), list[str](), asyncio.Event()
    made = [_program(tmp_path, port), _program(tmp_path, port + 1)]

    def say(sentence: str) -> None:
        said.append(sentence)
        ready.set()

    task = asyncio.create_task(run_programs(made, Layout(port), 0.0, say))
    await asyncio.wait_for(ready.wait(), 20)
    os.kill(os.getpid(), signal.SIGTERM)
    await task
    assert "ready after" in said[0]
    assert said[-1] == "The demonstration has ended."
    assert _nobody_listens(port)
    assert _nobody_listens(port + 1)


async def test_one_program_that_dies_ends_the_others(tmp_path: Path) -> None:
    port, said = _four_free_ports(), list[str]()
    mortal = SERVER.replace(
        "http.server.HTTPServer",
        "import threading, os; threading.Timer(1, os._exit, [7]).start()\nhttp.server.HTTPServer",
    )
    made = [_program(tmp_path, port), _program(tmp_path, port + 1, mortal, "The portal of Hessen")]
    with pytest.raises(ProgramEndedError, match="The portal of Hessen ended with status 7"):
        await run_programs(made, Layout(port), 0.0, said.append)
    assert _nobody_listens(port)
