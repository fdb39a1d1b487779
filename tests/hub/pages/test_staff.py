"""The pages for a source's staff: who gets in, what they see, what they may do."""

import re
import secrets
from dataclasses import dataclass
from functools import partial

import pytest
from sqlalchemy import Connection, insert, update

from catalog_sync.catalog.tables import source
from catalog_sync.intake import Intake
from catalog_sync.operations import pull, sync_lease
from catalog_sync.pipeline.record import write_run
from catalog_sync.pipeline.retention import prune
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.sources.incoming import Sizes
from catalog_sync.sources.registry import add_source
from hub.app import PageGraph
from hub.graph import Graph
from hub.pages.staff.access import StaffDoor
from hub.pages.staff.routes import routes
from identity.keys import Keys
from identity.source_staff import SourceStaff
from identity.source_tokens import SourceTokens
from identity.viewers import Viewers
from tests.catalog_sync.pipeline.hub import AREAS, add_areas, file
from tests.conftest import Databases
from tests.hub.pages.login_stage import HUB, PAGES, Browser, LoginStage
from tests.hub.pages.test_login import session_of
from tests.makers import message, service

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
SOURCE = "/quellen/hessen"


@dataclass
class StaffStage:
    login: LoginStage
    pipeline: Pipeline
    staff: SourceStaff
    databases: Databases

    async def enters(self, choice: str = "erika:ausweis", *, granted: bool = True) -> Browser:
        """Somebody signed in, and granted the source unless not."""
        browser = self.login.browser(accept="text/html")
        await browser.opens("/login")
        await browser.logs_in(choice)
        session = await session_of(self.login, browser)
        assert session is not None
        if granted:
            await self.staff.grant("hessen", session.account_id)
        return browser

    async def run(self, content: bytes, **more: object) -> str:
        report = await self.pipeline.deliver("hessen", [file(content)], **more)  # type: ignore[arg-type]
        return str(report["run"])

    async def waiting_run(self) -> str:
        """A snapshot that would delete 30 of 60 objects."""
        await self.run(snapshot(60, MARCH), mode="snapshot")
        return await self.run(snapshot(30, APRIL), mode="snapshot")


def snapshot(number: int, at: str) -> bytes:
    return message(created=at, writes=[service(f"s{one}") for one in range(number)])


@pytest.fixture
async def stage(sqlite_databases: Databases, keys: Keys) -> StaffStage:
    login = LoginStage(sqlite_databases.identity, keys)
    catalog, operations = sqlite_databases.catalog, sqlite_databases.operations
    await catalog.write(lambda connection: add_areas(connection, AREAS))
    for key in ("hessen", "sachsen"):
        await catalog.write(
            lambda c, key=key: add_source(  # type: ignore[misc]
                c, key, key.title(), agencies=["L100042"], areas=["06"], now=0
            )
        )
    sizes = Sizes(wire=200_000)
    pipeline = Pipeline(catalog, operations, clock=login.clock, random=secrets.token_bytes, sizes=sizes)
    tokens = SourceTokens(sqlite_databases.identity, login.clock, secrets.token_bytes)
    staff = SourceStaff(sqlite_databases.identity, login.clock)
    door = StaffDoor(login.provider, login.sessions, staff, PAGES)
    viewers = Viewers(
        HUB, sqlite_databases.identity, login.sessions, login.accounts, login.provider.pairwise, login.clock
    )
    graph = PageGraph(Graph(catalog, operations, login.clock, HUB), viewers)
    login.streets.apps["hub.example"].router.routes.extend(routes(door, Intake(pipeline, tokens), graph))
    return StaffStage(login, pipeline, staff, sqlite_databases)


def counts(page: str) -> list[tuple[str, str]]:
    """The five counts of the page's first run."""
    return re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page)[:5]


