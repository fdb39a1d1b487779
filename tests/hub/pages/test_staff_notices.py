"""What a run only noted is shown on its page, in the page's language: every such sentence has its German."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from catalog_sync.catalog.keys import parse_ars
from catalog_sync.errors import BadArs
from catalog_sync.xzufi.findings import RejectionError
from catalog_sync.xzufi.identifiers import name_of
from hub.pages.staff.german_notices import NOTICES
from hub.pages.staff.reasons import Said, sayers
from tests.hub.pages.test_staff import SOURCE, StaffStage, stage
from tests.makers import message, service

if TYPE_CHECKING:
    from catalog_sync.xzufi.elements import Element

__all__ = ["stage"]

ROOT = Path(__file__).parents[3] / "catalog_sync"
GERMAN, ENGLISH = sayers("de"), sayers("en")
_HANDED_ON = {"notice.sentence", "delivered.sentence", "sentence"}
"""What a call that makes a notice may say instead of a sentence: one that was made elsewhere."""


def bad_areas() -> list[str]:
    """All that is said of a key that is none."""
    said = []
    for text in ("hier", "06532023", "0653"):
        with pytest.raises(BadArs) as caught:
            parse_ars(text)
        said.append(caught.value.sentence)
    return said


def bad_names() -> list[str]:
    """All that is said of a unit's parent that cannot be read."""
    ids: list[Element | None] = [None]
    ids += [
        etree.fromstring(f"<id{attribute}>{value}</id>")
        for attribute, value in (
            ("", "1"),
            (" schemeAgencyID='L 1'", "1"),
            (" schemeAgencyID='L1'", "a b"),
        )
    ]
    said = []
    for one in ids:
        with pytest.raises(RejectionError) as caught:
            name_of(one, "parent authority")
        said.append(caught.value.reason)
    return said


_INNER = {"why.sentence": bad_areas, "error.reason": bad_names}


def filled(written: ast.expr) -> Iterator[str]:
    """The sentences that an expression can make, with samples in place of values."""
    match written:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            choices = [list(_part(one)) for one in parts]
            yield from map("".join, product(*choices))


def _part(one: ast.expr) -> Iterator[str]:
    if isinstance(one, ast.FormattedValue):
        inner = _INNER.get(ast.unparse(one.value))
        yield from inner() if inner else ["“x”"]
    else:
        yield from filled(one)


def noted_in(source: str) -> set[str]:
    """Every notice that a module can make: what is handed to ``note``, and ``sentence`` or ``sentences`` it builds."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="note" | "_note") | ast.Name(id="Notice"), args=[_, said, *_]
            ):
                texts = set(filled(said))
                assert texts or ast.unparse(said) in _HANDED_ON, ast.unparse(node)
                found |= texts
            case (
                ast.Assign(targets=[ast.Name(id="sentence" | "sentences")], value=value)
                | ast.AugAssign(target=ast.Name(id="sentences"), value=value)
            ):
                found |= {text for part in _strings(value) for text in filled(part)}
    return found


def _strings(value: ast.expr) -> Iterator[ast.expr]:
    match value:
        case ast.ListComp(elt=part):
            yield from _strings(part)
        case ast.List(elts=parts):
            for one in parts:
                yield from _strings(one)
        case _:
            yield value


def without_german(sentences: set[str]) -> set[str]:
    said = {one: GERMAN["notice"](one) for one in sentences}
    return {one for one, german in said.items() if german.language != "de" or "{" in german.text}


def all_notices() -> set[str]:
    makers = [*(ROOT / "xzufi").glob("*.py"), *(ROOT / "pipeline" / name for name in ("read.py", "check.py"))]
    return {one for path in makers for one in noted_in(path.read_text(encoding="utf-8"))}


def test_every_notice_that_the_hub_makes_has_its_german() -> None:
    assert len(all_notices()) >= 40
    assert without_german(all_notices()) == set()


def test_a_notice_without_german_is_found() -> None:
    new = 'found.note(element, f"{shown(text)} is no colour; it is left out.")\nsentences += [f"Odd {one}." for one in x]'
    old = 'found.note(element, f"{shown(text)} is no currency; it is left out.")'
    assert without_german(noted_in(f"{old}\n{new}")) == {"“x” is no colour; it is left out.", "Odd “x”."}
    with pytest.raises(AssertionError):
        noted_in("found.note(element, made_somehow(element))")


def test_no_german_is_kept_for_a_notice_that_nobody_makes() -> None:
    said = {GERMAN["notice"](one).text for one in all_notices()}
    assert len(said) == len(NOTICES)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (
            "“12 Taler” is no amount of money; this fee is left out.",
            "„12 Taler“ ist kein Geldbetrag. Diese Kostenangabe ist weggelassen.",
        ),
        ("“x” is no number; this span is left out.", "„x“ ist keine Zahl. Diese Zeitspanne ist weggelassen."),
        (
            "“x” is no number; positionDarstellung is left out.",
            "„x“ ist keine Zahl (positionDarstellung). Das ist weggelassen.",
        ),
        (
            "parent authority: id “a b” is malformed; it is left out.",
            "übergeordnete Organisationseinheit: Die Kennung „a b“ ist nicht wohlgeformt. Das ist weggelassen.",
        ),
        (
            (
                "“0653” has 4 digits. A regional key (ARS) has 2 (state), 3 (region), 5 (district), 9 (association) or 12 "
                "(municipality). This area is left out."
            ),
            (
                "„0653“ hat 4 Ziffern. Ein Regionalschlüssel (ARS) hat 2 (Land), 3 (Regierungsbezirk), 5 (Kreis), 9 (Verband) "
                "oder 12 (Gemeinde). Dieses Gebiet ist weggelassen."
            ),
        ),
        ("Something new.", None),
    ],
)
def test_values_keep_their_places(english: str, german: str | None) -> None:
    assert GERMAN["notice"](english) == (Said(english, "en") if german is None else Said(german, "de"))
    assert ENGLISH["notice"](english) == Said(english, "en")


async def test_notices_are_shown_on_the_runs_page_in_its_language(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = await stage.run(message(writes=[service("1", fees=["zwölf"]), service("2"), ""]))
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    assert "Hinweise (2)" in browser.page
    await browser.opens(browser.link(f"{SOURCE}/laeufe/{run}?ergebnis=notices"))
    assert "„zwölf“ ist kein Geldbetrag." in browser.page
    assert "schreibe Nummer 3 ist leer." in browser.page
    assert "L100042.LB.1" in browser.page
    assert "L100042.LB.2" not in browser.page
    await browser.opens(f"{SOURCE}/laeufe/{run}?ergebnis=notices&lang=en")
    assert "“zwölf” is no amount of money; this fee is left out." in browser.page


async def test_where_nothing_was_noted_there_is_no_such_filter(stage: StaffStage) -> None:
    browser = await stage.enters()
    run = await stage.run(message(writes=[service("1")]))
    await browser.opens(f"{SOURCE}/laeufe/{run}")
    assert "Hinweise" not in browser.page


async def test_many_notices_come_in_pages(stage: StaffStage) -> None:
    browser = await stage.enters()
    writes = [service(f"s{one}", fees=["zwölf"]) for one in range(60)]
    run = await stage.run(message(writes=writes))
    await browser.opens(f"{SOURCE}/laeufe/{run}?ergebnis=notices")
    assert browser.page.count("kein Geldbetrag") == 50
    await browser.opens(browser.link(f"{SOURCE}/laeufe/{run}?ergebnis=notices&seite=2"))
    assert browser.page.count("kein Geldbetrag") == 10
