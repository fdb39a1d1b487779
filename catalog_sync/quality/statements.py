"""The rules as SQL for both databases: each looks at the live objects of the sources asked for, by index."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NULLTYPE, TypeEngine

from catalog_sync.catalog.keys import GERMANY, code_of
from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import edge, entry, entry_area, entry_leika, rule
from catalog_sync.quality.rules import KINDS, VERDICTS, QualityRule


class holds(ColumnElement[Any]):  # noqa: N801 - reads as SQL in a statement
    """``column holds these bytes``: whether a JSON document has a member, told by the bytes that begin it.

    A quote inside a JSON text is escaped, so that no text holds ``"name":``.
    """

    inherit_cache = False
    type: TypeEngine[Any] = NULLTYPE  # a Boolean would be written as `... = 1` on SQLite

    def __init__(self, column: ColumnElement[Any], beginning: str) -> None:
        self.column = column
        self.hexadecimal = beginning.encode().hex()


@compiles(holds, "sqlite")
def _sqlite_holds(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.column, **options)}, X'{element.hexadecimal}') > 0"


@compiles(holds, "postgresql")
def _postgresql_holds(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"position(decode('{element.hexadecimal}', 'hex') in {column}) > 0"


_mine, _theirs = entry_leika.alias("mine"), entry_leika.alias("theirs")
_here, _there = entry_area.alias("here"), entry_area.alias("there")
_other, _named = entry.alias("other"), entry.alias("named")
_anyone = edge.alias("anyone")
_ONLINE_SERVICE: ColumnElement[int] = literal_column("0")
_GERMANY: ColumnElement[int] = literal_column(str(code_of(GERMANY)))


def _answered() -> ColumnElement[bool]:
    """A rule names it; where it holds in all of Germany, also one that names another description of the service."""
    own = exists().where(edge.c.service_id == entry.c.id, edge.c.role > _ONLINE_SERVICE)
    everywhere = exists().where(_here.c.entry_id == entry.c.id, _here.c.area == _GERMANY)
    elsewhere = exists().where(
        _mine.c.entry_id == entry.c.id,
        _theirs.c.leika_key == _mine.c.leika_key,
        _anyone.c.service_id == _theirs.c.entry_id,
        _anyone.c.role > _ONLINE_SERVICE,
    )
    return or_(own, and_(everywhere, elsewhere))


_SAME = (
    _theirs.c.leika_key == _mine.c.leika_key,
    _theirs.c.entry_id != _mine.c.entry_id,
    _other.c.id == _theirs.c.entry_id,
    _other.c.live,
    _other.c.source_id != entry.c.source_id,
    _here.c.entry_id == entry.c.id,
    _there.c.entry_id == _other.c.id,
    _there.c.area == _here.c.area,
)
"""Another source describes the same service for the same area."""

_CONDITIONS: dict[QualityRule, ColumnElement[Any]] = {
    QualityRule.MISSING_MODULES: holds(entry.c.head, '"missing":['),
    QualityRule.NOT_APPROVED: entry.c.approved_at.is_(None),
    QualityRule.OUTDATED: entry.c.changed_at < bindparam("before", type_=BigInteger()),
    QualityRule.RESPONSIBILITY_WAITING: and_(entry.c.waiting),
    QualityRule.WITHOUT_RESPONSIBILITY: not_(_answered()),
    QualityRule.ONLINE_SERVICE_WITHOUT_LINK: not_(holds(entry.c.head, '"links":[').self_group()),
    QualityRule.DUPLICATE: exists().where(_mine.c.entry_id == entry.c.id, *_SAME),
    QualityRule.WITHOUT_AREAS: holds(entry.c.head, '"areas_filled":true'),
    **{one: listed(entry.c.id, "found") for one in VERDICTS},
}
"""Of the rules that the link checker answers, it has found the objects: `found` are their numbers."""


def _found(looked_at: QualityRule, *columns: ColumnElement[Any]) -> Select[Any]:
    kinds: list[ColumnElement[int]] = [literal_column(str(kind.number)) for kind in KINDS[looked_at]]
    return select(*columns).where(entry.c.live, entry.c.kind.in_(kinds), _CONDITIONS[looked_at])


def _page(looked_at: QualityRule) -> Select[Any]:
    place = func.row_number().over(partition_by=entry.c.source_id, order_by=entry.c.id).label("place")
    found = _found(looked_at, entry.c.source_id, entry.c.id, place).where(
        listed(entry.c.source_id, "sources"), entry.c.id > bindparam("after", type_=BigInteger())
    )
    rows = found.subquery("found")
    shown = rows.c.place <= bindparam("limit", type_=BigInteger())
    return select(rows.c.source_id, rows.c.id).where(shown).order_by(rows.c.source_id, rows.c.id)


COUNTS = {
    one: Statement(
        _found(one, entry.c.source_id, func.count())
        .where(listed(entry.c.source_id, "sources"))
        .group_by(entry.c.source_id)
    )
    for one in QualityRule
}
"""How many objects of each source a rule finds."""

PAGES = {one: Statement(_page(one)) for one in QualityRule}
"""The first of them behind a number, of each source."""

AMONG = {
    one: Statement(_found(one, entry.c.id).where(listed(entry.c.id, "numbers")))
    for one in (QualityRule.WITHOUT_RESPONSIBILITY, QualityRule.DUPLICATE)
}
"""Which of some objects a rule finds; the other rules can be told from the object itself."""

OTHER_SOURCES = Statement(
    select(entry.c.id, _other.c.source_id)
    .distinct()
    .where(listed(entry.c.id, "numbers"), _mine.c.entry_id == entry.c.id, *_SAME)
)

NOT_THERE = Statement(
    select(rule.c.id, _named.c.kind, _named.c.agency, _named.c.value)
    .join(_named, or_(_named.c.id == rule.c.service_id, _named.c.id == rule.c.owner_id))
    .where(listed(rule.c.id, "numbers"), not_(_named.c.live))
    .order_by(rule.c.id, _named.c.kind)
)