async def test_nobody_is_sent_to_the_login_and_comes_back(stage: StaffStage) -> None:
    await stage.enters()
    browser = stage.login.browser()
    await browser.opens(f"{SOURCE}?seite=1")
    assert browser.heading == "Anmelden"
    await browser.logs_in("erika:ausweis")
    assert (browser.at, browser.response.status_code) == (f"{HUB}{SOURCE}?seite=1", 200)
    assert browser.heading == "Quelle Hessen"
    assert browser.response.headers["cache-control"] == "no-store"


async def test_a_weak_login_is_asked_for_a_stronger_one(stage: StaffStage) -> None:
    browser = await stage.enters("erika:konto")
    await browser.opens(SOURCE)
    assert browser.at.startswith(f"{HUB}/login")
    assert "substanziell" in browser.page
    await browser.logs_in("erika:ausweis")
    assert (browser.at, browser.heading) == (HUB + SOURCE, "Quelle Hessen")


async def test_substantial_is_enough(stage: StaffStage) -> None:
    browser = await stage.enters("max:zertifikat")
    await browser.opens(SOURCE)
    assert browser.heading == "Quelle Hessen"


@pytest.mark.parametrize("path", ["", "/qualitaet", "/laeufe/x", "/laeufe/x/freigeben"])
async def test_who_was_not_granted_is_told_so(stage: StaffStage, path: str) -> None:
    browser = await stage.enters(granted=False)
    session = await session_of(stage.login, browser)
    for key in ("hessen", "nirgends"):
        await browser.opens(f"/quellen/{key}{path}")
        assert browser.response.status_code == 403
        assert browser.heading == "Diese Quelle ist für Ihr Konto nicht freigeschaltet"
        assert session is not None
        assert session.account_id in browser.page


async def test_a_grant_counts_for_one_source_and_until_it_is_taken_back(stage: StaffStage) -> None:
    browser = await stage.enters()
    session = await session_of(stage.login, browser)
    assert session is not None
    run = await stage.run(snapshot(1, MARCH))
    await browser.opens("/quellen/sachsen")
    assert browser.response.status_code == 403
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    assert browser.response.status_code == 200
    await stage.staff.grant("sachsen", session.account_id)
    await browser.opens(f"/quellen/sachsen/laeufe/{run}")
    assert browser.response.status_code == 404
    await stage.staff.withdraw("hessen", session.account_id)
    await browser.opens(SOURCE)
    assert browser.response.status_code == 403


async def test_the_account_leads_to_its_sources_and_tells_its_id(stage: StaffStage) -> None:
    browser = await stage.enters(granted=False)
    session = await session_of(stage.login, browser)
    assert session is not None
    await browser.opens("/account")
    assert f'href="{SOURCE}"' not in browser.page
    await stage.staff.grant("hessen", session.account_id)
    await browser.opens("/account")
    assert f'href="{SOURCE}"' in browser.page
    await browser.opens("/account/data")
    assert session.account_id in browser.page


async def test_the_timeline_counts_what_needs_a_person_first(stage: StaffStage) -> None:
    browser = await stage.enters()
    await browser.opens(SOURCE)
    assert "Hier ist noch keine Lieferung angekommen." in browser.page
    await stage.run(message(writes=[service("1"), service("2", "nonsense"), service("3")]))
    await browser.opens(SOURCE)
    assert counts(browser.page) == [
        ("Abgelehnt", "1"),
        ("Wartet", "0"),
        ("Neu", "2"),
        ("Geändert", "0"),
        ("Gelöscht", "0"),
    ]
    await browser.opens(f"{SOURCE}?lang=en")
    assert browser.heading == "Source Hessen"
    assert ("Rejected", "1") in counts(browser.page)


