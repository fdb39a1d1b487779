"""The keys of the catalogue's world: areas, services, entries. Pure functions, no storage.

Areas: the Amtlicher Regionalschlüssel (ARS) has 12 digits: state 2, region 1, district 2, association 4,
municipality 3. An area is addressed inside the hub by its *key*: the ARS cut at its level, so that one place has
one key (``065320000000`` and ``06532`` are one district; Hamburg is ``02``). Germany is the empty key.
"""

import re
from collections.abc import Iterator
from enum import Enum, IntEnum
from functools import lru_cache
from typing import NamedTuple, NewType

from catalog_sync.errors import BadArs, BadEntryId, BadLeikaKey, BadPostcode

AreaKey = NewType("AreaKey", str)
"""0, 2, 3, 5, 9 or 12 digits: an ARS cut at its level."""

AreaCode = NewType("AreaCode", int)
"""An AreaKey as a number, with a leading 1 that keeps its zeros: ``06`` is 106, Germany is 1."""

GERMANY = AreaKey("")
ARS_LENGTH = 12
_AGS_LENGTH = 8


class AreaLevel(IntEnum):
    """The levels of the administration; each value is the number of digits that name it."""

    COUNTRY = 0
    STATE = 2
    REGION = 3
    DISTRICT = 5
    ASSOCIATION = 9
    MUNICIPALITY = 12


_LEVELS = tuple(AreaLevel)


def cut(ars: str) -> AreaKey:
    """The key of an area: its digits cut at the smallest level after which only zeros follow.

    Not "without its zero tail": state 10 and the districts 01060, 06440 and 05170 end in zeros of their own.
    """
    padded = ars.ljust(ARS_LENGTH, "0")
    significant = len(padded.rstrip("0"))
    return AreaKey(next(padded[:level] for level in _LEVELS if significant <= level))


def level_of(key: AreaKey) -> AreaLevel:
    """The level that a key's length names."""
    return AreaLevel(len(key))


def ars_of(key: AreaKey) -> str:
    """The 12 digits that the graph shows."""
    return key.ljust(ARS_LENGTH, "0")


@lru_cache(maxsize=65536)
def parse_ars(text: str) -> AreaKey:
    """Read a regional key as a caller writes it: 2, 3, 5, 9 or 12 digits; ``0``, ``00`` and twelve zeros are Germany.

    Raises:
        BadArs: for anything else; an 8-digit AGS is told what the right form is.
    """
    if not (text.isascii() and text.isdigit()):
        raise BadArs(
            f"{_shown(text)} is no regional key (ARS): it has digits only, 2, 3, 5, 9 or 12 of them."
        )
    if text in ("0", "00"):
        return GERMANY
    if len(text) == _AGS_LENGTH:
        raise BadArs(
            f"{text} looks like a municipality key (AGS, 8 digits). Use the 12-digit ARS "
            f"{text[:5]}nnnn{text[5:]}, where nnnn is the association, or the district {text[:5]}."
        )
    if len(text) not in _LEVELS:
        raise BadArs(
            f"{_shown(text)} has {len(text)} digits. A regional key (ARS) has 2 (state), 3 (region), "
            "5 (district), 9 (association) or 12 (municipality)."
        )
    return cut(text)


@lru_cache(maxsize=65536)
def ancestors(key: AreaKey) -> tuple[AreaKey, ...]:
    """The key itself and all that contain it, most specific first, Germany last."""
    padded = ars_of(key)
    found: list[AreaKey] = []
    for level in reversed(_LEVELS):
        if level <= len(key):
            above = cut(padded[:level])
            if not found or above != found[-1]:
                found.append(above)
    return tuple(found)


@lru_cache(maxsize=65536)
def ancestor_set(key: AreaKey) -> frozenset[AreaKey]:
    """`ancestors`, to look one up."""
    return frozenset(ancestors(key))


@lru_cache(maxsize=65536)
def code_of(key: AreaKey) -> AreaCode:
    """A key as the number that the tables hold."""
    return AreaCode(int("1" + key))


def key_of(code: int) -> AreaKey:
    """The key that a table's number stands for."""
    return AreaKey(str(code)[1:])


