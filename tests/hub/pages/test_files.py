import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from hub.pages.files import Files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "page.css").write_text("a { color: red }")
    (tmp_path / "sub" / "page.css.gz").write_bytes(gzip.compress(b"a { color: red }"))
    (tmp_path / "font.woff2").write_bytes(b"font")
    (tmp_path / ".built").write_text("secret")
    return tmp_path


def browser(files: Files) -> TestClient:
    return TestClient(Starlette(routes=[files.route()]))


def test_a_file_is_kept_for_good_under_the_address_of_its_content(folder: Path) -> None:
    files = Files("static", folder)
    answer = browser(files).get(files.address("font.woff2"))
    assert answer.content == b"font"
    assert answer.headers["content-type"] == "font/woff2"
    assert "immutable" in answer.headers["cache-control"]


def test_changed_content_changes_the_address_and_the_old_one_is_kept_briefly(folder: Path) -> None:
    before = Files("static", folder)
    (folder / "font.woff2").write_bytes(b"other")
    after = Files("static", folder)
    assert before.address("font.woff2") != after.address("font.woff2")
    answer = browser(after).get(before.address("font.woff2"))
    assert answer.content == b"other"
    assert "immutable" not in answer.headers["cache-control"]


def test_who_reads_gzip_gets_the_small_form(folder: Path) -> None:
    files = Files("static", folder)
    address = files.address("sub/page.css")
    small = browser(files).get(address, headers={"accept-encoding": "gzip"})
    large = browser(files).get(address, headers={"accept-encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in large.headers
    assert small.text == large.text == "a { color: red }"
    assert small.headers["content-type"].startswith("text/css")
    assert large.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["missing.css", "../files.py", "..%2Ffiles.py", ".built", "sub", "sub/"])
def test_only_what_was_there_at_the_start_is_served(folder: Path, path: str) -> None:
    files = Files("static", folder)
    assert browser(files).get(f"/static/{files.version}/{path}").status_code == 404


def test_a_folder_that_is_missing_is_empty(tmp_path: Path) -> None:
    files = Files("assets", tmp_path / "none")
    assert "kern/kern.min.css" not in files
    assert browser(files).get("/assets/x/kern.css").status_code == 404
