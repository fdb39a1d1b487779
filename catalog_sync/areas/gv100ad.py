"""GV100AD: the Gemeindeverzeichnis of Destatis in records of 220 characters.

Columns, counted from 0: kind of record (Satzart) 0-2, date (Gebietsstand) 2-10, state 10-12, region 12, district
13-15, municipality 15-18, association 18-22, name 22-72, population 139-150, postcode of the seat 165-170.
Source: data set description "Datensatzbeschreibung GV100AD", Statistisches Bundesamt.
"""

import re

from catalog_sync.areas.listed import AreaList, days_in
from catalog_sync.areas.rows import Rows, checked_digits
from catalog_sync.catalog.keys import AreaLevel
from catalog_sync.official_files import OfficialFile

_RECORD = re.compile(rb"[1-6]0(19|20)[0-9]{6}[0-9]{2}")
_LEVELS = {
    "10": AreaLevel.STATE,
    "20": AreaLevel.REGION,
    "40": AreaLevel.DISTRICT,
    "50": AreaLevel.ASSOCIATION,
    "60": AreaLevel.MUNICIPALITY,
}
_PLANNING_REGION = "30"  # no level of the regional key
_NAME_END = 72


def looks_like_gv100ad(beginning: bytes) -> bool:
    """Whether a file's first bytes are a record of this format."""
    return _RECORD.match(beginning) is not None


def read_gv100ad(file: OfficialFile) -> AreaList:
    """Read the whole directory.

    Raises:
        FileRefused: naming the line of the first record that is wrong.
    """
    rows = Rows(file.refused)
    dates: dict[str, int] = {}
    for line, record in enumerate(file.lines(), 1):
        text = record.rstrip("\r\n\x1a")
        if text.strip():
            _read_record(file, rows, line, text)
            dates.setdefault(text[2:10], line)
    return AreaList(name=file.name, as_of=_date(file, dates), rows=rows.done("the Gemeindeverzeichnis"))


def _read_record(file: OfficialFile, rows: Rows, line: int, text: str) -> None:
    kind = text[:2]
    if kind == _PLANNING_REGION:
        return
    level = _LEVELS.get(kind)
    if level is None:
        raise file.refused(
            f"“{kind}” is no kind of record (Satzart); these are 10, 20, 30, 40, 50 and 60.", line
        )
    digits = (text[10:15] + text[18:22] + text[15:18])[: level.value]
    try:
        checked_digits(digits, (level.value,))
    except ValueError as error:
        raise file.refused(str(error), line) from error
    seat = text[165:170]
    rows.add(line, digits, text[22:_NAME_END], level, population=text[139:150], seat_postcode=seat)


def _date(file: OfficialFile, dates: dict[str, int]) -> str:
    (first, _), *others = dates.items()
    if others:
        raise file.refused(f"the date of this record is {others[0][0]}, above it is {first}.", others[0][1])
    days = days_in(f"{first[:4]}-{first[4:6]}-{first[6:]}")
    if not days:
        raise file.refused(f"its date “{first}” is none; it stands at 2-10 as YYYYMMDD.", 1)
    return days[0]
