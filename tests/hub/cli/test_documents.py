import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from hub.cli.documents import documents
from hub.documents.book import hash_of
from hub.migrations import METADATA

TEXT = "query Page { sources { key } }"


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty databases that the settings name."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    engine = create_engine(f"sqlite:///{tmp_path / 'operations'}.db")
    METADATA["operations"].create_all(engine)
    engine.dispose()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(documents, arguments)


def written(folder: Path, content: object) -> str:
    path = folder / "documents.json"
    path.write_text(json.dumps(content))
    return str(path)


def listed() -> dict[str, str]:
    return {one["id"]: one["text"] for one in json.loads(run("list", "--json").stdout)}


def test_documents_are_imported_and_listed(ready: Path) -> None:
    result = run("import", written(ready, {"page": TEXT}))
    assert (result.exit_code, result.output) == (
        0,
        "1 trusted documents in documents.json; 1 of them are new or other than before.\n",
    )
    assert listed() == {"page": TEXT}
    assert json.loads(run("list", "--json").stdout)[0]["hash"] == hash_of(TEXT)
    assert run("list").stdout == f"page  {TEXT}\n"


def test_a_list_can_be_added_to_or_replaced(ready: Path) -> None:
    run("import", written(ready, {"page": TEXT}))
    run("import", written(ready, {"other": TEXT}))
    assert set(listed()) == {"page", "other"}
    run("import", "--replace", written(ready, {"third": TEXT}))
    assert set(listed()) == {"third"}


def test_nothing_is_imported_of_a_file_with_a_document_that_does_not_fit(ready: Path) -> None:
    result = run("import", written(ready, {"page": TEXT, "wrong": "{ nothing }"}))
    assert result.exit_code == 2
    assert "wrong: Cannot query field 'nothing' on type 'Query'." in result.stderr
    assert listed() == {}
