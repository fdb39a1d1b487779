"""How a source's settings are written on the command line, and read back."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import click

from catalog_sync.catalog.keys import EntryKind

_PERIOD = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
_ALL = 100
_KINDS = {"", *(kind.value for kind in EntryKind)}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def listed(text: str) -> list[str]:
    """The words of a list with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def address(text: str) -> str:
    """The address of an index.

    Raises:
        UsageError: where it is none.
    """
    if urlsplit(text).scheme not in ("http", "https"):
        raise click.UsageError("--index is an http or https address.")
    return text


def shares(text: str) -> dict[str, float]:
    """Parts by kind of object; ``*`` stands for every other kind.

    Raises:
        UsageError: where a word is none.
    """
    found = {}
    for word in listed(text):
        kind, _, percent = word.rpartition("=")
        if kind not in _KINDS or not _PERCENT.fullmatch(percent) or float(percent) > _ALL:
            raise click.UsageError(
                "--shrink is a percentage, like 10, or one by kind of object, like LB=10,OE=2."
            )
        found[kind or "*"] = float(percent) / _ALL
    return found


def shares_text(found: Mapping[str, float]) -> str:
    """Shares as `shares` reads them."""
    words = [("" if kind == "*" else f"{kind}=") + f"{part * _ALL:g}" for kind, part in found.items()]
    return ",".join(words)


def period(text: str) -> int:
    """Seconds.

    Raises:
        UsageError: where it is no period.
    """
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise click.UsageError("--every is a number and s, m, h or d, like 24h.")
    return int(found[1]) * _SECONDS[found[2]]


def span(seconds: int) -> str:
    """A span in its largest whole units: 3 d 4 h, 12 min, 40 s."""
    days, rest = divmod(max(seconds, 0), 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (left, "s")]
    first = next((place for place, (number, _) in enumerate(parts) if number), len(parts) - 1)
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2] if number) or "0 s"
