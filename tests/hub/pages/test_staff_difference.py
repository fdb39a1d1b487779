"""What one run made of one object: field by field, texts by words."""

from typing import Any

import pytest

from catalog_sync.catalog.keys import EntryId, parse_entry_id
from catalog_sync.catalog.turning import turn_of
from catalog_sync.pipeline.retention import prune
from hub.pages.staff.difference import rows_of
from hub.pages.staff.words import Part, compared
from tests.catalog_sync.pipeline.hub import Hub, open_hub
from tests.conftest import Databases
from tests.hub.pages.test_staff import SOURCE, StaffStage, stage
from tests.makers import authority, delete, message, service

__all__ = ["stage"]

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"
ONE = parse_entry_id("L100042.LB.1")


async def turn(hub: Hub, run: str, named: EntryId = ONE) -> Any:
    return await hub.databases.catalog.read(lambda c: turn_of(c, run, named))


async def deliver(hub: Hub, *writes: Any, at: str, deletes: Any = ()) -> str:
    return str((await hub.deliver(message(created=at, writes=writes, deletes=deletes)))["run"])


def said(parts: list[Part], changed: str) -> str:
    """A side as text, what changed between marks."""
    return "".join(
        "…" if one.gap else f"{changed}{one.text}{changed}" if one.changed else one.text for one in parts
    )


async def shown(hub: Hub, run: str, language: Any = "de", named: EntryId = ONE) -> dict[str, tuple[str, str]]:
    rows = rows_of(language, await turn(hub, run, named))
    return {row.label: (said(row.before, "-"), said(row.after, "+")) for row in rows}


async def test_only_what_a_run_changed_is_shown(databases: Databases) -> None:
    hub = await open_hub(databases)
    first = await deliver(
        hub,
        service(
            "1",
            modules={"05": "Kurz", "08": "<p>Ein Foto</p>"},
            fees=["37.00"],
            changed="2026-02-01T00:00:00Z",
        ),
        at=MARCH,
    )
    second = await deliver(
        hub,
        service(
            "1",
            modules={"05": "Kurz", "08": "<p>Ein neues Foto</p>"},
            fees=["39.00"],
            keywords=["Perso"],
            changed="2026-03-01T00:00:00Z",
        ),
        at=APRIL,
    )
    third = await deliver(hub, at=MAY, deletes=[delete("Leistung", "1")])
    found = await shown(hub, second)
    assert found["Erforderliche Unterlagen (Deutsch)"] == ("Ein Foto", "Ein +neues +Foto")
    assert found["Kosten"] == ("-37-,00\N{NO-BREAK SPACE}€", "+39+,00\N{NO-BREAK SPACE}€")
    assert found["Begriffe"] == ("", "+Perso (Deutsch)+")
    assert set(found) == {"Erforderliche Unterlagen (Deutsch)", "Kosten", "Begriffe", "Geändert am"}
    assert "Required documents (Deutsch)" in await shown(hub, second, "en")
    added, gone = await turn(hub, first), await turn(hub, third)
    assert (added.before, gone.after) == (None, None)
    assert (await shown(hub, first))["Kurztext (Deutsch)"] == ("", "+Kurz+")
    assert (await shown(hub, third))["Kurztext (Deutsch)"] == ("-Kurz-", "")


async def test_a_revert_shows_the_way_back_and_a_run_that_did_nothing_shows_nothing(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    await deliver(hub, service("1", title="Alt"), at=MARCH)
    run = await deliver(hub, service("1", title="Neu"), at=APRIL)
    again = await deliver(hub, service("1", title="Neu"), at=MAY)
    assert await turn(hub, again) is None
    assert await turn(hub, run, parse_entry_id("L100042.LB.2")) is None
    back = (await hub.pipeline.revert(again))["run"]
    assert await turn(hub, back) is None
    back = (await hub.pipeline.revert(run))["run"]
    assert (await shown(hub, back))["Titel (Deutsch)"] == ("-Neu-", "+Alt+")


async def test_other_kinds_are_shown_too(databases: Databases) -> None:
    hub = await open_hub(databases)
    await deliver(hub, authority("7", "Bürgeramt"), at=MARCH)
    run = await deliver(hub, authority("7", "Bürgerbüro"), at=APRIL)
    found = await shown(hub, run, named=parse_entry_id("L100042.OE.7"))
    assert found["Name (Deutsch)"] == ("-Bürgeramt-", "+Bürgerbüro+")


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("a b c", "a b c", "a b c", "a b c"),
        ("a b c", "a x c", "a -b- c", "a +x+ c"),
        ("", "neu", "", "+neu+"),
        ("alt", "", "-alt-", ""),
        ("37,00 €", "39,00 €", "-37-,00 €", "+39+,00 €"),
        ("eins\nzwei", "eins\ndrei", "eins\n-zwei-", "eins\n+drei+"),
    ],
)
def test_words_are_told_apart(old: str, new: str, before: str, after: str) -> None:
    found = compared(old, new)
    assert (said(found[0], "-"), said(found[1], "+")) == (before, after)


