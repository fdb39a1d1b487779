import pytest

from catalog_sync.links.retry_after import seconds_of

NOW = 1_772_485_200.0  # Mon, 02 Mar 2026 21:00:00 GMT


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Mar 2026 22:00:00 GMT", 3600),
        ("Monday, 02-Mar-26 22:00:00 GMT", 3600),
        ("Mon, 02 Mar 2026 20:00:00 GMT", 0),
        ("Mon Mar  2 22:00:00 2026", 3600),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
        ("²", None),
        ("Mon, 99 Mar 2026 22:00:00 GMT", None),
    ],
)
def test_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    assert seconds_of(text, NOW) == seconds


def test_many_digits_are_a_long_time() -> None:
    assert (seconds_of("9" * 5000, NOW) or 0) > 10**8
