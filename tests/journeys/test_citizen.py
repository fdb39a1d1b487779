"""A citizen in a real browser: one login, two portals, a higher level, out everywhere."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.demo.layout import Layout

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("demonstration")]


@dataclass(frozen=True)
class Person:
    """One of the demonstration's persons, and the strongest means they have."""

    name: str
    means: str
    level: str


ERIKA = Person("Erika Mustermann", "Online-Ausweis", "hoch")
MAX = Person("Max Mustermann", "Zertifikat", "substanziell")


class Citizen:
    """One person at one browser window; remembers which programs they were sent to, and takes pictures."""

    def __init__(self, page: Page, demonstration: Layout, folder: Path, person: "Person") -> None:
        self.person = person
        self.page = page
        self.demonstration = demonstration
        self._folder = folder
        self._pictures = 0
        self.visited: list[str] = []
        self.complaints: list[str] = []
        page.on("framenavigated", lambda frame: self.visited.append(frame.url))
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type == "error" else None,
        )

    def picture(self, name: str) -> None:
        """Keep what the person sees."""
        self._pictures += 1
        file = self._folder / f"{self._pictures:02}-{name}.png"
        self.page.screenshot(path=str(file), full_page=True)
        if kept := os.environ.get("HUB_TEST_SCREENSHOTS"):
            Path(kept).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, Path(kept) / f"{self._folder.name}-{file.name}")

    def sees(self, words: str) -> None:
        """The words stand on the page."""
        expect(self.page.locator("body")).to_contain_text(words)

    def heading(self, words: str) -> None:
        """The page is the one with that heading."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def opens(self, address: str) -> None:
        """Types an address."""
        self.page.goto(address)

    def follows(self, words: str) -> None:
        """Clicks a link."""
        self.page.get_by_role("link", name=words, exact=False).first.click()

    def presses(self, words: str) -> None:
        """Clicks a button."""
        self.page.get_by_role("button", name=words, exact=False).first.click()

    def searches(self, words: str, place: str) -> None:
        """Uses a portal's search box."""
        self.page.get_by_label("Leistung oder Stichwort").fill(words)
        self.page.get_by_label("Wo?").fill(place)
        self.presses("Suchen")

    def was_at(self, address: str) -> bool:
        """Whether the browser went to that program since the last `forgets`."""
        place = urlsplit(address).netloc
        return any(urlsplit(url).netloc == place for url in self.visited)

    def forgets(self) -> None:
        """Begin a new memory of visited programs."""
        self.visited.clear()


@pytest.fixture(params=[(360, ERIKA), (1280, MAX)], ids=["phone", "wide"])
def citizen(
    request: pytest.FixtureRequest, browser: Browser, demonstration: Layout, tmp_path: Path
) -> Iterator[Citizen]:
    width, person = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="de-DE")
    context.set_default_timeout(15_000)
    folder = tmp_path / str(width)
    folder.mkdir()
    yield Citizen(context.new_page(), demonstration, folder, person)
    context.close()


def _finds_and_reads(citizen: Citizen) -> None:
    citizen.opens(citizen.demonstration.hessen)
    citizen.heading("Was möchten Sie erledigen?")
    citizen.picture("hessen-front")
    citizen.searches("Personalausweis", "Kassel")
    citizen.heading("Ergebnisse für")
    citizen.picture("hessen-results")
    citizen.follows("Personalausweis beantragen")
    citizen.heading("Personalausweis beantragen")
    citizen.sees("Ort: Kassel")
    citizen.sees("Wer ist zuständig?")
    citizen.page.get_by_text("Warum diese Stelle?").first.click()
    citizen.page.get_by_text("Was dieses Portal den Graphen gefragt hat").click()
    citizen.picture("hessen-service")