@lru_cache(maxsize=65536)
def ancestor_codes(key: AreaKey) -> tuple[AreaCode, ...]:
    """`ancestors` as the tables' numbers."""
    return tuple(code_of(above) for above in ancestors(key))


LeikaKey = NewType("LeikaKey", str)
_LEIKA = re.compile(r"99[0-9]{12}")


def is_leika_key(text: str) -> bool:
    """Whether a text is a well-formed service key."""
    return _LEIKA.fullmatch(text) is not None


def parse_leika_key(text: str) -> LeikaKey:
    """Read a service key (Leistungsschlüssel): ``99`` and twelve digits more; spaces between them are taken.

    Raises:
        BadLeikaKey: for anything else.
    """
    squeezed = text.replace(" ", "")
    if not is_leika_key(squeezed):
        raise BadLeikaKey(
            f"{_shown(text)} is no service key (LeiKa): it has 14 digits and begins with 99, like 99050012104000."
        )
    return LeikaKey(squeezed)


Postcode = NewType("Postcode", str)
_POSTCODE = re.compile(r"[0-9]{5}")


def parse_postcode(text: str) -> Postcode:
    """Read a German postcode.

    Raises:
        BadPostcode: when it has not exactly five digits.
    """
    if _POSTCODE.fullmatch(text) is None:
        raise BadPostcode(f"{_shown(text)} is no postcode: a German postcode has five digits, like 35578.")
    return Postcode(text)


class EntryKind(Enum):
    """What an object of a delivery is; the value is the word in its flat identifier."""

    SERVICE_ENTRY = "LB"
    AUTHORITY = "OE"
    ONLINE_SERVICE = "OD"
    SPECIALISATION = "SP"
    RESPONSIBILITY = "ZS"

    def __init__(self, _: object) -> None:
        self.number = len(self.__class__.__members__) + 1
        """What the tables hold."""

    @staticmethod
    def numbered(number: int) -> "EntryKind":
        """The kind that a table's number stands for."""
        return _KINDS[number - 1]


_KINDS = tuple(EntryKind)


class EntryId(NamedTuple):
    """Who named it, what it is, and the name; unique in the whole catalogue (XZuFi: schemeAgencyID and value)."""

    agency: str
    kind: EntryKind
    value: str

    def __str__(self) -> str:
        return f"{self.agency}.{self.kind.value}.{self.value}"


MAX_ID_LENGTH = 200
_AGENCY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_PLAIN_VALUE = re.compile(rf"[!-~]{{1,{MAX_ID_LENGTH}}}")


@lru_cache(maxsize=1024)
def is_agency(text: str) -> bool:
    """Whether a text can be an agency id (schemeAgencyID), such as ``L100042``."""
    return _AGENCY.fullmatch(text) is not None


def is_entry_value(text: str) -> bool:
    """Whether a text can be the value of an identifier: no blanks, no control characters, bounded."""
    if _PLAIN_VALUE.fullmatch(text) is not None:
        return True
    return 0 < len(text) <= MAX_ID_LENGTH and text.isprintable() and not any(map(str.isspace, text))


def parse_entry_id(text: str) -> EntryId:
    """Read a flat identifier: agency, kind, value; the value is all after the second dot.

    Raises:
        BadEntryId: when a part is missing, the kind is unknown or a part has characters that none may have.
    """
    agency, kind, value = (*text.split(".", 2), "", "")[:3]
    if not is_agency(agency) or kind not in {known.value for known in EntryKind} or not is_entry_value(value):
        raise BadEntryId(
            f"{_shown(text)} is no entry identifier: it has agency, kind and value, like L100042.LB.101002; "
            "the kind is LB, OE, OD, SP or ZS."
        )
    return EntryId(agency, EntryKind(kind), value)


_SHOWN_LENGTH = 40


def _shown(text: str) -> str:
    """A caller's text as an error repeats it: quoted, short, without control characters."""
    short = text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "…"
    return "“" + "".join(_printable(short)) + "”"


def _printable(text: str) -> Iterator[str]:
    for character in text:
        yield character if character.isprintable() else "�"
