from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.assurance import AssuranceLevel
from identity.broker.upstream import UpstreamConfigError, is_secure, read_upstreams

GOOD = """
[[upstream]]
id = "konto"
name = { de = "Bürgerkonto", en = "Citizen account" }
issuer = "https://idp.example"
client_id = "hub"
client_secret = "s"
levels = ["high", "low"]
organisations = true
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "upstreams.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_names_upstreams_in_order(tmp_path: Path) -> None:
    second = GOOD.replace('"konto"', '"two"').replace("idp.example", "two.example")
    first, other = read_upstreams(written(tmp_path, GOOD + second))
    assert (first.id, other.id) == ("konto", "two")
    assert first.offered == (AssuranceLevel.LOW, AssuranceLevel.HIGH)
    assert first.highest is AssuranceLevel.HIGH
    assert (first.named("de"), first.named("en")) == ("Bürgerkonto", "Citizen account")
    assert first.algorithms == ("RS256", "ES256")


def test_an_empty_file_is_no_upstream(tmp_path: Path) -> None:
    assert read_upstreams(written(tmp_path, "")) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('id = "konto"', 'id = "../konto"'), "small letters"),
        (('levels = ["high", "low"]', 'levels = ["highest"]'), "highest"),
        (('levels = ["high", "low"]', "levels = []"), "one entry at least"),
        (("https://idp.example", "http://idp.example"), "https"),
        (("https://idp.example", "https://idp.example?x=1"), "https"),
        (('client_id = "hub"', ""), "client_id"),
        (("organisations = true", "organisation = true"), "organisation"),
        (("organisations = true", 'algorithms = ["HS256"]'), "HS256"),
        (("organisations = true", 'scope = "profile"'), "openid"),
        (('name = { de = "Bürgerkonto", en = "Citizen account" }', "name = {}"), "name"),
        (("[[upstream]]", "[[upstream"), "upstreams"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    with pytest.raises(UpstreamConfigError) as caught:
        read_upstreams(written(tmp_path, GOOD.replace(*change)))
    assert reason in caught.value.sentence


def test_two_upstreams_can_not_be_one(tmp_path: Path) -> None:
    with pytest.raises(UpstreamConfigError, match="same id"):
        read_upstreams(written(tmp_path, GOOD + GOOD))
    with pytest.raises(UpstreamConfigError, match="same issuer"):
        read_upstreams(written(tmp_path, GOOD + GOOD.replace('"konto"', '"two"')))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UpstreamConfigError, match="cannot be read"):
        read_upstreams(tmp_path / "none.toml")


def test_plain_http_on_this_machine_only() -> None:
    assert is_secure("https://idp.example")
    assert is_secure("http://127.0.0.1:8003")
    assert not is_secure("http://127.0.0.1.evil.example")
    assert not is_secure("https://")
    assert not is_secure("")


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("x") / "u.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(UpstreamConfigError):
        assert read_upstreams(path) == ()
