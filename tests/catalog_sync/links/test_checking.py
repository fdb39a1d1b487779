"""The link checker over real sockets and real databases; time is the test's own."""

import asyncio
from itertools import pairwise

import pytest
from sqlalchemy import Connection, select, update

from catalog_sync.catalog.store import CatalogReader
from catalog_sync.links.outside import Reply
from catalog_sync.links.verdicts import Verdict
from catalog_sync.operations import link_host
from tests.catalog_sync.links.site import Fault, Page, Site
from tests.catalog_sync.links.stage import DAY, HOUR, Stage

GOOD, FAILING = ("good", "200"), "failing"


@pytest.fixture
def here(stage: Stage) -> Site:
    site = stage.sites[0]
    site.pages["/"] = Page()
    return site


async def test_an_address_is_asked_once_a_period_however_many_name_it(stage: Stage, here: Site) -> None:
    urls = [here.url("/"), here.url("/") + "#top", here.url("/").upper().replace("HTTP", "http")]
    assert await stage.check(*urls) == {"/": GOOD}
    assert here.paths() == ["/"]
    assert len({entry for entry, _ in await stage.uses()}) == 3
    await stage.later(6 * DAY)
    assert len(here.paths()) == 1
    await stage.later(2 * DAY)
    assert len(here.paths()) == 2


async def test_who_asks_says_so_by_head_first(stage: Stage, here: Site) -> None:
    await stage.check(here.url("/"))
    assert [(one.method, one.path) for one in here.asked] == [("GET", "/robots.txt"), ("HEAD", "/")]
    assert {one.agent for one in here.asked} == {"Verbundhub-links (Verbundhub; +https://hub.example)"}


@pytest.mark.parametrize("head", [400, 403, 404, 405, 500, 501])
async def test_where_head_is_refused_get_decides(stage: Stage, here: Site, head: int) -> None:
    here.pages["/"] = Page(head=head, body=b"x" * 100_000)
    assert await stage.check(here.url("/")) == {"/": GOOD}
    assert [one.method for one in here.asked if one.path == "/"] == ["HEAD", "GET"]


@pytest.mark.parametrize("status", [404, 410])
async def test_gone_is_said_when_the_server_says_so_again(stage: Stage, here: Site, status: int) -> None:
    here.pages["/a"] = Page(status)
    answer = str(status)
    assert await stage.check(here.url("/a")) == {"/a": (FAILING, answer)}
    first = (await stage.rows())["/a"].since
    assert await stage.later(HOUR / 2) == {"/a": (FAILING, answer)}
    assert await stage.later(HOUR) == {"/a": ("gone", answer)}
    row = (await stage.rows())["/a"]
    assert row.since == first
    here.pages["/a"] = Page()
    assert await stage.later(8 * DAY) == {"/a": GOOD}


@pytest.mark.parametrize("status", [500, 502, 400, 418])
async def test_dead_is_said_after_failures_of_three_days(stage: Stage, here: Site, status: int) -> None:
    here.pages["/a"] = Page(status)
    answer = str(status)
    assert await stage.check(here.url("/a")) == {"/a": (FAILING, answer)}
    assert await stage.later(DAY) == {"/a": (FAILING, answer)}
    assert await stage.later(DAY / 2) == {"/a": (FAILING, answer)}
    assert await stage.later(DAY / 2 + HOUR) == {"/a": ("dead", answer)}


async def test_a_failure_that_passes_is_forgotten(stage: Stage, here: Site) -> None:
    here.pages["/a"] = Page(500)
    await stage.check(here.url("/a"))
    await stage.later(DAY)
    here.pages["/a"] = Page()
    assert await stage.later(DAY) == {"/a": GOOD}
    here.pages["/a"] = Page(500)
    assert await stage.later(8 * DAY) == {"/a": (FAILING, "500")}
    assert (await stage.rows())["/a"].failures == 1


async def test_asking_by_hand_does_not_condemn_sooner(stage: Stage, here: Site) -> None:
    here.pages["/a"] = Page(500)
    await stage.check(here.url("/a"))
    for _ in range(4):
        await stage.checker().again()
        assert await stage.later(60) == {"/a": (FAILING, "500")}
    assert len([one for one in here.asked if one.path == "/a" and one.method == "HEAD"]) == 5


