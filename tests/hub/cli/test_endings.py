"""How commands end when they are called wrongly or what they need is not there: one sentence and status 64."""

import socket
import sqlite3
from pathlib import Path

import asyncpg
import pytest

from hub.cli.entry import main
from hub.cli.running import database_sentence
from hub.serving import check_can_listen
from tests.makers import authority, message


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings name it as the data folder; nothing is in it."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def nobody_listens() -> str:
    """Host and port at which no server is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


class Shell:
    """Calls the program as a shell does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def status(self, *words: str) -> tuple[int | str | None, str]:
        """Exit status and what was said on stderr."""
        self._monkeypatch.setattr("sys.argv", ["verbundhub", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, self._capsys.readouterr().err


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """One for the test."""
    return Shell(monkeypatch, capsys)


def test_a_portal_with_a_bad_address_is_wrong_usage_and_a_good_one_is_taken(
    folder: Path, shell: Shell
) -> None:
    assert shell.status("migrate")[0] == 0
    status, said = shell.status("clients", "add", "--name", "P", "--redirect-uri", "no-address")
    assert status == 64
    assert "web address" in said
    assert shell.status("clients", "add", "--name", " ", "--redirect-uri", "https://p.example/")[0] == 64
    assert shell.status("clients", "add", "--name", "P", "--redirect-uri", "https://p.example/")[0] == 0


@pytest.mark.parametrize(
    "command", [["migrate"], ["sources", "add", "a", "--name", "A", "--agency", "A", "--areas", "00"]]
)
def test_a_server_that_does_not_answer_is_said_in_a_sentence(
    folder: Path, shell: Shell, nobody_listens: str, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("HUB_CATALOG_URL", f"postgresql://hub@{nobody_listens}/hub")
    status, said = shell.status(*command)
    assert status == 64
    assert "did not answer" in said
    assert "HUB_DATA_DIR" not in said


def test_a_database_that_does_not_exist_is_to_be_created(
    folder: Path, shell: Shell, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_CATALOG_URL", f"{postgres_url.rsplit('/', 1)[0]}/no_such_database")
    status, said = shell.status("migrate")
    assert status == 64
    assert "Create it" in said


def test_without_migration_each_command_names_it(folder: Path, shell: Shell) -> None:
    add = ("sources", "add", "a", "--name", "A", "--agency", "A", "--areas", "00")
    assert "verbundhub migrate" in shell.status(*add)[1]
    assert shell.status("migrate")[0] == 0
    catalogue = sqlite3.connect(folder / "catalog.db")
    catalogue.execute("ALTER TABLE source RENAME COLUMN name TO title")
    catalogue.close()
    status, said = shell.status(*add)
    assert status == 64
    assert "Run `verbundhub migrate`" in said


def test_an_address_that_is_taken_is_wrong_usage_and_a_free_one_is_not(folder: Path, shell: Shell) -> None:
    assert shell.status("migrate")[0] == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said = shell.status("serve", "--port", str(port))
    assert status == 64
    assert f"127.0.0.1:{port}" in said
    check_can_listen("127.0.0.1", port)


def test_what_a_driver_says_in_the_midst_of_bulk_work_is_one_sentence(folder: Path, shell: Shell) -> None:
    assert shell.status("migrate")[0] == 0
    assert shell.status("sources", "add", "a", "--name", "A", "--agency", "L100042", "--areas", "00")[0] == 0
    path = folder.parent / "message.xml"
    path.write_bytes(message(writes=[authority("u")]))
    with sqlite3.connect(folder / "catalog.db") as connection:
        connection.execute("DROP TABLE holding")
    status, said = shell.status("sync", "import", "--source", "a", str(path))
    assert status == 64
    assert "no such table: holding" in said
    assert "verbundhub migrate" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (sqlite3.OperationalError("database or disk is full"), "Make room"),
        (asyncpg.DiskFullError("could not extend file: No space left on device"), "Make room"),
        (sqlite3.OperationalError("database is locked"), "wait for it"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "Let the account"),
        (sqlite3.DatabaseError("file is not a database"), "restore a backup"),
        (sqlite3.DatabaseError("database disk image is malformed"), "restore the last backup"),
        (asyncpg.TooManyConnectionsError("sorry, too many clients already"), "max_connections"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else one,
)
def test_what_a_driver_says_is_told_with_what_would_mend_it(error: Exception, remedy: str) -> None:
    said = database_sentence(error)
    assert str(error) in said
    assert remedy in said
