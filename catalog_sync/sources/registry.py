"""The editorial offices' connections: who delivers, for which agencies, for which areas."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from catalog_sync.catalog.areas import known_area_keys
from catalog_sync.catalog.keys import AreaKey, ars_of, is_agency, parse_ars
from catalog_sync.catalog.position import raise_position
from catalog_sync.catalog.tables import source
from catalog_sync.errors import CatalogError

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MAX_NAME = 200


class BadSource(CatalogError):  # noqa: N818 - the wire's word
    """A source that cannot be made as described."""

    code = "BAD_SOURCE"


class UnknownSource(CatalogError):  # noqa: N818
    """A source that there is not."""

    code = "UNKNOWN_SOURCE"


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the sync needs it.

    Attributes:
        swept: whether a snapshot of it counts.
        shares: the part of its objects of a kind (``*``: of every other kind) that a snapshot may delete unasked.
        index_url, every_seconds: from where it is fetched, and how often.
        fresh_at: when what it delivered was last known to be all there is (microseconds since 1970, UTC).
    """

    number: int
    key: str
    name: str
    agencies: tuple[str, ...]
    areas: tuple[AreaKey, ...]
    swept: bool = False
    shares: Mapping[str, float] = field(default_factory=dict)
    index_url: str | None = None
    every_seconds: int | None = None
    fresh_at: int | None = None


def add_source(
    connection: Connection,
    key: str,
    name: str,
    *,
    agencies: Sequence[str],
    areas: Sequence[str],
    now: int,
    index_url: str | None = None,
    every_seconds: int | None = None,
    shares: Mapping[str, float] = MappingProxyType({}),
) -> Source:
    """Make a source, named in addresses and commands by its key; `now` is in microseconds since 1970, UTC.

    It may deliver objects of its agencies (schemeAgencyID) in its areas; ``00`` is all of Germany.

    Raises:
        BadSource: where the key is taken or a part is malformed.
        BadArs: for an area that is no regional key.
    """
    _check_key(key)
    check_name(name)
    check_agencies(agencies)
    keys = checked_areas(connection, areas)
    if connection.execute(select(source.c.id).where(source.c.key == key)).first():
        raise BadSource(f"There is a source {key} already.")
    raise_position(connection)
    connection.execute(
        insert(source).values(
            key=key,
            name=name,
            agencies=json.dumps(list(dict.fromkeys(agencies))),
            areas=json.dumps(keys),
            index_url=index_url,
            every_seconds=every_seconds,
            shrink=json.dumps(dict(shares)),
            created_at=now,
        )
    )
    return source_by_key(connection, key)


def _check_key(key: str) -> None:
    if _KEY.fullmatch(key) is None:
        raise BadSource(
            f"{key!r} cannot name a source: up to 40 small letters, digits and hyphens, like hessen."
        )


def check_name(name: str) -> None:
    """Judge what people read.

    Raises:
        BadSource: where it is no name.
    """
    if not name.strip() or len(name) > _MAX_NAME or not name.isprintable():
        raise BadSource(f"A source has a name of 1 to {_MAX_NAME} printable characters.")


def check_agencies(agencies: Sequence[str]) -> None:
    """Judge agency ids (schemeAgencyID).

    Raises:
        BadSource: where there is none, or one is malformed.
    """
    if not agencies:
        raise BadSource("A source has at least one agency id, like L100042.")
    for agency in agencies:
        if not is_agency(agency):
            raise BadSource(
                f"{agency!r} is no agency id (schemeAgencyID): letters, digits, - and _, like L100042."
            )


def checked_areas(connection: Connection, areas: Sequence[str]) -> tuple[AreaKey, ...]:
    """The keys of areas as people write them.

    Raises:
        BadSource: where there is none, or one does not exist.
        BadArs: for an area that is no regional key.
    """
    keys = tuple(dict.fromkeys(parse_ars(area) for area in areas))
    if not keys:
        raise BadSource("A source has at least one area, like 06; 00 is all of Germany.")
    known = known_area_keys(connection)
    if len(known) > 1:  # else no list was imported yet, and only the form can be judged
        for key in keys:
            if key not in known:
                raise BadSource(f"Area {ars_of(key)} does not exist; name one of the official list (ARS).")
    return keys


def all_sources(connection: Connection) -> list[Source]:
    """All sources, by key."""
    return [_source(row) for row in connection.execute(select(source).order_by(source.c.key))]


def source_by_key(connection: Connection, key: str) -> Source:
    """A source by its key.

    Raises:
        UnknownSource: where there is none.
    """
    row = connection.execute(select(source).where(source.c.key == key)).first()
    if row is None:
        raise UnknownSource(f"There is no source {key!r}; `verbundhub sources add` makes one.")
    return _source(row)


def areas_of_sources(connection: Connection) -> dict[int, tuple[AreaKey, ...]]:
    """Where each source writes, by its number."""
    rows = connection.execute(select(source.c.id, source.c.areas))
    return {row.id: tuple(json.loads(row.areas)) for row in rows}


def _source(row: Row[Any]) -> Source:
    return Source(
        number=row.id,
        key=row.key,
        name=row.name,
        agencies=tuple(json.loads(row.agencies)),
        areas=tuple(json.loads(row.areas)),
        swept=row.swept_at is not None,
        shares=json.loads(row.shrink),
        index_url=row.index_url,
        every_seconds=row.every_seconds,
        fresh_at=row.fresh_at,
    )