def _logs_in_at_hessen(citizen: Citizen) -> str:
    citizen.page.locator(".person-bar").get_by_role("link", name="Anmelden").click()
    citizen.heading("Anmelden bei Serviceportal Hessen (Demo)")
    citizen.picture("hub-login")
    citizen.presses("Bürgerkonto (Demo)")
    citizen.heading("Wer möchte sich anmelden?")
    citizen.picture("identity-provider")
    person = citizen.page.locator("li", has_text=citizen.person.name)
    person.get_by_text("Mit niedrigerem Niveau anmelden").click()
    person.get_by_role("button", name="Benutzerkonto").click()
    citizen.heading("an Serviceportal Hessen (Demo) weitergeben?")
    citizen.picture("hub-consent-hessen")
    citizen.presses("Weitergeben und anmelden")
    citizen.sees(f"Angemeldet als {citizen.person.name}")
    citizen.heading("Personalausweis beantragen")
    citizen.sees("Vertrauensniveau: niedrig")
    citizen.picture("hessen-signed-in")
    return _sub(citizen, citizen.demonstration.hessen)


def _sub(citizen: Citizen, portal: str) -> str:
    citizen.opens(f"{portal}/konto")
    citizen.sees("Der Graph nennt diesem Portal dasselbe Kennzeichen.")
    citizen.picture("account")
    return citizen.page.locator("#sub").inner_text()


def _is_known_at_sachsen(citizen: Citizen) -> str:
    citizen.opens(citizen.demonstration.sachsen)
    citizen.forgets()
    citizen.follows("Anmelden")
    citizen.heading("an Serviceportal Sachsen (Demo) weitergeben?")
    citizen.picture("hub-consent-sachsen")
    citizen.presses("Weitergeben und anmelden")
    citizen.sees(f"Angemeldet als {citizen.person.name}")
    assert not citizen.was_at(citizen.demonstration.identity_provider), "A second login was asked for."
    citizen.picture("sachsen-signed-in")
    return _sub(citizen, citizen.demonstration.sachsen)


def _steps_up(citizen: Citizen) -> None:
    citizen.opens(citizen.demonstration.sachsen)
    citizen.searches("BAföG", "Dresden")
    citizen.follows("BAföG")
    citizen.follows("Höheres Vertrauensniveau nötig: so geht es")
    citizen.heading("Höheres Vertrauensniveau nötig")
    citizen.picture("sachsen-step-up")
    citizen.follows("Mit höherem Vertrauensniveau anmelden")
    citizen.heading("Dafür brauchen Sie ein höheres Vertrauensniveau")
    citizen.picture("hub-step-up")
    citizen.presses("Bürgerkonto (Demo)")
    citizen.page.get_by_role(
        "button", name=re.compile(f"{citizen.person.name}.*{citizen.person.means}", re.DOTALL)
    ).click()
    citizen.sees(f"Vertrauensniveau: {citizen.person.level}")
    citizen.follows("Online beantragen")
    citizen.heading("Hier würde der Onlinedienst beginnen")
    citizen.picture("sachsen-online-service")


def _signs_out_everywhere(citizen: Citizen) -> None:
    citizen.opens(citizen.demonstration.hessen)
    citizen.sees("Angemeldet als")
    citizen.presses("Abmelden")
    citizen.heading("Sie sind abgemeldet")
    citizen.picture("signed-out")
    for portal in (citizen.demonstration.hessen, citizen.demonstration.sachsen):
        citizen.opens(portal)
        expect(citizen.page.locator(".person-bar")).not_to_contain_text("Angemeldet als")
    citizen.picture("sachsen-signed-out")
    citizen.follows("Anmelden")
    citizen.heading("Anmelden bei Serviceportal Sachsen (Demo)")


def test_one_login_two_portals_a_higher_level_and_out_everywhere(citizen: Citizen) -> None:
    _finds_and_reads(citizen)
    at_hessen = _logs_in_at_hessen(citizen)
    at_sachsen = _is_known_at_sachsen(citizen)
    assert at_hessen != at_sachsen
    _steps_up(citizen)
    assert _sub(citizen, citizen.demonstration.sachsen) == at_sachsen
    _signs_out_everywhere(citizen)
    assert citizen.complaints == []
