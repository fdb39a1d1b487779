"""Dates, money and spans as the reader writes them. All take the language as second argument."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

_MONTHS = {
    "de": "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}
_UNITS = {
    "de": {
        "YEAR": "Jahr|Jahre",
        "MONTH": "Monat|Monate",
        "WEEK": "Woche|Wochen",
        "DAY": "Tag|Tage",
        "WEEKDAY": "Werktag|Werktage",
        "WORKING_DAY": "Arbeitstag|Arbeitstage",
        "HOUR": "Stunde|Stunden",
        "MINUTE": "Minute|Minuten",
        "SECOND": "Sekunde|Sekunden",
    },
    "en": {
        "YEAR": "year|years",
        "MONTH": "month|months",
        "WEEK": "week|weeks",
        "DAY": "day|days",
        "WEEKDAY": "weekday|weekdays",
        "WORKING_DAY": "working day|working days",
        "HOUR": "hour|hours",
        "MINUTE": "minute|minutes",
        "SECOND": "second|seconds",
    },
}


def day(value: str | None, language: str) -> str:
    """An ISO date or time as a day: 2. März 2026, 2 March 2026; anything else as it came."""
    if not value:
        return ""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value
    month = _MONTHS[language].split("|")[found.month - 1]
    return f"{found.day}. {month} {found.year}" if language == "de" else f"{found.day} {month} {found.year}"


def number(value: str | float | None, language: str, places: int = 2) -> str:
    """1234.5 as 1.234,50 or 1,234.50."""
    try:
        text = f"{Decimal(str(value)):,.{places}f}"
    except (InvalidOperation, ValueError):
        return str(value)
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text


def money(value: str | float | None, language: str, currency: str | None = None) -> str:
    """An amount with its currency; the euro where none is named."""
    if value is None:
        return ""
    sign = "€" if (currency or "EUR") == "EUR" else str(currency)
    return f"{number(value, language)} {sign}" if language == "de" else f"{sign}{number(value, language)}"


def fee(value: dict[str, Any], language: str) -> str:
    """A fee in words: one amount, a span, or free of charge."""
    if value["kind"] == "FREE":
        return "gebührenfrei" if language == "de" else "free of charge"
    if value.get("amount") is not None:
        return money(value["amount"], language, value.get("currency"))
    least, most = (money(value.get(end), language, value.get("currency")) for end in ("minimum", "maximum"))
    words = {"de": ("ab", "bis", "bis zu"), "en": ("from", "to", "up to")}[language]
    if least and most:
        return f"{least} {words[1]} {most}"
    if least:
        return f"{words[0]} {least}"
    return f"{words[2]} {most}" if most else ""


def span(value: dict[str, Any], language: str) -> str:
    """A duration: 4 Wochen, 1 bis 2 Monate, 3 Tage bis 2 Wochen."""
    until = "bis" if language == "de" else "to"
    last, last_unit = value.get("amountTo"), value.get("unitTo") or value.get("unit")
    if last is None:
        return _counted(value["amount"], value.get("unit"), value.get("unitCode"), language)
    end = _counted(last, last_unit, value.get("unitToCode") or value.get("unitCode"), language)
    if last_unit == value.get("unit"):
        return f"{value['amount']} {until} {end}"
    return f"{_counted(value['amount'], value.get('unit'), value.get('unitCode'), language)} {until} {end}"


def _counted(amount: int, unit: str | None, code: str | None, language: str) -> str:
    words = _UNITS[language].get(unit or "", f"{code}|{code}").split("|")
    return f"{amount} {words[0 if amount == 1 else 1]}"


FILTERS = {"day": day, "number": number, "money": money, "fee": fee, "span": span}
