"""The printed schema is checked in: a change of the contract is seen in review, a breaking one fails."""

from graphql import build_schema as build_from_text
from graphql import find_breaking_changes

from schema.build import build_schema
from schema.federation import PRINTED


def test_printed_schema_is_the_schema() -> None:
    printed = PRINTED.read_text(encoding="utf-8")
    assert printed == build_schema().as_str() + "\n", "run `verbundhub export-schema > schema/schema.graphql`"


def test_nothing_that_others_build_on_is_gone() -> None:
    """Of the checked-in schema nothing may go without a decision record and a date of deprecation."""
    before = build_from_text(PRINTED.read_text(encoding="utf-8"), assume_valid=True)
    now = build_from_text(build_schema().as_str(), assume_valid=True)
    assert [change.description for change in find_breaking_changes(before, now)] == []
