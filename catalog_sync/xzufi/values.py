"""Single values of a message: amounts, numbers, marks, codes, languages, addresses of the web."""

import re
from functools import lru_cache

from catalog_sync.catalog.markup import ALLOWED_SCHEMES

MAX_URL = 2000
MAX_CODE = 60
MAX_PLAIN = 4000
"""Characters of a text without markup: a name, a title, a keyword."""
MAX_NUMBER = 1_000_000

_AMOUNT = re.compile(r"\+?(\d{1,12}|\d{1,3}(?:\.\d{3}){1,3}(?=,))(?:[.,](\d{1,6}))?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,5}")
_NUMBER = re.compile(r"\+?\d{1,7}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_URL = re.compile(r"(?:https?://[^\s/?#\\<>\"]+[^\s\\<>\"]*|(?:mailto|tel):[^\s\\<>\"]+)", re.IGNORECASE)
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_DEFAULT_LANGUAGE = "de"


def amount(text: str) -> str:
    """A sum of money, as sent but with two decimals at least: ``22.8`` is ``22.80``, ``1.234,50`` is ``1234.50``.

    Raises:
        ValueError: for what is no amount, is negative, or has more than twelve digits before the point.
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    whole = found[1].replace(".", "").lstrip("0") or "0"
    return f"{whole}.{(found[2] or '').ljust(2, '0')}"


def number(text: str) -> int:
    """A whole number from 0 to a million.

    Raises:
        ValueError: for anything else.
    """
    if _NUMBER.fullmatch(text) is None or int(text) > MAX_NUMBER:
        raise ValueError(text)
    return int(text)


def flag(text: str) -> bool:
    """A mark (kennzeichen...), as XML Schema writes it.

    Raises:
        ValueError: for what is neither true nor false.
    """
    value = _FLAGS.get(text.lower())
    if value is None:
        raise ValueError(text)
    return value


def is_code(text: str) -> bool:
    """Whether a text can be a code: bounded and printable."""
    return 0 < len(text) <= MAX_CODE and text.isprintable()


@lru_cache(maxsize=1024)
def language(text: str) -> str:
    """A language's tag (BCP 47), trimmed; none means German; an underscore counts as a hyphen.

    Raises:
        ValueError: for what is no tag.
    """
    trimmed = text.strip().replace("_", "-")
    if not trimmed:
        return _DEFAULT_LANGUAGE
    if _LANGUAGE.fullmatch(trimmed) is None:
        raise ValueError(text)
    return trimmed


def currency(text: str) -> str | None:
    """A currency's three letters; None where there is none.

    Raises:
        ValueError: for what is no currency's code.
    """
    if not text:
        return None
    if _CURRENCY.fullmatch(text.upper()) is None:
        raise ValueError(text)
    return text.upper()


def url(text: str) -> str:
    """An address that a person may be sent to; parameters in braces may stand in it.

    Raises:
        ValueError: when it is too long, or none of http, https, mailto and tel.
    """
    if len(text) > MAX_URL or not text.isprintable() or _URL.fullmatch(text) is None:
        raise ValueError(text)
    if text.partition(":")[0].lower() not in ALLOWED_SCHEMES:
        raise ValueError(text)
    return text


def plain(text: str) -> str:
    """Words on one line."""
    return " ".join(text.split())