async def test_what_is_not_good_is_asked_again_by_hand_and_only_of_that_source(
    stage: Stage, here: Site
) -> None:
    other = stage.sites[1]
    other.pages["/b"] = Page(500)
    here.pages["/a"] = Page(500)
    await stage.hub.add_source("kassel", ["L100077"], ["06"])
    await stage.deliver(other.url("/b"), source="kassel", agency="L100077")
    await stage.check(here.url("/"), here.url("/a"))
    before = len(other.asked)
    here.pages["/a"] = Page()
    stage.time.now += HOUR
    number = await _source_number(stage, "hessen")
    checker = stage.checker()
    await checker.again(number)
    assert await checker.due(number) == 1
    assert await checker.round(number) == 1
    assert (await stage.verdicts())["/a"] == GOOD
    assert (len(other.asked), here.paths().count("/")) == (before, 1)


async def _source_number(stage: Stage, key: str) -> int:
    async with stage.hub.databases.catalog.snapshot() as snapshot:
        from_key = {one.key: one.number for one in (await CatalogReader(snapshot).sources()).values()}
    return from_key[key]


@pytest.mark.parametrize(
    ("status", "moved"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
async def test_moved_is_said_of_permanent_redirects(
    stage: Stage, here: Site, status: int, moved: bool
) -> None:
    here.redirect("/a", "/", status)
    assert await stage.check(here.url("/a")) == {"/a": ("moved" if moved else "good", "200")}
    assert (await stage.rows())["/a"].target == (here.url("/") if moved else None)


async def test_only_the_permanent_beginning_is_noted(stage: Stage, here: Site) -> None:
    here.redirect("/a", "/b")
    here.redirect("/b", "/c", 302)
    here.redirect("/c", "/")
    assert await stage.check(here.url("/a")) == {"/a": ("moved", "200")}
    assert (await stage.rows())["/a"].target == here.url("/b")


async def test_a_redirect_is_followed_to_another_host_by_its_rules(stage: Stage, here: Site) -> None:
    other = stage.sites[1]
    other.pages["/x"] = Page()
    other.pages["/robots.txt"] = Page(body=b"User-agent: *\nDisallow: /secret")
    here.redirect("/a", other.url("/x"))
    here.redirect("/b", other.url("/secret"))
    found = await stage.check(here.url("/a"), here.url("/b"))
    assert found == {"/a": ("moved", "200"), "/b": ("blocked", "robots")}
    assert other.paths() == ["/x"]


async def test_five_redirects_are_followed_and_no_more(stage: Stage, here: Site) -> None:
    for number in range(1, 7):
        here.redirect(f"/{number}", f"/{number - 1}", 302)
    here.pages["/0"] = Page()
    here.redirect("/round", "/round", 302)
    here.pages["/nowhere"] = Page(302)
    found = await stage.check(here.url("/5"), here.url("/6"), here.url("/round"), here.url("/nowhere"))
    failing = (FAILING, "redirects")
    assert found == {"/5": GOOD, "/6": failing, "/round": failing, "/nowhere": failing}


@pytest.mark.parametrize("status", [401, 403, 407])
async def test_a_page_behind_a_door_is_not_judged(stage: Stage, here: Site, status: int) -> None:
    here.pages["/a"] = Page(status)
    assert await stage.check(here.url("/a")) == {"/a": ("blocked", str(status))}


async def test_what_robots_txt_forbids_is_not_asked(stage: Stage, here: Site) -> None:
    here.pages["/robots.txt"] = Page(body=b"User-agent: verbundhub\nDisallow: /a\nAllow: /a/b\n")
    here.pages["/a/b"] = Page()
    found = await stage.check(here.url("/"), here.url("/a"), here.url("/a/b"))
    assert found == {"/": GOOD, "/a": ("blocked", "robots"), "/a/b": GOOD}
    assert sorted(here.paths()) == ["/", "/a/b"]


async def test_robots_txt_is_kept_for_a_day(stage: Stage, here: Site) -> None:
    await stage.check(here.url("/"))
    here.pages["/b"] = Page()
    await stage.deliver(here.url("/b"), id="2")
    await stage.later(HOUR)
    assert [one.path for one in here.asked].count("/robots.txt") == 1
    here.pages["/c"] = Page()
    await stage.deliver(here.url("/c"), id="3")
    await stage.later(DAY)
    assert [one.path for one in here.asked].count("/robots.txt") == 2


async def test_a_site_whose_robots_txt_fails_is_asked_later_and_after_thirty_days(
    stage: Stage, here: Site
) -> None:
    here.pages["/robots.txt"] = Page(500)
    assert await stage.check(here.url("/")) == {"/": (None, None)}
    assert await stage.later(2 * HOUR) == {"/": (None, None)}
    assert here.paths() == []
    await stage.later(29 * DAY)
    assert here.paths() == []
    assert await stage.later(2 * DAY) == {"/": GOOD}


async def test_robots_txt_may_be_elsewhere(stage: Stage, here: Site) -> None:
    other = stage.sites[1]
    other.pages["/r"] = Page(body=b"User-agent: *\nDisallow: /a")
    here.redirect("/robots.txt", other.url("/r"))
    assert await stage.check(here.url("/a")) == {"/a": ("blocked", "robots")}
    assert other.asked[0].path == "/r"


async def test_a_robots_txt_that_redirects_for_ever_is_none(stage: Stage, here: Site) -> None:
    here.redirect("/robots.txt", "/robots.txt")
    assert await stage.check(here.url("/")) == {"/": GOOD}


async def test_a_robots_txt_is_read_to_its_limit(stage: Stage, here: Site) -> None:
    begin = b"User-agent: *\nDisallow: /a\n"
    here.pages["/robots.txt"] = Page(body=begin + b"#" * 600_000 + b"\nDisallow: /\n")
    assert await stage.check(here.url("/a"), here.url("/")) == {"/a": ("blocked", "robots"), "/": GOOD}


async def test_a_host_is_asked_by_one_at_a_time_with_a_pause(stage: Stage, here: Site) -> None:
    urls = [here.url(f"/{number}") for number in range(6)]
    here.pages |= {f"/{number}": Page() for number in range(6)}
    await stage.check(*urls)
    times = [one.at for one in here.asked]
    assert here.most == 1
    assert min(after - before for before, after in pairwise(times)) >= 0.999


@pytest.mark.parametrize(("asked", "kept"), [("7", 7), ("0.1", 1), ("600", 30)])
async def test_crawl_delay_is_kept_within_bounds(stage: Stage, here: Site, asked: str, kept: float) -> None:
    here.pages["/robots.txt"] = Page(body=f"User-agent: *\nCrawl-delay: {asked}".encode())
    here.pages["/b"] = Page()
    await stage.check(here.url("/"), here.url("/b"))
    first, second = (one.at for one in here.asked[1:])
    assert kept - 0.001 <= second - first <= kept + 1


class Watched:
    """An outside that answers everything and counts who is asked at the same time."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.asked: list[str] = []

    async def ask(self, method: str, url: str, *, most_bytes: int) -> Reply:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.05)
        self.now -= 1
        self.asked.append(url)
        return Reply(404 if url.endswith("/robots.txt") else 200)


async def test_so_many_hosts_at_once_and_no_more_also_by_two_processes(stage: Stage) -> None:
    await stage.deliver(*(f"https://h{number}.example/" for number in range(12)))
    outside = Watched()
    one, two = stage.checker(outside, at_once=3), stage.checker(outside, at_once=3)
    await one.collect()
    assert sum(await asyncio.gather(one.round(), two.round())) == 12
    assert outside.most == 3
    assert len(outside.asked) == len(set(outside.asked)) == 24


async def test_two_processes_collect_each_change_once(stage: Stage) -> None:
    await stage.deliver(*(f"https://h{number}.example/" for number in range(5)))
    await asyncio.gather(*(stage.checker().collect() for _ in range(3)))
    assert len(await stage.uses()) == 5


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("date", [False, True])
async def test_a_host_that_wants_a_rest_has_it(stage: Stage, here: Site, status: int, date: bool) -> None:
    wait = "Mon, 02 Mar 2026 22:00:00 GMT" if date else "7200"
    until = 1_772_488_800.0 if date else stage.time.now + 7200
    stage.time.now = 1_772_480_000.0 if date else stage.time.now
    here.pages |= {"/a": Page(status, (("Retry-After", wait),)), "/b": Page()}
    await stage.deliver(here.url("/a"))
    await stage.deliver(here.url("/b"), id="2")
    found = await stage.check()
    assert found["/b"] == (None, None)
    assert found["/a"] == ((None, None) if status == 429 else (FAILING, "503"))
    assert (await stage.host(here.host)).rest_until / 1e6 == pytest.approx(until, abs=60)
    await stage.later(HOUR)
    assert "/b" not in here.paths()
    stage.time.now = until + 60
    assert (await stage.check())["/b"] == GOOD


async def test_a_rest_that_nobody_names_doubles_and_ends_with_a_good_visit(stage: Stage, here: Site) -> None:
    here.pages["/"] = Page(429)
    rests = []
    for number in range(3):
        await stage.deliver(here.url(f"/?{number}"), id=str(number))
        here.pages[f"/?{number}"] = Page(429)
        await stage.check()
        rests.append((await stage.host(here.host)).rest_until / 1e6 - stage.time.now)
        stage.time.now += rests[-1]
    assert rests == pytest.approx([60, 120, 240], abs=3)
    here.pages |= {f"/?{number}": Page() for number in range(3)}
    await stage.later(DAY)
    assert (await stage.host(here.host)).failures == 0


async def test_failures_in_a_row_break_a_visit_off(stage: Stage, here: Site) -> None:
    here.pages |= {f"/{number}": Page(500) for number in range(9)}
    await stage.check(*(here.url(f"/{number}") for number in range(9)))
    assert len(set(here.paths())) == 3
    assert (await stage.host(here.host)).rest_until / 1e6 >= stage.time.now + 50


@pytest.mark.parametrize(("fault", "answer"), [("hang", "timeout"), ("drip", "timeout"), ("cut", "cut-off")])
async def test_a_site_with_a_fault_does_not_stop_the_others(
    stage: Stage, here: Site, fault: Fault, answer: str
) -> None:
    bad = stage.sites[1]
    bad.pages["/bad"] = Page(fault=fault)
    stage.seconds = 1.5
    found = await stage.check(bad.url("/bad"), here.url("/"))
    assert found == {"/bad": (FAILING, answer), "/": GOOD}


async def test_a_server_that_is_not_there_is_tried_once_for_all_its_addresses(lite: Stage) -> None:
    gone = lite.sites[2]
    found = await lite.check(*(f"http://{gone.host}:1/{number}" for number in range(30)))
    assert set(found.values()) == {("refused", "private")}, "a port that is not among the exceptions"
    asked: list[str] = []

    async def nobody(host: str, port: int) -> list[str]:
        asked.append(host)
        raise OSError("Name or service not known")

    lite.resolve = nobody
    found = await lite.check(*(f"http://no.example/{number}" for number in range(30)))
    assert {answer for path, answer in found.items()} >= {(FAILING, "connect")}
    assert asked == ["no.example"]


async def test_a_visitor_that_died_holds_a_host_for_minutes_only(stage: Stage, here: Site) -> None:
    await stage.deliver(here.url("/"))
    checker = stage.checker()
    await checker.collect()
    here.pages["/robots.txt"] = Page(fault="hang")
    stage.seconds = 30
    task = asyncio.create_task(stage.checker().round())
    while not here.asked:  # noqa: ASYNC110 - another task asks
        await asyncio.sleep(0.01)
    await _kill(stage, task)
    here.pages["/robots.txt"] = Page(404)
    assert await stage.checker().round() == 0
    assert await stage.later(301) == {"/": GOOD}


async def _kill(stage: Stage, task: "asyncio.Task[int]") -> None:
    """End a round in a way in which it can't give its hosts back, as kill -9 does."""
    held = (await stage.host(stage.sites[0].host)).holder
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    until = int((stage.time.now + 300) * 1e6)

    def hold(connection: Connection) -> None:
        values = {"holder": held, "held_until": until, "rest_until": 0}
        connection.execute(update(link_host).values(**values))

    await stage.hub.databases.operations.write(hold)


async def test_what_a_visit_found_is_kept_though_it_is_ended(stage: Stage, here: Site) -> None:
    here.pages["/slow"] = Page(fault="hang")
    stage.seconds = 30
    await stage.deliver(here.url("/"))
    await stage.check()
    await stage.deliver(here.url("/slow"), id="2")
    checker = stage.checker()
    await checker.collect()
    task = asyncio.create_task(checker.round())
    while "/slow" not in here.paths():  # noqa: ASYNC110 - another task asks
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await stage.verdicts() == {"/": GOOD, "/slow": (None, None)}
    assert (await stage.host(here.host)).held_until == 0


async def test_what_was_found_is_told_by_entry(stage: Stage, here: Site) -> None:
    here.redirect("/old", "/")
    await stage.check(here.url("/old"), here.url("/"))
    findings = stage.findings()
    number = await _source_number(stage, "hessen")
    [entry] = await findings.entries([Verdict.MOVED], [number])
    [report] = (await findings.links([Verdict.MOVED], [entry]))[entry]
    assert (report.url, report.target, report.place) == (here.url("/old"), here.url("/"), "links")
    assert (report.verdict, report.answer) == (Verdict.MOVED, "200")
    assert report.since == report.checked_at
    assert await findings.entries([Verdict.MOVED], [number + 1]) == []
    assert await findings.links([Verdict.DEAD], [entry]) == {}


class Names:
    """A name server of the test's own; a name that it does not know is an address itself."""

    def __init__(self, **names: str) -> None:
        self.names = {name.replace("_", "."): address for name, address in names.items()}

    async def __call__(self, host: str, port: int) -> list[str]:
        return [self.names.get(host, host)]


async def test_a_redirect_into_the_own_network_is_refused(stage: Stage, here: Site) -> None:
    inner = stage.sites[1]
    inner.pages["/secret"] = Page()
    stage.sites = [here]
    stage.resolve = Names(evil_example="127.0.0.2", metadata_example="169.254.169.254")
    here.redirect("/a", f"http://evil.example:{inner.port}/secret")
    here.redirect("/b", inner.url("/secret"), 302)
    here.redirect("/c", "http://metadata.example/", 302)
    here.redirect("/d", "ftp://files.example/")
    found = await stage.check(*(here.url(path) for path in ("/a", "/b", "/c", "/d")))
    private = ("refused", "private")
    assert found == {"/a": private, "/b": private, "/c": private, "/d": ("refused", "malformed")}
    assert inner.asked == []


async def test_an_address_of_the_own_network_is_refused_and_robots_txt_not_asked(stage: Stage) -> None:
    inner = stage.sites[1]
    stage.sites = []
    stage.resolve = Names(intranet_example="10.0.0.7")
    found = await stage.check(inner.url("/a"), "http://intranet.example/b", "https://intranet.example/c")
    assert set(found.values()) == {("refused", "private")}
    assert inner.asked == []


async def test_a_robots_txt_that_redirects_into_the_own_network_is_one_that_fails(
    stage: Stage, here: Site
) -> None:
    inner = stage.sites[1]
    stage.sites = [here]
    here.redirect("/robots.txt", inner.url("/robots.txt"))
    assert await stage.check(here.url("/")) == {"/": (None, None)}
    assert (here.paths(), inner.asked) == ([], [])


async def test_a_long_robots_txt_is_kept_to_as_well(lite: Stage) -> None:
    here = lite.sites[0]
    rules = "".join(f"Disallow: /{number:05}\n" for number in range(20_000))
    here.pages |= {"/robots.txt": Page(body=f"User-agent: *\n{rules}".encode()), "/x": Page()}
    found = await lite.check(here.url("/19999"), here.url("/x"))
    assert found == {"/19999": ("blocked", "robots"), "/x": GOOD}


async def test_hosts_that_nobody_names_are_forgotten(stage: Stage, here: Site) -> None:
    other = stage.sites[1]
    other.pages["/x"] = Page()
    here.redirect("/a", other.url("/x"), 302)
    await stage.check(here.url("/a"))
    assert await _hosts(stage) == {here.host, other.host}
    stage.sites[2].pages["/"] = Page()
    stage.time.now += 60
    await stage.deliver(stage.sites[2].url("/"), id="2")
    await stage.check()
    assert await _hosts(stage) == {here.host, stage.sites[2].host}


async def _hosts(stage: Stage) -> set[str]:
    query = select(link_host.c.host)
    return await stage.hub.databases.operations.read(lambda c: set(c.scalars(query)))
