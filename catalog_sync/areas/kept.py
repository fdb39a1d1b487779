"""The lists as they were imported, kept so that the areas can be worked out from all of them at any time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, insert, select

from catalog_sync.areas.listed import AreaList, PostcodeList, digest_of, packed, unpacked
from catalog_sync.catalog.tables import area_list

_AREAS = "areas"
_POSTCODES = "postcodes"


@dataclass(slots=True)
class Kept:
    """All lists; those of one import in an order that their arguments' order does not change."""

    lists: list[AreaList] = field(default_factory=list)
    postcodes: list[PostcodeList] = field(default_factory=list)


def keep(connection: Connection, lists: Sequence[AreaList], postcodes: Sequence[PostcodeList]) -> int:
    """Keep what is new of an import.

    Returns:
        how many lists were not there before.
    """
    known = set(connection.scalars(select(area_list.c.digest)))
    position = 1 + int(connection.scalar(select(func.max(area_list.c.position))) or 0)
    new: dict[str, dict[str, object]] = {}
    given: list[AreaList | PostcodeList] = [*lists, *postcodes]
    for one in given:
        digest = digest_of(one)
        if digest not in known:
            new[digest] = {
                "digest": digest,
                "kind": _AREAS if isinstance(one, AreaList) else _POSTCODES,
                "name": one.name,
                "as_of": one.as_of if isinstance(one, AreaList) else "",
                "position": position,
                "content": packed(one),
            }
            if isinstance(one, PostcodeList):
                position += 1  # of several lists of postcodes the last one given goes first
    if new:
        connection.execute(insert(area_list), list(new.values()))
    return len(new)


def kept(connection: Connection) -> Kept:
    """All lists that were ever imported."""
    found = Kept()
    rows = connection.execute(
        select(area_list.c.kind, area_list.c.content).order_by(area_list.c.position, area_list.c.digest)
    )
    for kind, content in rows:
        if kind == _AREAS:
            found.lists.append(unpacked(content, AreaList))
        else:
            found.postcodes.append(unpacked(content, PostcodeList))
    return found