async def test_the_timeline_has_pages(stage: StaffStage) -> None:
    browser = await stage.enters()
    for number in range(21):
        await stage.run(message(writes=[service(str(number))]))
    await browser.opens(SOURCE)
    assert browser.page.count(f'href="{SOURCE}/laeufe/') == 20
    await browser.opens(browser.link(f"{SOURCE}?seite=2"))
    assert browser.page.count(f'href="{SOURCE}/laeufe/') == 1
    assert "Nächste Seite" not in browser.page
    for said in ("0", "-1", "x", "²", "9" * 30):
        await browser.opens(f"{SOURCE}?seite={said}")
        assert browser.response.status_code == 200


async def test_a_run_shows_first_what_is_to_be_settled(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = await stage.run(message(writes=[service("good"), service("bad", "nonsense")]))
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    assert "L100042.LB.bad" in browser.page
    assert "L100042.LB.good" not in browser.page
    told = (await stage.pipeline.report(run))["objects"][1]
    german = (
        "Der Leistungsschlüssel „nonsense“ hat andere Zeichen",
        "Ein Leistungsschlüssel (LeiKa) hat 14 Ziffern",
    )
    for word in (*german, told["rule"], f"message.xml, Zeile {told['line']}"):
        assert word in browser.page
    await browser.opens(f"{SOURCE}/laeufe/{run}?lang=en")
    for word in (told["reason"], told["remedy"]):
        assert word in browser.page
    await browser.opens(f"{SOURCE}/laeufe/{run}?lang=de")
    await browser.opens(browser.link(f"{SOURCE}/laeufe/{run}?ergebnis=added"))
    assert "L100042.LB.good" in browser.page
    assert "L100042.LB.bad" not in browser.page
    await browser.opens(f"{SOURCE}/laeufe/{run}?ergebnis=all")
    assert "L100042.LB.good" in browser.page
    assert "L100042.LB.bad" in browser.page


async def test_many_objects_come_in_pages(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = await stage.run(snapshot(60, MARCH))
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    assert browser.page.count(">L100042.LB.s") == 50
    await browser.opens(browser.link(f"{SOURCE}/laeufe/{run}?ergebnis=all&seite=2"))
    assert browser.page.count(">L100042.LB.s") == 10


async def test_what_a_delivery_says_is_shown_as_text(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = await stage.run(message(writes=[service("&lt;script&gt;alert(1)&lt;/script&gt;", "nonsense")]))
    await browser.opens(f"{SOURCE}/laeufe/{run}?ergebnis=all")
    assert "<script>alert" not in browser.response.text


async def test_deletions_are_confirmed_after_a_question(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = await stage.waiting_run()
    await browser.opens(SOURCE)
    assert "Ein Lauf wartet auf Ihre Freigabe" in browser.page
    await browser.opens(browser.link(f"{SOURCE}/laeufe/{run}/freigeben"))
    assert "30 von 60 Leistungsbeschreibungen" in browser.page
    await browser.presses(f"{SOURCE}/laeufe/{run}/freigeben")
    assert browser.at == f"{HUB}{SOURCE}/laeufe/{run}"
    assert "Gelöscht (30)" in browser.page
    await browser.opens(SOURCE)
    assert "Ein Lauf wartet auf Ihre Freigabe" not in browser.page
    await browser.opens(f"{SOURCE}/laeufe/{run}/freigeben")
    assert "nichts zu tun" in browser.page


async def test_a_run_is_taken_back_after_a_question_and_only_once(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = await stage.run(snapshot(2, MARCH))
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    await browser.opens(browser.link(f"{SOURCE}/laeufe/{run}/zuruecknehmen"))
    form = browser.hidden()
    await browser.presses(f"{SOURCE}/laeufe/{run}/zuruecknehmen")
    assert browser.heading.startswith("Rücknahme vom")
    assert "Gelöscht (2)" in browser.page
    await browser.sends(f"{SOURCE}/laeufe/{run}/zuruecknehmen", form)
    assert browser.response.status_code == 409
    assert "Dieser Lauf wurde schon zurückgenommen" in browser.page
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    assert "Wurde zurückgenommen" in browser.page
    assert "/zuruecknehmen" not in browser.page


async def test_a_forged_form_does_nothing(stage: StaffStage) -> None:
    browser, other = await stage.enters(), await stage.enters("max:zertifikat")
    run, first = await stage.waiting_run(), await stage.run(message(writes=[service("n")]))
    ask, path = f"{SOURCE}/laeufe/{run}/freigeben", f"{SOURCE}/laeufe/{run}/freigeben"
    await other.opens(ask)
    strange = other.hidden()
    await browser.opens(f"{SOURCE}/laeufe/{first}/zuruecknehmen")
    of_another_deed = browser.hidden()
    for forged in ({}, {"form_token": "0" * 64}, strange, of_another_deed):
        await browser.sends(path, forged)
        assert (browser.response.status_code, browser.heading) == (403, "Es wurde nichts geändert")
    assert (await stage.pipeline.report(run))["state"] == "to_confirm"
    stranger = stage.login.browser()
    await stranger.sends(path, strange)
    assert stranger.heading == "Anmelden"
    assert (await stage.pipeline.report(run))["state"] == "to_confirm"


async def uploads(browser: Browser, content: bytes, name: str = "lieferung.xml", **fields: str) -> None:
    await browser.opens(SOURCE)
    data = browser.hidden() | {"mode": "delta"} | fields
    answer = await browser.http.post(
        f"{HUB}{SOURCE}/probelauf", data=data, files={"file": (name, content, "text/xml")}
    )
    await browser._arrives(answer)  # noqa: SLF001 - what the browser of all tests does after a form


async def test_an_uploaded_file_shows_what_it_would_change(stage: StaffStage) -> None:
    browser = await stage.enters()
    await stage.run(message(created=MARCH, writes=[service("1"), service("2")]), mode="snapshot")
    changed = message(created=APRIL, writes=[service("1", title="Neuer Titel"), service("3")])
    await uploads(browser, changed, mode="snapshot")
    assert browser.response.status_code == 200
    assert browser.heading.startswith("Probelauf vom")
    for word in ("Neu (1)", "Geändert (1)", "Gelöscht (1)", "lieferung.xml, Zeile"):
        assert word in browser.page
    assert "/zuruecknehmen" not in browser.page
    again = await stage.pipeline.deliver("hessen", [file(changed)], mode="snapshot", dry_run=True)
    assert (again["counts"]["added"], again["counts"]["gone"]) == (1, 1)


async def test_a_file_that_cannot_be_taken_is_told(stage: StaffStage) -> None:
    browser = await stage.enters()
    await uploads(browser, b"no xml")
    assert "Datei nicht angenommen: lieferung.xml" in browser.page
    await uploads(browser, b"")
    assert (browser.response.status_code, browser.heading) == (400, "Es gab keinen Probelauf")
    for size in (200_001, 300_000):
        await uploads(browser, b"x" * size)
        assert (browser.response.status_code, browser.heading) == (413, "Es gab keinen Probelauf")
    await browser.sends(f"{SOURCE}/probelauf", {"mode": "delta"})
    assert browser.response.status_code == 400


async def test_a_forged_upload_makes_no_run(stage: StaffStage) -> None:
    browser = await stage.enters()
    await uploads(browser, message(writes=[service("1")]), form_token="0" * 64)
    assert browser.response.status_code == 403
    await browser.opens(SOURCE)
    assert "Hier ist noch keine Lieferung angekommen." in browser.page


async def test_quality_names_what_is_wanting(stage: StaffStage) -> None:
    browser = await stage.enters()
    await browser.opens(f"{SOURCE}/qualitaet")
    assert "Hier ist nichts zu tun." in browser.page
    await stage.run(snapshot(60, MARCH))
    await browser.opens(SOURCE)
    await browser.opens(browser.link(f"{SOURCE}/qualitaet"))
    assert browser.heading == "Qualität: Hessen"
    assert "Textmodule fehlen (60)" in browser.page
    assert "Onlinedienst ohne Link (0)" in browser.page
    assert browser.page.count("L100042.LB.s") == 50
    assert "Es fehlt:" in browser.page
    await browser.opens(browser.link(f"{SOURCE}/qualitaet?regel=MISSING_MODULES&hinter="))
    assert browser.page.count("L100042.LB.s") == 10
    await browser.opens(f"{SOURCE}/qualitaet?regel=NOT_APPROVED&lang=en")
    assert "It has no date of approval." in browser.page
    for said in ("regel=x", "regel=NOT_APPROVED&hinter=x"):
        await browser.opens(f"{SOURCE}/qualitaet?{said}")
        assert browser.response.status_code == 200


async def test_a_run_that_goes_on_tells_how_far_it_is(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = stage.pipeline.new_run("hessen", "delta")
    held: dict[str, object] = {"source": "hessen", "run": run.id, "holder": "x", "beat_at": 0}

    def going(connection: Connection, told: dict[str, object]) -> None:
        connection.execute(sync_lease.delete())
        connection.execute(insert(sync_lease), held | told)

    operations = stage.databases.operations
    await operations.write(lambda c: write_run(c, run))
    stages: list[tuple[dict[str, object], str]] = [
        ({"step": "read", "done": 50, "total": 200}, "Die Lieferung wird gelesen: 25 %"),
        ({"step": "write", "done": 3, "total": 4}, "Die Objekte werden verglichen und geschrieben: 75 %"),
        ({}, "Der Lauf wartet"),
    ]
    for told, words in stages:
        await operations.write(partial(going, told=told))
        await browser.opens(f"{SOURCE}/laeufe/{run.id}")
        assert words in browser.page
        assert 'http-equiv="refresh"' in browser.page
    ended = await stage.run(message(writes=[service("1")]))
    await browser.opens(f"{SOURCE}/laeufe/{ended}")
    assert 'http-equiv="refresh"' not in browser.page
    assert "Die Lieferung wird gelesen" not in browser.page


async def test_the_source_tells_how_old_its_data_are(stage: StaffStage) -> None:
    browser = await stage.enters()
    await browser.opens(SOURCE)
    assert "Hier wurde noch nichts vollständig übernommen." in browser.page
    await stage.run(message(writes=[service("1")]))
    stage.login.clock.now += 3 * 3600 + 60
    browser = await stage.enters()
    await browser.opens(SOURCE)
    assert "(vor 3 Stunden)" in browser.page.replace("\N{NO-BREAK SPACE}", " ")
    await browser.opens(f"{SOURCE}?lang=en")
    assert "(3 hours ago)" in browser.page.replace("\N{NO-BREAK SPACE}", " ")


async def test_fetching_that_fails_is_told_with_its_reason(stage: StaffStage) -> None:
    browser = await stage.enters()
    row = {
        "source": "hessen",
        "due_at": 2**50,
        "failures": 3,
        "reason": "https://x could not be fetched: it answered 500.",
    }
    await stage.databases.operations.write(lambda c: c.execute(insert(pull), row))
    await browser.opens(SOURCE)
    assert "Der Abruf gelingt nicht" not in browser.page
    fetched = update(source).where(source.c.key == "hessen").values(index_url="https://x", every_seconds=60)
    await stage.databases.catalog.write(lambda c: c.execute(fetched))
    await browser.opens(SOURCE)
    assert "Der Abruf gelingt nicht" in browser.page
    assert "https://x konnte nicht abgeholt werden: Die Antwort war 500." in browser.page


async def test_a_run_that_is_too_old_offers_no_revert(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = await stage.run(message(writes=[service("1")]))
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    assert "/zuruecknehmen" in browser.page
    await prune(stage.databases.catalog, stage.databases.operations, 2**62)
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    assert "/zuruecknehmen" not in browser.page
    assert "lässt sich dieser Lauf nicht mehr zurücknehmen" in browser.page
