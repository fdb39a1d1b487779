"""How values are written in the reader's language: days, numbers, money, spans of time."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from hub.pages.language import Language

BERLIN = ZoneInfo("Europe/Berlin")

_MONTHS: Mapping[Language, str] = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_UNITS: Mapping[Language, Mapping[str, tuple[str, str]]] = {
    "de": {
        "YEAR": ("Jahr", "Jahre"),
        "MONTH": ("Monat", "Monate"),
        "WEEK": ("Woche", "Wochen"),
        "DAY": ("Tag", "Tage"),
        "WEEKDAY": ("Werktag", "Werktage"),
        "WORKING_DAY": ("Arbeitstag", "Arbeitstage"),
        "HOUR": ("Stunde", "Stunden"),
        "MINUTE": ("Minute", "Minuten"),
        "SECOND": ("Sekunde", "Sekunden"),
    },
    "en": {
        "YEAR": ("year", "years"),
        "MONTH": ("month", "months"),
        "WEEK": ("week", "weeks"),
        "DAY": ("day", "days"),
        "WEEKDAY": ("weekday (Monday to Saturday)", "weekdays (Monday to Saturday)"),
        "WORKING_DAY": ("working day", "working days"),
        "HOUR": ("hour", "hours"),
        "MINUTE": ("minute", "minutes"),
        "SECOND": ("second", "seconds"),
    },
}
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def writers(language: Language) -> dict[str, Callable[..., str]]:
    """The templates' filters: ``day``, ``moment``, ``number``, ``money`` and ``duration``."""

    def bound(write: Callable[..., str]) -> Callable[..., str]:
        return lambda value, *more: write(language, value, *more)

    return {"day": bound(day), "moment": bound(moment), "number": bound(number), "money": bound(money)} | {
        "duration": bound(duration)
    }


def day(language: Language, value: str | date) -> str:
    """A calendar day in words: 2. März 2026, 2 March 2026. ISO text with a time is that day in Berlin."""
    found = _day_of(value)
    month = _MONTHS[language].split()[found.month - 1]
    return f"{found.day}{'.' if language == 'de' else ''} {month} {found.year}"


def moment(language: Language, value: str | datetime) -> str:
    """A day and the time in Berlin: 2. März 2026, 14:05 Uhr."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = found.astimezone(BERLIN)
    return f"{day(language, local)}, {local:%H:%M}{' Uhr' if language == 'de' else ''}"


def _day_of(value: str | date) -> date:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(found, datetime):
        return found.astimezone(BERLIN).date() if found.tzinfo else found.date()
    return found


def number(language: Language, value: float | str | Decimal, digits: int = 0) -> str:
    """A number with its thousands set apart: 10.944 and 1,50 in German, 10,944 and 1.50 in English."""
    written = f"{Decimal(str(value)):,.{digits}f}"
    return written.translate(str.maketrans(",.", ".,")) if language == "de" else written


def money(language: Language, value: float | str | Decimal, currency: str | None = "EUR") -> str:
    """An amount of money with its currency (ISO 4217; none is euro): 37,00 €, €37.00."""
    amount, sign = number(language, value, 2), _SIGNS.get(currency or "EUR", currency or "EUR")
    if language == "de":
        return f"{amount}\N{NO-BREAK SPACE}{sign}"
    return f"{sign}{amount}" if len(sign) == 1 else f"{sign}\N{NO-BREAK SPACE}{amount}"


def duration(language: Language, value: Mapping[str, object]) -> str:
    """A time span as the graph's Duration gives it: 6 Wochen, 4 bis 6 Wochen, 1 day to 2 weeks."""
    start, end = value["amount"], value.get("amountTo")
    unit, unit_to = _unit(value, "unit"), _unit(value, "unitTo") or _unit(value, "unit")
    if end is None:
        return _span(language, start, unit)
    to = "bis" if language == "de" else "to"
    first = str(start) if unit == unit_to else _span(language, start, unit)
    return f"{first} {to} {_span(language, end, unit_to)}"


def _unit(value: Mapping[str, object], name: str) -> str:
    return str(value.get(name) or value.get(f"{name}Code") or "")


def _span(language: Language, amount: object, unit: str) -> str:
    one, many = _UNITS[language].get(unit, (unit, unit))
    return f"{amount}\N{NO-BREAK SPACE}{one if amount == 1 else many}"
