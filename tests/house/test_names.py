"""Three packages share a name with one on the public index: ours must be the ones that are imported."""

from pathlib import Path

import pytest

import catalog_sync
import hub
import identity
import resolvers
import schema

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("package", [hub, schema, resolvers, identity, catalog_sync])
def test_package_is_ours(package: object) -> None:
    assert Path(str(package.__file__)).parent.parent == ROOT  # type: ignore[attr-defined]


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_drawers(name: str) -> None:
    packages = ("hub", "schema", "resolvers", "identity", "catalog_sync")
    assert [
        path
        for package in packages
        for path in (ROOT / package).rglob(f"{name}*")
        if path.suffix in ("", ".py")
    ] == []
