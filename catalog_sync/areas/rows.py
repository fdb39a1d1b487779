"""The rules that one row of a list must keep, whatever the list's format is."""

import re
from collections.abc import Callable

from catalog_sync.areas.listed import PART, ListedArea
from catalog_sync.catalog.keys import ARS_LENGTH, AreaLevel
from catalog_sync.official_files import squeezed

AGS_LENGTH = 8
_LEVEL_LENGTHS = (2, 3, 5, 9, ARS_LENGTH)
_LAST_STATE = 16
_POSTCODE = re.compile(r"[0-9]{5}")
MAX_ROWS = 200_000
"""The list of 2026 has 11,227 rows."""


def checked_digits(digits: str, lengths: tuple[int, ...] = (*_LEVEL_LENGTHS, AGS_LENGTH)) -> str:
    """A key as a list has it.

    Raises:
        ValueError: with a sentence that names what would be right.
    """
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in lengths:
        form = " or ".join(str(length) for length in sorted(lengths))
        hint = " Was a leading zero lost?" if len(digits) + 1 in lengths and digits.isdigit() else ""
        raise ValueError(f"“{digits[:40]}” is no key of an area here: it has {form} digits.{hint}")
    if not 1 <= int(digits[:2]) <= _LAST_STATE:
        raise ValueError(f"{digits} begins with {digits[:2]}; the states are 01 to 16.")
    return digits


def level_of_digits(digits: str) -> AreaLevel:
    """What a list means by a key that it does not classify: by its length, and a full key is a municipality's."""
    return AreaLevel.MUNICIPALITY if len(digits) == AGS_LENGTH else AreaLevel(len(digits))


def is_part(note: str) -> bool:
    """Whether a row's note says that it is a city's part."""
    return note == PART or "ortsteil" in note.lower() or "stadtbezirk" in note.lower()


def number_or_none(text: str) -> int | None:
    """A count of people; None where the list has none or something else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ARS_LENGTH else None


def postcode_or_none(text: str) -> str | None:
    """The postcode of an administration's seat; None where the list has none."""
    return text if _POSTCODE.fullmatch(text) else None


class Rows:
    """Collects rows, refusing what contradicts itself.

    Args:
        refused: makes the error for a sentence and a line, see `OfficialFile.refused`.
    """

    def __init__(self, refused: Callable[[str, int | None], Exception]) -> None:
        self._refused = refused
        self._found: dict[tuple[str, AreaLevel], ListedArea] = {}

    def add(
        self,
        line: int,
        digits: str,
        name: str,
        level: AreaLevel,
        *,
        part: bool = False,
        population: str = "",
        seat_postcode: str = "",
    ) -> None:
        """Check and keep one row.

        Raises:
            FileRefused: naming the line.
        """
        name = squeezed(name)
        if not name:
            raise self._refused(f"the area {digits} has no name.", line)
        people = number_or_none(population)
        row = ListedArea(digits, name, level, part, people, postcode_or_none(seat_postcode))
        before = self._found.setdefault((digits, level), row)
        if before.name != row.name:
            raise self._refused(f"{digits} is “{name}” here and “{before.name}” above.", line)
        if len(self._found) > MAX_ROWS:
            raise self._refused(f"it has more than {MAX_ROWS} rows; no list of areas has.", line)

    def listed(self) -> tuple[ListedArea, ...]:
        """All rows, also when there is none."""
        return tuple(self._found.values())

    def done(self, what: str) -> tuple[ListedArea, ...]:
        """All rows.

        Raises:
            FileRefused: when there is none.
        """
        if not self._found:
            raise self._refused(f"it has no row of {what}.", None)
        return self.listed()
