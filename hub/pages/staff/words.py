"""Two texts word by word: what is only in the old one, what only in the new one, and what both say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_MOST = 1500
"""Words and marks between the common beginning and end of two texts; longer ones are told apart as a whole."""

_AROUND = 12
"""Words that are shown around a change; the middle of a longer common passage is left out."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one of the texts; a gap stands for what both say and is left out."""

    text: str
    changed: bool = False
    gap: bool = False


def compared(old: str, new: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts, with what changed marked."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    head = _common(a, b)
    tail = _common(a[head:][::-1], b[head:][::-1])
    cores = a[head : len(a) - tail], b[head : len(b) - tail]
    before, after = _cores(*cores)
    beginning, end = a[:head], a[len(a) - tail :] if tail else []
    around = ("".join(beginning), False), ("".join(end), False)
    return _parts([around[0], *before, around[1]]), _parts([around[0], *after, around[1]])


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    number = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        number += 1
    return number


Pieces = list[tuple[str, bool]]


def _cores(a: list[str], b: list[str]) -> tuple[Pieces, Pieces]:
    if max(len(a), len(b)) > _MOST:
        return [("".join(a), True)], [("".join(b), True)]
    before: Pieces = []
    after: Pieces = []
    for tag, a_from, a_to, b_from, b_to in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        before.append(("".join(a[a_from:a_to]), tag != "equal"))
        after.append(("".join(b[b_from:b_to]), tag != "equal"))
    return before, after


def _parts(pieces: Pieces) -> list[Part]:
    shown = [(text, changed) for text, changed in pieces if text]
    found: list[Part] = []
    for number, (text, changed) in enumerate(shown):
        if changed:
            found.append(Part(text, changed=True))
        else:
            found += _shortened(text, first=number == 0, last=number == len(shown) - 1)
    return found


def _shortened(text: str, *, first: bool, last: bool) -> list[Part]:
    """A passage that both texts have, without the middle of a long one."""
    words = re.findall(r"\S+\s*|\s+", text)
    front, back = 0 if first else _AROUND, 0 if last else _AROUND
    if len(words) <= front + back + _AROUND:
        return [Part(text)]
    parts = [Part("".join(words[:front])), Part("…", gap=True)]
    parts.append(Part("".join(words[len(words) - back :]) if back else ""))
    return [part for part in parts if part.text]
