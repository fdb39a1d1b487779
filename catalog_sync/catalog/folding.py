"""One spelling for all that people take for the same name."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
_SPELLED = re.compile("(?<=[ao])e|(?<=(?<![aeq])u)e")  # not the ue of bauen, Steuer and Quelle
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ı": "i"}
)  # Polish and Turkish letters that Unicode takes for whole ones
_WORD = re.compile(r"[^\W_]+")
_WRITTEN = re.compile("(?:[^\\W_]|[\u0300-\u036f])+")


def spelled_out(text: str) -> str:
    """A text in lower case, umlauts and ß spelled out, without other accents: how lists of names are ordered."""
    lower = unicodedata.normalize("NFC", text).casefold()
    return _without_accents("".join(_UMLAUTS.get(letter, letter) for letter in lower))


def folded_words(text: str) -> tuple[str, ...]:
    """A text's words so that Köln, Koeln, Koln and KÖLN are one: ä, ae and a are, ß and ss, ł and l, ı and i."""
    plain = _without_accents(text.casefold().translate(_UNDECOMPOSED))
    return tuple(_WORD.findall(_SPELLED.sub("", plain)))


def spelled_words(text: str) -> Iterator[tuple[str, str]]:
    """A text's words folded, each with how it is written."""
    for written in _WRITTEN.findall(text):
        folded = _folded(written)
        if len(folded) == 1:
            yield folded[0], written


@lru_cache(maxsize=50_000)
def _folded(written: str) -> tuple[str, ...]:
    return folded_words(written)


class Located(NamedTuple):
    """A folded word of a text; `places` says where in the text each of its letters begins, and where the last ends."""

    folded: str
    places: Sequence[int]


def located_words(text: str) -> list[Located]:
    """`folded_words` with where they stand, so that a part of a word can be marked as it was written."""
    plain, places = _placed(text)
    second = _second_letters(plain)
    kept = [at for at in range(len(plain)) if at not in second]
    begins = [places[at] for at in kept] + [len(text)]
    return [
        Located(found.group(), begins[found.start() : found.end() + 1])
        for found in _WORD.finditer("".join(plain[at] for at in kept))
    ]


def _placed(text: str) -> tuple[str, list[int]]:
    letters, places = [], []
    for at, written in enumerate(text):
        plain = _without_accents(written.casefold().translate(_UNDECOMPOSED))
        letters.append(plain)
        places += [at] * len(plain)
    return "".join(letters), places


def _second_letters(plain: str) -> frozenset[int]:
    return frozenset(found.end() - 1 for found in _SPELLED.finditer(plain))


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    if not plain.isascii():
        for letter in set(plain):
            if unicodedata.combining(letter):
                plain = plain.replace(letter, "")
    return plain
