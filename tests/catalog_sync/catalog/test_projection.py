from typing import Literal

import pytest

from catalog_sync.catalog import stored
from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.model import (
    Authority,
    LocalText,
    Responsibility,
    ServiceEntry,
    Specialisation,
    TextModule,
)
from catalog_sync.catalog.payload import encode_object, pack, unpack
from catalog_sync.catalog.projection import module_rows, project

HESSEN = (AreaKey("06"),)


def module(code: str, position: int | None = None, **texts: str) -> TextModule:
    return TextModule(code, tuple(LocalText(name, text) for name, text in texts.items()), position=position)


def head_of(*modules: TextModule) -> stored.ServiceHead:
    return stored.service_head(project(ServiceEntry("L1", "1", modules=modules), HESSEN).head)


def test_a_title_is_module_03_else_02_in_each_language_as_plain_text() -> None:
    head = head_of(module("02", de="<p>Amtlich</p>", en="Official"), module("03", de="<p>Für Menschen</p>"))
    assert head.titles == {"de": "Für Menschen", "en": "Official"}


def test_an_empty_title_is_none() -> None:
    assert head_of(module("03", de="<p> </p>"), module("02", de="Amtlich")).titles == {"de": "Amtlich"}


def test_languages_are_those_with_a_text() -> None:
    head = head_of(
        module("05", de="Kurz", hsb="<p>&nbsp;</p>", en="<p></p>"), module("06", fr="<p>&amp;</p>")
    )
    assert head.languages == ("de", "fr")


def test_a_summary_is_cut() -> None:
    summary = head_of(module("05", de="<p>" + "Wort " * 200 + "</p>")).summaries["de"]
    assert (len(summary) <= 300, summary[-1]) == (True, "…")
    assert head_of(module("05", de="kurz")).summaries == {"de": "kurz"}


def test_modules_come_in_the_offices_order_and_empty_ones_not_at_all() -> None:
    rows = module_rows((module("06", None, de="c"), module("05", 2, de="b", en="B"), module("", 1, de="a")))
    assert [row[:4] for row in rows] == [
        (0, "", "de", "a"),
        (1, "05", "de", "b"),
        (2, "05", "en", "B"),
        (3, "06", "de", "c"),
    ]
    assert module_rows((module("05", 1, de="<p> </p>"),)) == ()


def test_an_entry_without_areas_holds_where_its_source_writes() -> None:
    assert project(ServiceEntry("L1", "1"), HESSEN).areas == (106,)
    assert project(ServiceEntry("L1", "1", areas=(AreaKey("06532"),)), HESSEN).areas == (106532,)


@pytest.mark.parametrize(
    ("owner", "role", "expected"),
    [("OE", None, 1), ("OE", "01", 1), ("OE", "03", 3), ("OD", None, 0), ("OD", "03", 0)],
)
def test_the_role_of_a_rule(
    owner: Literal["OE", "OD"], role: Literal["01", "03"] | None, expected: int
) -> None:
    rule = Responsibility("L1", "9", owner, "L1", "2", "B1", "1", (AreaKey(""), AreaKey("06")), role)
    row = project(rule, ()).rule
    assert row is not None
    assert (row.role, row.areas, row.service) == (expected, (1, 106), (1, "B1", "1"))


def test_a_specialisation_names_its_entry() -> None:
    made = project(Specialisation("L1", "4", "B1", "1", areas=(AreaKey("06532"),)), HESSEN)
    assert (made.specialises, made.areas) == ((1, "B1", "1"), (106532,))


@pytest.mark.parametrize("name", ["Amt", "Amt " * 1000])
def test_a_payload_comes_back_as_it_went(name: str) -> None:
    unit = Authority("L1", "2", (LocalText("de", name),))
    packed = pack(encode_object(unit))
    assert unpack(packed) == unit
    assert len(packed) < 600
