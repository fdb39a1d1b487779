"""The catalogue's tables as ORM classes."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy.orm import DeclarativeBase, Mapped

from catalog_sync.catalog import tables

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Base(DeclarativeBase):
    """What all have."""


class Entry(Base):
    """Any object of a delivery."""

    __table__ = tables.entry

    if TYPE_CHECKING:
        id: Mapped[int]
        kind: Mapped[int]
        live: Mapped[bool]
        agency: Mapped[str]
        value: Mapped[str]
        source_id: Mapped[int]
        version_label: Mapped[str | None]
        changed_at: Mapped[int | None]
        head: Mapped[bytes]

    @property
    def facts(self) -> dict[str, Any]:
        """The names, codes and areas beside it."""
        decoded: dict[str, Any] = orjson.loads(self.head)
        return decoded

    def flat_id(self, kind: str) -> str:
        """Agency, kind and value."""
        return f"{self.agency}.{kind}.{self.value}"

    @property
    def changed(self) -> datetime | None:
        """When the office changed it."""
        return None if self.changed_at is None else _EPOCH + timedelta(microseconds=self.changed_at)


class Described(Base):
    """Which entries describe a service."""

    __table__ = tables.entry_leika

    if TYPE_CHECKING:
        leika_key: Mapped[str]
        entry_id: Mapped[int]


class TextModule(Base):
    """A text module in one language."""

    __table__ = tables.text_module

    if TYPE_CHECKING:
        entry_id: Mapped[int]
        ordinal: Mapped[int]
        code: Mapped[str]
        language: Mapped[str]
        html: Mapped[str]


class Edge(Base):
    """A rule at one area."""

    __table__ = tables.edge

    if TYPE_CHECKING:
        service_id: Mapped[int]
        area: Mapped[int]
        role: Mapped[int]
        owner_id: Mapped[int]
        rule_id: Mapped[int]


class ListedService(Base):
    """A service of the catalogue."""

    __table__ = tables.leika_service

    if TYPE_CHECKING:
        leika_key: Mapped[str]
        title: Mapped[str]
        regulatory_types: Mapped[str]


class Source(Base):
    """An office's connection."""

    __table__ = tables.source

    if TYPE_CHECKING:
        id: Mapped[int]
        name: Mapped[str]


class Area(Base):
    """A place."""

    __table__ = tables.area

    if TYPE_CHECKING:
        code: Mapped[int]
        name: Mapped[str]
