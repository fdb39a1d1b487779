import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from hub.cli.webhooks import webhooks
from hub.migrations import METADATA

URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty databases that the settings name; one address on loopback may be called."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HUB_EGRESS_ALLOW", "127.0.0.1:9")
    for name in ("catalog", "operations"):
        engine = create_engine(f"sqlite:///{tmp_path / name}.db")
        METADATA[name].create_all(engine)
        engine.dispose()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(webhooks, arguments)


def added(*arguments: str) -> dict[str, Any]:
    result = run("add", URL, "--json", *arguments)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def listed() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("list", "--json").stdout)
    return found


def test_a_webhook_is_added_and_its_secret_is_shown_once(ready: Path) -> None:
    told = added("--area", "06")
    assert told["secret"].startswith("whsec_")
    (one,) = listed()
    assert (one["id"], one["url"], one["area"], one["state"], one["deadLetter"]) == (
        told["id"],
        URL,
        "060000000000",
        "ready",
        None,
    )
    assert told["secret"] not in run("list", "--json").output + run("list").output


def test_a_webhook_is_removed(ready: Path) -> None:
    number = added()["id"]
    assert run("remove", number).exit_code == 0
    assert listed() == []
    assert run("remove", number).exit_code == 2
    assert run("resend", number).exit_code == 2


def test_a_dead_letter_is_seen_and_sent_again(ready: Path) -> None:
    number = added()["id"]
    engine = create_engine(f"sqlite:///{ready / 'operations.db'}")
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE webhook SET message_id = 'msg_1', message = '{\"type\": \"catalog.changed\"}',"
                " message_cursor = cursor, attempts = 12, dead_at = 1000000, last_error = 'It answered 500.'"
            )
        )
    engine.dispose()
    (one,) = listed()
    assert (one["state"], one["lastError"]) == ("dead", "It answered 500.")
    assert one["deadLetter"] == {"id": "msg_1", "since": 1.0, "body": {"type": "catalog.changed"}}
    assert "It answered 500." in run("list").output
    assert run("resend", number).exit_code == 0
    assert (listed()[0]["state"], listed()[0]["attempts"]) == ("waiting", 0)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:10/x",
        "https://127.0.0.1/x",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "ftp://a/x",
        "x",
    ],
)
def test_an_address_that_must_not_be_called_is_refused(ready: Path, url: str) -> None:
    result = run("add", url)
    assert result.exit_code != 0
    assert "can't be called" in result.output
    assert listed() == []


def test_a_wrong_area_is_refused(ready: Path) -> None:
    result = run("add", URL, "--area", "6")
    assert result.exit_code != 0
    assert "ARS" in result.output
