"""Which language answers a reader (RFC 4647 lookup, then German, then any)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.language import best, lookup

tags = st.sampled_from(["de", "en", "en-GB", "hsb", "de-simple", "de-x-simple-language", "fr", "DE-at", "uk"])


@pytest.mark.parametrize(
    ("wanted", "available", "expected"),
    [
        ("en", {"de", "en"}, "en"),
        ("EN", {"de", "en"}, "en"),
        ("de-simple", {"de", "de-x-simple-language"}, "de-x-simple-language"),
        ("de-x-simple-language", {"de", "de-simple"}, "de-simple"),
        ("de-simple", {"de", "en"}, "de"),
        ("en-GB-oxendict", {"de", "en-GB", "en"}, "en-GB"),
        ("en-GB", {"de", "en"}, "en"),
        ("en", {"de", "en-GB"}, "de"),
        ("fr", {"de", "en"}, "de"),
        ("fr", {"hsb", "en"}, "en"),
        ("de", {"en"}, "en"),
        ("de", set(), None),
    ],
)
def test_exact_then_shorter_then_german_then_any(
    wanted: str, available: set[str], expected: str | None
) -> None:
    assert lookup(wanted, frozenset(available)) == expected


def test_no_language_asked_for_means_german() -> None:
    assert best(None, ["en", "de"]) == "de"
    assert best(None, []) is None


@given(tags, st.frozensets(tags))
def test_an_answer_is_always_one_that_is_there(wanted: str, available: frozenset[str]) -> None:
    found = lookup(wanted, available)
    assert (found in available) if available else found is None
    if wanted in available:
        assert found is not None
        assert found.casefold() == wanted.casefold()
