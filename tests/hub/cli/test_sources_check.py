"""``verbundhub sources check``, over catalogues that `sync import` filled."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from catalog_sync.quality.rules import QualityRule
from hub.cli.sources import sources
from hub.cli.sync import sync
from hub.migrations import METADATA
from tests.catalog_sync.pipeline.hub import add_areas
from tests.makers import authority, message, online_service, service

AREA = ["06"]


@pytest.fixture(autouse=True)
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty databases that the settings name, with the source ``hessen``."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    for name, tables in METADATA.items():
        engine = create_engine(f"sqlite:///{tmp_path / name}.db")
        with engine.begin() as connection:
            tables.create_all(connection)
            if name == "catalog":
                add_areas(connection, AREA)
        engine.dispose()
    add("hessen", "L100042")
    return tmp_path


def add(key: str, agency: str) -> None:
    words = ["add", key, "--name", key.title(), "--agency", agency, "--areas", "06"]
    assert CliRunner().invoke(sources, words).exit_code == 0


def deliver(folder: Path, *writes: Any) -> None:
    path = folder / "a.xml"
    path.write_bytes(message(writes=writes))
    assert CliRunner().invoke(sync, ["import", "--source", "hessen", str(path)]).exit_code == 0


def check(*arguments: str) -> Result:
    return CliRunner().invoke(sources, ["check", *arguments])


def told(result: Result) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def test_nothing_wanting_ends_with_0(ready: Path) -> None:
    deliver(ready, authority("7"), online_service("8"))
    assert check("hessen").exit_code == 0
    report = told(check("--json"))
    assert report["sources"] == [
        {"source": "hessen", "counts": {one.value: 0 for one in QualityRule}, "findings": []}
    ]


def test_something_wanting_ends_with_1_and_is_told(ready: Path) -> None:
    deliver(ready, online_service("8", "Antrag", url=None))
    result = check("hessen")
    assert result.exit_code == 1
    assert "hessen online-service-without-link L100042.OD.8 “Antrag”: It has no link." in result.stdout
    report = told(check("hessen", "--json"))
    assert report["sources"][0]["counts"]["online-service-without-link"] == 1
    assert report["sources"][0]["findings"] == [
        {
            "rule": "online-service-without-link",
            "entryId": "L100042.OD.8",
            "title": "Antrag",
            "detail": "It has no link.",
        }
    ]


def test_the_day_before_which_texts_are_old_can_be_named(ready: Path) -> None:
    deliver(ready, service("1", areas=AREA, changed="2026-02-01T11:30:00+01:00"))
    later = told(check("--json", "--older-than", "2026-02-02"))
    assert (later["olderThan"], later["sources"][0]["counts"]["outdated"]) == ("2026-02-02", 1)
    assert told(check("--json", "--older-than", "2026-02-01"))["sources"][0]["counts"]["outdated"] == 0


def test_the_screen_shows_some_and_says_how_many_more(ready: Path) -> None:
    deliver(ready, *(online_service(str(number), url=None) for number in range(25)))
    shown = check("hessen").stdout
    assert shown.count("online-service-without-link L100042") == 20
    assert "hessen: 5 more; --json has all." in shown
    assert len(told(check("--json"))["sources"][0]["findings"]) == 25


def test_every_source_is_checked_where_none_is_named(ready: Path) -> None:
    add("kassel", "L100077")
    assert [one["source"] for one in told(check("--json"))["sources"]] == ["hessen", "kassel"]
    assert [one["source"] for one in told(check("kassel", "--json"))["sources"]] == ["kassel"]


def test_a_source_that_there_is_not_and_a_day_that_is_none_are_refused() -> None:
    result = check("bayern")
    assert result.exit_code != 0
    assert "There is no source bayern." in result.stderr
    assert check("hessen", "--older-than", "gestern").exit_code not in (0, 1)


@pytest.fixture
def site() -> Iterator[str]:
    """A web server of this machine, in a thread: ``/`` is there, everything else is not."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Pages(BaseHTTPRequestHandler):
    """Answers from memory, in silence."""

    def do_HEAD(self) -> None:
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - likewise

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_links_are_asked_by_hand_before(ready: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_EGRESS_ALLOW", site)
    deliver(ready, online_service("1", url=f"http://{site}/"), online_service("2", url=f"http://{site}/no"))
    report = told(check("hessen", "--links", "--json"))
    assert (report["links"]["asked"], report["links"]["left"]) == (2, 0)
    assert report["links"]["counts"] == {
        "good": 1,
        "moved": 0,
        "failing": 1,
        "dead": 0,
        "gone": 0,
        "blocked": 0,
        "refused": 0,
        "unchecked": 0,
    }
    assert report["sources"][0]["counts"]["dead-link"] == 0, "it may pass"
    assert "links" not in told(check("hessen", "--json"))
    shown = check("--links").stdout
    assert "Asked 1 addresses. Of all: 1 good, 1 failing." in shown


def test_an_address_of_the_own_network_is_told_and_not_asked(ready: Path, site: str) -> None:
    deliver(ready, online_service("1", url=f"http://{site}/"))
    result = check("hessen", "--links", "--json")
    assert result.exit_code == 1
    [finding] = told(result)["sources"][0]["findings"]
    assert (finding["rule"], finding["entryId"]) == ("refused-link", "L100042.OD.1")
    assert finding["detail"].startswith(
        f"Not reachable from outside: http://{site}/ (a private network, since "
    )
    [link] = finding["links"]
    assert (link["url"], link["verdict"], link["answer"]) == (f"http://{site}/", "refused", "private")
    assert "refused-link L100042.OD.1" in check("hessen").stdout


def test_links_of_a_source_that_there_is_not_are_refused() -> None:
    assert "There is no source bayern." in check("bayern", "--links").stderr
