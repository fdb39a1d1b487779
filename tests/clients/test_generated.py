"""What is generated from the schema: Relay's artefacts, and the examples' types; both examples run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from schema.federation import PRINTED
from tests.clients.conftest import RunningHub
from tests.clients.programs import HERE, node

EXAMPLES = HERE.parent.parent / "examples"
MODULES = HERE / "node_modules"
FOUND = [
    "Personalausweis Ausstellung (99008001012000) in Wetzlar",
    "- Bürgerbüro Wetzlar: ",
    "- online: https://online.example/antrag",
]


def run(folder: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A program in a folder; both its outputs as one text."""
    return subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **environ},
    )


@pytest.fixture
def relay(tmp_path: Path) -> Path:
    node()
    shutil.copytree(HERE / "relay", tmp_path / "relay")
    shutil.copy(PRINTED, tmp_path / "relay" / "schema.graphql")
    return tmp_path / "relay"


def compiled(folder: Path) -> subprocess.CompletedProcess[str]:
    """Relay's compiler over a folder."""
    return run(folder, node(), str(MODULES / "relay-compiler" / "cli.js"), "relay.config.json")


def test_relays_compiler_takes_the_schema_with_pages_nodes_and_refetching(relay: Path) -> None:
    done = compiled(relay)
    assert done.returncode == 0, done.stdout
    generated = {path.name for path in (relay / "src" / "__generated__").iterdir()}
    assert {"ServiceListPaginationQuery.graphql.ts", "ServiceListServiceRefetchQuery.graphql.ts"} <= generated
    refetch = (relay / "src" / "__generated__" / "ServiceListServiceRefetchQuery.graphql.ts").read_text(
        "utf-8"
    )
    assert "node(id: $id)" in refetch


def test_relays_compiler_refuses_a_schema_without_nodes(relay: Path) -> None:
    schema = relay / "schema.graphql"
    schema.write_text(
        schema.read_text("utf-8").replace("type Service implements Node {", "type Service {"), "utf-8"
    )
    done = compiled(relay)
    assert done.returncode != 0
    assert "Service" in done.stdout


def test_the_typescript_example_is_generated_compiled_and_answered(hub: RunningHub, tmp_path: Path) -> None:
    node()
    folder = tmp_path / "typescript"
    shutil.copytree(
        EXAMPLES / "typescript", folder, ignore=shutil.ignore_patterns("node_modules", "dist", "gql")
    )
    (folder / "node_modules").symlink_to(MODULES)
    for command in (
        [str(MODULES / ".bin" / "graphql-codegen"), "--config", "codegen.ts"],
        [str(MODULES / ".bin" / "tsc")],
    ):
        done = run(folder, *command, HUB_SCHEMA=str(PRINTED))
        assert done.returncode == 0, done.stdout
    done = run(folder, node(), "dist/find-service.js", "Personalausweis", "35578", HUB_GRAPH=hub.graph)
    assert [line.startswith(want) for line, want in zip(done.stdout.splitlines(), FOUND, strict=True)] == [
        True
    ] * 3
    wrong = run(folder, node(), "dist/find-service.js", "Personalausweis", "1", HUB_GRAPH=hub.graph)
    assert "BAD_POSTCODE" in wrong.stdout
    source = folder / "src" / "find-service.ts"
    source.write_text(source.read_text("utf-8").replace("service.title", "service.titel"), "utf-8")
    assert "Property 'titel' does not exist" in run(folder, str(MODULES / ".bin" / "tsc"), "--noEmit").stdout


def test_the_python_example_is_answered(hub: RunningHub) -> None:
    command = [sys.executable, str(EXAMPLES / "python" / "find_service.py")]
    done = run(EXAMPLES, *command, "Personalausweis", "35578", HUB_GRAPH=hub.graph)
    assert [line.startswith(want) for line, want in zip(done.stdout.splitlines(), FOUND, strict=True)] == [
        True
    ] * 3
    wrong = run(EXAMPLES, *command, "Personalausweis", "99999", HUB_GRAPH=hub.graph)
    assert wrong.returncode == 1
    assert "There is no place with the postcode 99999." in wrong.stdout


def test_the_example_names_the_packages_that_are_tested() -> None:
    tested = json.loads((HERE / "package.json").read_text("utf-8"))["devDependencies"]
    named = json.loads((EXAMPLES / "typescript" / "package.json").read_text("utf-8"))["devDependencies"]
    assert named.items() <= tested.items()
