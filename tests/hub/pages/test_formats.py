from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.pages import formats
from hub.pages.language import Language, own_name


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ("2026-03-02", "2. März 2026", "2 March 2026"),
        (date(2026, 12, 24), "24. Dezember 2026", "24 December 2026"),
        ("2026-03-01T23:30:00+00:00", "2. März 2026", "2 March 2026"),
        ("2026-03-01T23:30:00", "1. März 2026", "1 March 2026"),
    ],
)
def test_days(value: str | date, german: str, english: str) -> None:
    assert formats.day("de", value) == german
    assert formats.day("en", value) == english


def test_moments_are_berlins() -> None:
    assert formats.moment("de", "2026-07-01T12:05:00+00:00") == "1. Juli 2026, 14:05 Uhr"
    assert formats.moment("en", "2026-01-01T12:05:00+00:00") == "1 January 2026, 13:05"


@pytest.mark.parametrize(
    ("amount", "currency", "german", "english"),
    [
        ("37", "EUR", "37,00 €", "€37.00"),
        ("1234.5", None, "1.234,50 €", "€1,234.50"),
        ("12.3", "CHF", "12,30 CHF", "CHF 12.30"),
    ],
)
def test_money(amount: str, currency: str | None, german: str, english: str) -> None:
    assert formats.money("de", amount, currency).replace("\N{NO-BREAK SPACE}", " ") == german
    assert formats.money("en", amount, currency).replace("\N{NO-BREAK SPACE}", " ") == english


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ({"amount": 1, "unit": "WEEK"}, "1 Woche", "1 week"),
        ({"amount": 4, "unit": "WEEK", "amountTo": 6, "unitTo": "WEEK"}, "4 bis 6 Wochen", "4 to 6 weeks"),
        ({"amount": 4, "unit": "WEEK", "amountTo": 6, "unitTo": None}, "4 bis 6 Wochen", "4 to 6 weeks"),
        (
            {"amount": 1, "unit": "DAY", "amountTo": 2, "unitTo": "MONTH"},
            "1 Tag bis 2 Monate",
            "1 day to 2 months",
        ),
        ({"amount": 3, "unit": None, "unitCode": "QUARTAL"}, "3 QUARTAL", "3 QUARTAL"),
    ],
)
def test_durations(value: dict[str, object], german: str, english: str) -> None:
    assert formats.duration("de", value).replace("\N{NO-BREAK SPACE}", " ") == german
    assert formats.duration("en", value).replace("\N{NO-BREAK SPACE}", " ") == english


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2))
def test_any_amount_keeps_its_digits(amount: object) -> None:
    languages: tuple[Language, ...] = ("de", "en")
    written = {formats.number(language, str(amount), 2) for language in languages}
    assert {"".join(c for c in text if c.isdigit()) for text in written} == {
        "".join(c for c in f"{amount:.2f}" if c.isdigit())
    }


def test_languages_are_called_as_their_speakers_call_them() -> None:
    assert own_name("hsb") == "Hornjoserbšćina"
    assert own_name("xx") == "xx"
