"""The graph's own scalars and names as the contract has them."""

from collections.abc import Callable

import pytest
from graphql import GraphQLEnumType, GraphQLError, GraphQLScalarType
from hypothesis import given
from hypothesis import strategies as st

from schema.build import build_schema

SCHEMA = build_schema()._schema  # noqa: SLF001 - the executable schema has no public name


def reader(name: str) -> Callable[[object], object]:
    """How a scalar reads what a caller sends."""
    scalar = SCHEMA.type_map[name]
    assert isinstance(scalar, GraphQLScalarType)
    return scalar.parse_value


@pytest.mark.parametrize(
    ("scalar", "sent", "read"),
    [
        ("Ars", "065320000000", "06532"),
        ("Ars", "00", ""),
        ("LeikaKey", "99 050 012 104 000", "99050012104000"),
        ("Postcode", "01067", "01067"),
        ("Language", " de-x-simple-language ", "de-x-simple-language"),
        ("Language", "hsb", "hsb"),
    ],
)
def test_what_is_right_is_read(scalar: str, sent: str, read: str) -> None:
    assert reader(scalar)(sent) == read


@pytest.mark.parametrize(
    ("scalar", "sent", "code"),
    [
        ("Ars", 6, "BAD_ARS"),
        ("Ars", True, "BAD_ARS"),
        ("Ars", ["06"], "BAD_ARS"),
        ("LeikaKey", 99050012104000, "BAD_LEIKA_KEY"),
        ("EntryId", {"a": 1}, "BAD_ENTRY_ID"),
        ("Postcode", 1067, "BAD_POSTCODE"),
        ("Language", "", "BAD_LANGUAGE"),
        ("Language", "deutsch bitte", "BAD_LANGUAGE"),
        ("Language", "d" * 36, "BAD_LANGUAGE"),
        ("Language", "dé", "BAD_LANGUAGE"),
    ],
)
def test_what_is_wrong_is_told_by_code(scalar: str, sent: object, code: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        reader(scalar)(sent)
    assert refused.value.extensions == {"code": code}


@given(
    st.sampled_from(["Ars", "LeikaKey", "EntryId", "Postcode", "Language", "URL"]),
    st.one_of(st.text(max_size=50), st.integers(), st.floats(), st.booleans(), st.none()),
)
def test_anything_sent_is_read_or_told_by_code(scalar: str, sent: object) -> None:
    told: object = None
    try:
        reader(scalar)(sent)
    except GraphQLError as refused:
        told = (refused.extensions or {})["code"]
    assert told is None or str(told).startswith("BAD_")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ResponsibilityRole", "COMPETENT_AUTHORITY CONTACT_POINT"),
        ("AreaLevel", "COUNTRY STATE REGION DISTRICT ASSOCIATION MUNICIPALITY"),
        ("AssuranceLevel", "NONE LOW SUBSTANTIAL HIGH"),
        ("FeeKind", "FIXED FREE VARIABLE"),
        ("DeadlineKind", "DURATION DATE"),
        ("TimeUnit", "YEAR MONTH WEEK DAY WEEKDAY WORKING_DAY HOUR MINUTE SECOND"),
        ("EntryKind", "SERVICE_ENTRY AUTHORITY ONLINE_SERVICE RESPONSIBILITY SPECIALISATION"),
        (
            "TextModuleKind",
            (
                "NAME TITLE SHORT_TEXT FULL_TEXT LEGAL_BASES REQUIRED_DOCUMENTS PREREQUISITES PROCEDURE FORMS "
                "FURTHER_INFORMATION NOTES AUTHOR COMPETENT_AUTHORITY CONTACT_POINT TEASER REMEDIES OTHER"
            ),
        ),
        ("AddressKind", "HOUSE VISITORS POST_BOX BULK DELIVERY POSTAL"),
        ("Audience", "CITIZEN BUSINESS ADMINISTRATION"),
        ("SubjectKind", "CITIZEN REPRESENTATIVE"),
        (
            "StartReason",
            "OK NOT_SIGNED_IN ASSURANCE_TOO_LOW NOT_ONLINE_HERE NOT_FOR_THIS_SUBJECT LEVEL_UNKNOWN",
        ),
    ],
)
def test_the_enumerations_have_the_contract_s_names(name: str, values: str) -> None:
    found = SCHEMA.type_map[name]
    assert isinstance(found, GraphQLEnumType)
    assert set(found.values) == set(values.split())
