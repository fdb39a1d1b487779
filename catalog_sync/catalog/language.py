"""Languages of answers: BCP 47 lookup (RFC 4647, section 3.4), then German, then any."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NewType

LanguageTag = NewType("LanguageTag", str)
"""A BCP 47 tag as delivered (``de``, ``en``, ``hsb``, ``de-x-simple-language``)."""

DEFAULT = LanguageTag("de")
_SIMPLE = ("de-simple", "de-x-simple-language")


@lru_cache(maxsize=4096)
def lookup(wanted: str, available: frozenset[str]) -> str | None:
    """The tag of `available` that serves a reader of `wanted` best; None only when nothing is available.

    Exact first, then ever shorter tags, then German, then the first in order. Leichte Sprache has two tags that
    mean the same.
    """
    by_folded = {tag.casefold(): tag for tag in sorted(available, reverse=True)}
    for candidate in _candidates(wanted.strip().casefold()):
        if candidate in by_folded:
            return by_folded[candidate]
    return min(available, default=None)


def _candidates(wanted: str) -> Iterator[str]:
    yield from serving(wanted)
    yield DEFAULT


def serving(wanted: str) -> Iterator[str]:
    """The tags that serve a reader of `wanted` in that language, best first, in lower case."""
    yield wanted
    if wanted in _SIMPLE:
        yield from _SIMPLE
    shorter = wanted
    while "-" in shorter:
        shorter = shorter.rpartition("-")[0]
        yield shorter


def best(wanted: str | None, available: Iterable[str]) -> str | None:
    """`lookup` for an argument that may be null, which means German."""
    return lookup(wanted or DEFAULT, frozenset(available))
