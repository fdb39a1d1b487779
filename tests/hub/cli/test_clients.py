import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from hub.cli.clients import clients
from hub.migrations import METADATA


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty accounts' database that the settings name."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    engine = create_engine(f"sqlite:///{tmp_path / 'identity.db'}")
    METADATA["identity"].create_all(engine)
    engine.dispose()
    return tmp_path


def add(*arguments: str) -> Result:
    return CliRunner().invoke(clients, ["add", "--name", "Portal Hessen", *arguments])


def kept(folder: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(folder / "identity.db")
    try:
        return connection.execute("SELECT client_id, name, secret_hash FROM client").fetchall()
    finally:
        connection.close()


def test_a_portal_is_printed_under_the_names_of_the_registration_standard(ready: Path) -> None:
    result = add(
        *("--redirect-uri", "https://hessen.example/a", "--redirect-uri", "https://hessen.example/b"),
        *("--post-logout-redirect-uri", "https://hessen.example/bye"),
        *("--backchannel-logout-uri", "https://hessen.example/backchannel", "--json"),
    )
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert printed["client_name"] == "Portal Hessen"
    assert printed["redirect_uris"] == ["https://hessen.example/a", "https://hessen.example/b"]
    assert printed["token_endpoint_auth_method"] == "client_secret_basic"
    assert printed["backchannel_logout_uri"] == "https://hessen.example/backchannel"
    [(client_id, name, secret_hash)] = kept(ready)
    assert (client_id, name) == (printed["client_id"], "Portal Hessen")
    assert printed["client_secret"]
    assert printed["client_secret"] not in str(secret_hash)


def test_a_public_portal_has_no_secret(ready: Path) -> None:
    printed = json.loads(add("--redirect-uri", "https://a.example/", "--public", "--json").stdout)
    assert printed["token_endpoint_auth_method"] == "none"
    assert "client_secret" not in printed


def test_for_people_it_prints_lines(ready: Path) -> None:
    result = add("--redirect-uri", "https://a.example/")
    assert "client_id: " in result.stdout
    assert "Keep the secret" in result.stdout


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("https://a.example/#x", "fragment"),
        ("http://a.example/", "https"),
        ("javascript:alert(1)", "web address"),
        ("https://*.example/", "wildcard"),
    ],
)
def test_a_bad_address_is_refused_with_a_sentence(ready: Path, uri: str, why: str) -> None:
    result = add("--redirect-uri", uri)
    assert result.exit_code != 0
    assert why in result.stderr
    assert "Traceback" not in result.output
    assert kept(ready) == []


def test_without_databases_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    result = add("--redirect-uri", "https://a.example/")
    assert result.exit_code == 64
    assert "verbundhub migrate" in result.stderr


def test_it_has_help() -> None:
    assert "RFC 7591" in CliRunner().invoke(clients, ["add", "--help"]).output
