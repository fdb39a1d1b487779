"""What people write for a place, read: a name with or without its kind, a postcode, both, or a key."""

import re
from dataclasses import dataclass

from catalog_sync.catalog.folding import folded_words
from catalog_sync.catalog.keys import AreaLevel

_POSTCODE = re.compile(r"(?<!\w)(?:D ?- ?)?(\d{5})(?!\d)", re.IGNORECASE)
_MOST_WORDS = 8

_KINDS = {
    "kreis": AreaLevel.DISTRICT,
    "landkreis": AreaLevel.DISTRICT,
    "lkr": AreaLevel.DISTRICT,
    "kreisfreie": AreaLevel.DISTRICT,
    "stadt": AreaLevel.MUNICIPALITY,
    "gemeinde": AreaLevel.MUNICIPALITY,
    "markt": AreaLevel.MUNICIPALITY,
    "hansestadt": AreaLevel.MUNICIPALITY,
    "landeshauptstadt": AreaLevel.MUNICIPALITY,
    "universitatsstadt": AreaLevel.MUNICIPALITY,
    "bundesland": AreaLevel.STATE,
    "land": AreaLevel.STATE,
    "freistaat": AreaLevel.STATE,
}
_JOINING = frozenset(
    ("in", "bei", "der", "die", "das", "den", "und", "von", "zu", "im", "am", "an", "auf", "ob")
)
_SPELLINGS = {"st": "sankt", "skt": "sankt"}
_SHORT = {
    "nrw": "nordrhein westfalen",
    "bawu": "baden wurttemberg",
    "bw": "baden wurttemberg",
    "mv": "mecklenburg vorpommern",
    "meckpomm": "mecklenburg vorpommern",
    "meck pomm": "mecklenburg vorpommern",
    "rlp": "rheinland pfalz",
    "lsa": "sachsen anhalt",
    "sh": "schleswig holstein",
    "brd": "deutschland",
    "germany": "deutschland",
    "bavaria": "bayern",
    "munich": "munchen",
    "cologne": "koln",
    "nuremberg": "nurnberg",
    "hanover": "hannover",
    "vdh": "hohe",
    "ffm": "frankfurt am main",
}


@dataclass(frozen=True, slots=True)
class AreaQuery:
    """A place as somebody wrote it.

    Attributes:
        words: of the name, folded, as written.
        name: the same without words that only say what kind of place it is.
        level: the kind that they say.
        postcode: where there is one.
        digits: of a query that is a number and nothing else: a key or a part of one.
    """

    words: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    level: AreaLevel | None = None
    postcode: str | None = None
    digits: str | None = None


def read_area_query(text: str) -> AreaQuery:
    """Read what somebody wrote; bounded."""
    digits = "".join(text.split())
    if digits.isascii() and digits.isdigit():
        return AreaQuery(digits=digits)
    found = _POSTCODE.search(text)
    if found is not None:
        text = f"{text[: found.start()]} {text[found.end() :]}"
    words = spelled(_in_full(folded_words(text)[:_MOST_WORDS]))
    levels = [_KINDS[word] for word in words if word in _KINDS]
    name = tuple(word for word in words if word not in _KINDS and word not in _JOINING)
    return AreaQuery(words, name or words, levels[0] if levels and name else None, found and found.group(1))


def spelled(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words in the one spelling in which names are compared: St. and Sankt are one."""
    return tuple(_SPELLINGS.get(word, word) for word in words)


def _in_full(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without the short names that people have for places."""
    whole = " ".join(words)
    return (
        tuple(_SHORT[whole].split())
        if whole in _SHORT
        else tuple(part for word in words for part in _SHORT.get(word, word).split())
    )
