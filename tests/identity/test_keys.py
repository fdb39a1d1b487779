import os
import secrets
from pathlib import Path

import pytest

from identity.keys import KeysMissingError, ensure_keys, load_keys


def test_keys_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    ensure_keys(tmp_path, secrets.token_bytes)
    folder = tmp_path / "keys"
    before = {path.name: path.read_text() for path in folder.iterdir()}
    ensure_keys(tmp_path, secrets.token_bytes)
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
    assert len(before) == 4
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_was_made_can_be_loaded(tmp_path: Path) -> None:
    ensure_keys(tmp_path, secrets.token_bytes)
    first, second = load_keys(tmp_path), load_keys(tmp_path)
    assert len(first.cookie_secret) == len(first.pairwise_salt) == 32
    assert first.cookie_secret != first.pairwise_salt
    assert second.opened(first.sign({"a": 1}, algorithm="RS256")) == {"a": 1}


@pytest.mark.parametrize(
    "missing", ["*", "signing-RS256-*", "signing-ES256-*", "cookie.secret", "pairwise.salt"]
)
def test_missing_keys_say_what_to_do(tmp_path: Path, missing: str) -> None:
    ensure_keys(tmp_path, secrets.token_bytes)
    for path in (tmp_path / "keys").glob(missing):
        path.unlink()
    with pytest.raises(KeysMissingError, match="verbundhub migrate"):
        load_keys(tmp_path)


@pytest.mark.parametrize("name", ["cookie.secret", "pairwise.salt", "signing-RS256-x.json"])
@pytest.mark.parametrize("content", ["", "zz", "00ff", "{}"])
def test_a_damaged_secret_is_never_used(tmp_path: Path, name: str, content: str) -> None:
    ensure_keys(tmp_path, secrets.token_bytes)
    (tmp_path / "keys" / name).write_text(content)
    with pytest.raises(KeysMissingError):
        load_keys(tmp_path)


def test_an_older_key_still_verifies_and_the_newest_signs(tmp_path: Path) -> None:
    ensure_keys(tmp_path, secrets.token_bytes)
    old = load_keys(tmp_path)
    [path] = (tmp_path / "keys").glob("signing-ES256-*")
    kept = path.read_text()
    path.unlink()
    ensure_keys(tmp_path, secrets.token_bytes)
    path.write_text(kept)
    [newer] = [p for p in (tmp_path / "keys").glob("signing-ES256-*") if p != path]
    later = path.stat().st_mtime + 10
    os.utime(newer, (later, later))
    new = load_keys(tmp_path)
    assert new.opened(old.sign({"a": 1}, algorithm="ES256")) == {"a": 1}
    assert new.signing["ES256"].kid != old.signing["ES256"].kid
