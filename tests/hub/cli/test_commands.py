import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hub.cli.commands import verbundhub


def _names() -> list[str]:
    return verbundhub.list_commands(click.Context(verbundhub))


@pytest.mark.parametrize("name", _names())
def test_every_command_is_where_the_table_says_and_has_help(name: str) -> None:
    answer = CliRunner().invoke(verbundhub, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert f" {name} " in answer.output


def test_the_help_page_lists_what_people_use() -> None:
    page = CliRunner().invoke(verbundhub, ["--help"]).output
    for name in (
        "areas",
        "clients",
        "demo",
        "export-schema",
        "migrate",
        "serve",
        "services",
        "sources",
        "sync",
    ):
        assert f"\n  {name} " in page
    assert "demo-prepare" not in page


def test_an_unknown_command_is_wrong_usage() -> None:
    command = [sys.executable, "-m", "hub", "no-such-command"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 64
    assert "No such command" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_folder_that_cant_be_used_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path / "file" / "data"))
    answer = CliRunner().invoke(verbundhub, ["migrate"])
    assert (answer.exit_code, answer.stdout) == (64, "")
    assert "HUB_DATA_DIR" in answer.stderr
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path / "data"))
    assert CliRunner().invoke(verbundhub, ["migrate"]).exit_code == 0


def test_the_demonstration_begins_without_the_whole_hub() -> None:
    code = "import sys, hub.cli.entry, hub.cli.demo; print([m for m in ('sqlalchemy', 'strawberry', 'lxml') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_schema_is_printed_plainly_or_as_composers_read_it() -> None:
    plain = CliRunner().invoke(verbundhub, ["export-schema"]).output
    subgraph = CliRunner().invoke(verbundhub, ["export-schema", "--subgraph"]).output
    assert "type Service implements Node {" in plain
    assert "@key" not in plain
    assert 'extend type Area @key(fields: "id") @key(fields: "ars")' in subgraph
    assert "type PageInfo @shareable {" in subgraph
