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


def test_deliveries_are_kept_for_days_or_for_ever() -> None:
    assert read_settings({}).keep_deliveries_seconds == 90 * 24 * 3600
    assert read_settings({"HUB_KEEP_DELIVERIES": "7"}).keep_deliveries_seconds == 7 * 24 * 3600
    assert read_settings({"HUB_KEEP_DELIVERIES": "forever"}).keep_deliveries_seconds is None


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
        ({"HUB_KEEP_DELIVERIES": "0"}, "HUB_KEEP_DELIVERIES"),
        ({"HUB_SYNC_PROCESSES": "two"}, "HUB_SYNC_PROCESSES"),
        ({"HUB_KEEP_DELIVERIES": "ever"}, "HUB_KEEP_DELIVERIES"),
        ({"HUB_CATALOG_URL": "mysql://x/y"}, "HUB_CATALOG_URL"),
        ({"HUB_CATALOG_URL": "no address"}, "HUB_CATALOG_URL"),
        ({"HUB_CATALOG_URL": "sqlite:///a.db", "HUB_IDENTITY_URL": "sqlite:///a.db"}, "HUB_IDENTITY_URL"),
        (
            {"HUB_IDENTITY_URL": "sqlite:///a.db", "HUB_OPERATIONS_URL": "sqlite:///./a.db"},
            "HUB_OPERATIONS_URL",
        ),
        (
            {
                "HUB_CATALOG_URL": "postgresql://h/c",
                "HUB_IDENTITY_URL": "sqlite:///a.db",
                "HUB_OPERATIONS_URL": "sqlite:///a.db",
            },
            "one SQLite file",
        ),
        ({"HUB_EGRESS_ALLOW": "anything"}, "HUB_EGRESS_ALLOW"),
        ({"HUB_EGRESS_ALLOW": "127.0.0.1:9000,http://10.0.0.1:80"}, "http://10.0.0.1:80"),
        ({"HUB_EGRESS_ALLOW": "127.0.0.1:99999"}, "HUB_EGRESS_ALLOW"),
        ({"HUB_ISSUER": "ftp://hub.example"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://hub.example/?x=1"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://hub.example/#part"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://[::1"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://hub.example:port"}, "HUB_ISSUER"),
        ({"HUB_ISSUER": "https://user:secret@hub.example"}, "HUB_ISSUER"),
        ({"HUB_RATE_LIMIT": "99"}, "HUB_RATE_LIMIT"),
        ({"HUB_RATE_LIMIT": "-100"}, "HUB_RATE_LIMIT"),
        ({"HUB_TRUSTED_PROXIES": "proxy.example"}, "HUB_TRUSTED_PROXIES"),
        ({"HUB_TRUSTED_PROXIES": "10.0.0.1/8"}, "HUB_TRUSTED_PROXIES"),
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


def test_exceptions_for_calls_to_outside_are_hosts_with_ports() -> None:
    settings = read_settings({"HUB_EGRESS_ALLOW": "127.0.0.1:9000, localhost:1,[::1]:65535"})
    assert settings.egress_allow == ("127.0.0.1:9000", "localhost:1", "[::1]:65535")


def test_one_server_may_hold_all_three_databases() -> None:
    urls = dict.fromkeys(("HUB_CATALOG_URL", "HUB_IDENTITY_URL", "HUB_OPERATIONS_URL"), "postgresql://h/all")
    assert read_settings(urls).identity_url == "postgresql://h/all"


def test_the_file_may_use_the_names_of_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('HUB_DATA_DIR = "/data"\nHUB_RATE_LIMIT = "off"\n')
    settings = read_settings({"HUB_CONFIG": str(file)})
    assert (settings.data_dir, settings.rate_limit) == (Path("/data"), "off")


def test_an_unknown_setting_in_the_file_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('isuer = "https://hub.example"\n')
    with pytest.raises(ConfigError, match=r"unknown setting isuer\. Known are .*issuer"):
        read_settings({"HUB_CONFIG": str(file)})


@pytest.mark.parametrize(
    ("said", "points"), [("on", 600_000), ("off", None), ("100", 100), ("5000000", 5_000_000)]
)
def test_a_rate_limit_is_points_a_minute(said: str, points: int | None) -> None:
    assert read_settings({"HUB_RATE_LIMIT": said}).points == points


def test_proxies_are_addresses_and_networks() -> None:
    settings = read_settings({"HUB_TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16,2001:db8::/32"})
    assert settings.trusted_proxies == ("10.0.0.1", "10.1.0.0/16", "2001:db8::/32")


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
        (Settings(issuer="https://hub.example", trusted_proxies=("0.0.0.0/0",)), "HUB_TRUSTED_PROXIES"),
        (Settings(issuer="https://hub.example", trusted_proxies=("10.0.0.1", "::/0")), "HUB_TRUSTED_PROXIES"),
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


@pytest.mark.parametrize(
    ("links", "issuer", "checks"),
    [
        ("auto", "https://hub.example", True),
        ("auto", "http://127.0.0.1:8000", False),
        ("auto", "", False),
        ("off", "https://hub.example", False),
        ("on", "http://localhost:8000", True),
    ],
)
def test_links_are_checked_where_the_hub_is_public_or_is_told_to(
    links: str, issuer: str, checks: bool
) -> None:
    settings = read_settings({"HUB_LINKS": links, "HUB_ISSUER": issuer})
    assert settings.checks_links is checks


def test_links_can_be_on_off_or_auto() -> None:
    with pytest.raises(ConfigError, match="HUB_LINKS"):
        read_settings({"HUB_LINKS": "sometimes"})
