"""One sentence that says what a service is about."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ0-9])")
_SHORTEST, _LONGEST = 40, 220


def teaser(modules: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The text module to sum up from: the teaser, else the short text."""
    by_kind = {module["kind"]: module for module in reversed(list(modules))}
    return by_kind.get("TEASER") or by_kind.get("SHORT_TEXT")


def first_sentence(text: str) -> str:
    """A text's beginning up to the end of a sentence, at most 220 characters.

    A full stop after fewer than 40 characters may belong to an abbreviation ("z. B.") and does not count.
    """
    text = " ".join(text.split())
    end = next((m.start() for m in _SENTENCE_END.finditer(text) if m.start() >= _SHORTEST), len(text))
    if end <= _LONGEST:
        return text[:end]
    return text[:_LONGEST].rpartition(" ")[0].rstrip(",;:") + " …"