def test_long_passages_that_stay_are_left_out_in_the_middle() -> None:
    same = " ".join(f"w{number}" for number in range(200))
    before, after = compared(f"{same} alt {same}", f"{same} neu {same}")
    assert [part.gap for part in before] == [True, False, False, False, True]
    assert sum(len(part.text.split()) for part in after) < 40
    assert next(part.text for part in after if part.changed) == "neu"


def test_very_long_texts_are_told_apart_as_a_whole() -> None:
    old, new = (" ".join(f"{word}{number}" for number in range(3000)) for word in "ab")
    before, after = compared(f"gleich {old} Ende", f"gleich {new} Ende")
    assert [part.text for part in before if part.changed] == [old]
    assert [part.text for part in after if part.changed] == [new]


async def test_the_page_is_reached_from_the_run(stage: StaffStage) -> None:
    browser = await stage.enters()
    await stage.run(message(created=MARCH, writes=[service("1", title="Alter <Titel>"), service("2")]))
    content = message(
        created=APRIL, writes=[service("1", title="Neuer &lt;Titel&gt;")], deletes=[delete("Leistung", "2")]
    )
    run = await stage.run(content)
    await browser.opens(f"{SOURCE}/laeufe/{run}?ergebnis=all")
    await browser.opens(browser.link(f"{SOURCE}/laeufe/{run}/objekt?id=L100042.LB.1"))
    assert browser.heading == "Was sich geändert hat"
    assert "<del>Alter" in browser.page
    assert "<ins>Neuer" in browser.page
    assert browser.response.headers["cache-control"] == "no-store"
    await browser.opens(f"{SOURCE}/laeufe/{run}/objekt?id=L100042.LB.2&lang=en")
    assert "Since this run this object is gone." in browser.page
    for wrong in ("", "x", "L100042.LB.3", "%00"):
        await browser.opens(f"{SOURCE}/laeufe/{run}/objekt?id={wrong}&lang=de")
        assert browser.response.status_code == 404
    await browser.opens(f"{SOURCE}/laeufe/nothing/objekt?id=L100042.LB.1")
    assert browser.response.status_code == 404
    stranger = await stage.enters("max:zertifikat", granted=False)
    await stranger.opens(f"{SOURCE}/laeufe/{run}/objekt?id=L100042.LB.1")
    assert stranger.response.status_code == 403


async def test_a_dry_run_leads_to_what_would_be_different(stage: StaffStage) -> None:
    browser = await stage.enters()
    await stage.run(message(created=MARCH, writes=[service("1", title="Alter Titel"), service("2")]))
    content = message(created=APRIL, writes=[service("1", title="Neuer Titel"), service("2"), service("3")])
    run = await stage.run(content, dry_run=True)
    await browser.opens(f"{SOURCE}/laeufe/{run}?ergebnis=all")
    assert f"{SOURCE}/laeufe/{run}/objekt?id=L100042.LB.2" not in browser.page
    await browser.opens(browser.link(f"{SOURCE}/laeufe/{run}/objekt?id=L100042.LB.1"))
    assert browser.heading == "Was sich ändern würde"
    assert "<del>Alter" in browser.page
    assert "<ins>Neuer" in browser.page
    await browser.opens(f"{SOURCE}/laeufe/{run}/objekt?id=L100042.LB.3&lang=en")
    assert browser.heading == "What would change"
    assert "There was no such object yet." in browser.page
    await browser.opens(f"{SOURCE}/laeufe/{run}/objekt?id=L100042.LB.2")
    assert browser.response.status_code == 404


async def test_of_a_dry_run_whose_difference_is_not_kept_any_more_no_page_is_offered(
    stage: StaffStage,
) -> None:
    browser = await stage.enters()
    run = await stage.run(message(created=MARCH, writes=[service("1")]), dry_run=True)
    await browser.opens(f"{SOURCE}/laeufe/{run}?ergebnis=all")
    assert "/objekt?" in browser.page
    await prune(stage.databases.catalog, stage.databases.operations, 2**60)
    await browser.opens(f"{SOURCE}/laeufe/{run}?ergebnis=all")
    assert "L100042.LB.1" in browser.page
    assert "/objekt?" not in browser.page
