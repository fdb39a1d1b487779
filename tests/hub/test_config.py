from pathlib import Path

import pytest

from hub.config import Settings, read_settings
from hub.errors import ConfigError
from hub.serving import checked_for_serving


def test_without_any_setting_there_are_three_sqlite_files_below_var() -> None:
    settings = read_settings({})
    assert [settings.url_of(name) for name in ("catalog", "identity", "operations")] == [
        "sqlite:///var/catalog.db",
        "sqlite:///var/identity.db",
        "sqlite:///var/operations.db",
    ]


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(
        'data_dir = "/data"\nissuer = "https://one.example/"\negress_allow = ["127.0.0.1:9000"]\n'
    )
    settings = read_settings({"HUB_CONFIG": str(file), "HUB_ISSUER": "https://two.example"})
    assert (settings.data_dir, settings.issuer) == (Path("/data"), "https://two.example")
    assert settings.egress_allow == ("127.0.0.1:9000",)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"HUB_RATE_LIMIT": "maybe"}, "HUB_RATE_LIMIT"),
        ({"HUB_CATALOG_URL": "mysql://x/y"}, "HUB_CATALOG_URL"),
        ({"HUB_CATALOG_URL": "no address"}, "HUB_CATALOG_URL"),
        ({"HUB_CATALOG_URL": "sqlite:///a.db", "HUB_IDENTITY_URL": "sqlite:///a.db"}, "HUB_IDENTITY_URL"),
        ({"HUB_ISSUER": "ftp://hub.example"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://hub.example/?x=1"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://hub.example/#part"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://[::1"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://hub.example:port"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://user:secret@hub.example"}, "HUB_ISSUER"),
        ({"HUB_CONFIG": "/nowhere/hub.toml"}, "HUB_CONFIG"),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        read_settings(environ)


@pytest.mark.parametrize(
    "issuer",
    ["https://hub.example", "https://hub.example:8443", "https://hub.example/hub", "http://[::1]:8000"],
)
def test_a_good_issuer_is_taken_as_it_is(issuer: str) -> None:
    assert read_settings({"HUB_ISSUER": issuer}).issuer == issuer


def test_an_unknown_setting_in_the_file_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('isuer = "https://hub.example"\n')
    with pytest.raises(ConfigError, match=r"unknown setting isuer\. Known are .*issuer"):
        read_settings({"HUB_CONFIG": str(file)})


def test_on_loopback_the_hub_names_itself_and_warns() -> None:
    settings, warnings = checked_for_serving(Settings(rate_limit="off"), "127.0.0.1", 8000)
    assert settings.issuer == "http://127.0.0.1:8000"
    assert len(warnings) == 2


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (Settings(), "HUB_ISSUER"),
        (Settings(issuer="http://hub.example"), "HUB_ISSUER"),
        (Settings(issuer="https://hub.example", rate_limit="off"), "HUB_RATE_LIMIT"),
        (Settings(issuer="https://hub.example", egress_allow=("10.0.0.1:80",)), "HUB_EGRESS_ALLOW"),
    ],
)
def test_off_loopback_what_suits_only_a_demonstration_is_refused_by_name(
    settings: Settings, named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        checked_for_serving(settings, "0.0.0.0", 8000)  # noqa: S104 - the point of the test


def test_off_loopback_a_public_issuer_serves_without_a_warning() -> None:
    assert checked_for_serving(Settings(issuer="https://hub.example"), "0.0.0.0", 8000)[1] == []  # noqa: S104
