"""The keys of areas, services and entries: how they are cut, read and refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.keys import (
    GERMANY,
    AreaKey,
    AreaLevel,
    EntryId,
    EntryKind,
    ancestors,
    ars_of,
    code_of,
    cut,
    key_of,
    level_of,
    parse_ars,
    parse_entry_id,
    parse_leika_key,
    parse_postcode,
)
from catalog_sync.errors import BadArs, BadEntryId, BadLeikaKey, BadPostcode, CatalogError

LEVELS = (0, 2, 3, 5, 9, 12)
ars_digits = st.from_regex(r"[0-9]{12}", fullmatch=True)
keys = ars_digits.map(cut)


def told_by(read: Callable[[], str]) -> str:
    """What reading gave, or the sentence of its refusal."""
    try:
        return read()
    except CatalogError as refused:
        return refused.sentence


@pytest.mark.parametrize(
    ("ars", "key", "level"),
    [
        ("000000000000", "", AreaLevel.COUNTRY),
        ("060000000000", "06", AreaLevel.STATE),
        ("100000000000", "10", AreaLevel.STATE),
        ("020000000000", "02", AreaLevel.STATE),
        ("065000000000", "065", AreaLevel.REGION),
        ("065320000000", "06532", AreaLevel.DISTRICT),
        ("010600000000", "01060", AreaLevel.DISTRICT),
        ("064400000000", "06440", AreaLevel.DISTRICT),
        ("051700000000", "05170", AreaLevel.DISTRICT),
        ("146285229000", "146285229", AreaLevel.ASSOCIATION),
        ("146285220000", "146285220", AreaLevel.ASSOCIATION),
        ("065320023023", "065320023023", AreaLevel.MUNICIPALITY),
        ("064400008010", "064400008010", AreaLevel.MUNICIPALITY),
    ],
)
def test_a_key_is_cut_at_its_level_and_not_at_its_zeros(ars: str, key: str, level: AreaLevel) -> None:
    assert cut(ars) == key
    assert level_of(cut(ars)) is level
    assert ars_of(AreaKey(key)) == ars


@given(ars_digits)
def test_a_level_is_the_smallest_after_which_only_zeros_follow(ars: str) -> None:
    expected = min(length for length in LEVELS if set(ars[length:]) <= {"0"})
    assert cut(ars) == ars[:expected]


@given(keys)
def test_a_number_stands_for_one_key(key: AreaKey) -> None:
    assert key_of(code_of(key)) == key
    assert parse_ars(ars_of(key)) == key


@given(keys)
def test_ancestors_are_all_prefixes_of_a_level_each_once(key: AreaKey) -> None:
    naive: list[str] = []
    for length in sorted(LEVELS, reverse=True):
        above = cut(ars_of(key)[:length])
        if length <= len(key) and above not in naive:
            naive.append(above)
    assert list(ancestors(key)) == naive
    assert ancestors(key)[0] == key
    assert ancestors(key)[-1] == GERMANY


def test_the_ancestors_of_a_place_are_named_nearest_first() -> None:
    assert ancestors(AreaKey("146285229270")) == ("146285229270", "146285229", "14628", "146", "14", "")
    assert ancestors(cut("010605053005")) == ("010605053005", "010605053", "01060", "01", "")
    assert ancestors(cut("020000000000")) == ("02", "")


@pytest.mark.parametrize("text", ["0", "00", "000000000000"])
def test_germany_has_three_spellings(text: str) -> None:
    assert parse_ars(text) == GERMANY


@pytest.mark.parametrize(
    ("text", "key"),
    [("06", "06"), ("065", "065"), ("06532", "06532"), ("146285229", "146285229"), ("06000", "06")],
)
def test_a_short_form_is_the_same_place(text: str, key: str) -> None:
    assert parse_ars(text) == key


@pytest.mark.parametrize("text", ["", "6", "0653", "065320", "0653202", "06532002302", "0653200230231"])
def test_other_lengths_are_refused_with_those_that_are_right(text: str) -> None:
    with pytest.raises(BadArs) as refused:
        parse_ars(text)
    assert "2" in refused.value.sentence
    assert "12" in refused.value.sentence


def test_an_eight_digit_key_is_told_its_right_form() -> None:
    with pytest.raises(BadArs) as refused:
        parse_ars("06532023")
    assert "AGS" in refused.value.sentence
    assert "06532nnnn023" in refused.value.sentence
    assert "the district 06532" in refused.value.sentence


@pytest.mark.parametrize("text", ["06532002302a", "٠٦", "06 532", "-6", "０６"])
def test_what_is_no_digit_is_refused(text: str) -> None:
    with pytest.raises(BadArs, match="digits only"):
        parse_ars(text)


@given(st.text(max_size=60))
def test_any_text_is_a_regional_key_or_a_clear_refusal(text: str) -> None:
    told = told_by(lambda: str(len(parse_ars(text))))
    assert told in map(str, LEVELS) or "regional key" in told


@pytest.mark.parametrize("text", ["99050012104000", "99 050 012 104 000"])
def test_a_service_key_may_have_blanks(text: str) -> None:
    assert parse_leika_key(text) == "99050012104000"


@pytest.mark.parametrize("text", ["", "9905001210400", "990500121040000", "98050012104000", "99O50012104000"])
def test_other_service_keys_are_refused(text: str) -> None:
    with pytest.raises(BadLeikaKey, match="14 digits"):
        parse_leika_key(text)


def test_a_postcode_has_five_digits() -> None:
    assert parse_postcode("01067") == "01067"
    for wrong in ("1067", "010670", "D-01067", ""):
        with pytest.raises(BadPostcode, match="five digits"):
            parse_postcode(wrong)


def test_the_value_of_an_identifier_is_all_after_the_second_dot() -> None:
    name = parse_entry_id("S100002.OD.S1000020040000000334-5805.a_b")
    assert name == EntryId("S100002", EntryKind.ONLINE_SERVICE, "S1000020040000000334-5805.a_b")
    assert str(name) == "S100002.OD.S1000020040000000334-5805.a_b"


@pytest.mark.parametrize("kind", list(EntryKind))
def test_every_kind_has_a_word_and_a_number(kind: EntryKind) -> None:
    assert parse_entry_id(f"L100042.{kind.value}.1").kind is kind
    assert EntryKind.numbered(kind.number) is kind


@pytest.mark.parametrize(
    "text",
    [
        *("", "L100042", "L100042.LB", "L100042.LB.", ".LB.1", "L100042.XX.1", "L100042.lb.1", "L 1.LB.1"),
        *("L100042.LB.a b", "L100042.LB.\x00", "L100042.LB." + "9" * 201),
    ],
)
def test_a_malformed_identifier_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadEntryId) as refused:
        parse_entry_id(text)
    assert "L100042.LB.101002" in refused.value.sentence
    assert len(refused.value.sentence) < 250


@given(st.text(max_size=80))
def test_any_text_is_an_identifier_or_a_clear_refusal(text: str) -> None:
    told = told_by(lambda: str(parse_entry_id(text)))
    assert told == text or "no entry identifier" in told
    assert told.isprintable()
