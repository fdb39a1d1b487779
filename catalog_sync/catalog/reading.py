"""How the catalogue is read: fixed statements, compiled once to SQL text, run on the raw driver.

SQLAlchemy's engines cost 29 to 94 times what a point read costs (docs/adr/0002), so Core writes the text and the
driver runs it. A list of keys is one parameter on both databases, so that a statement's text never changes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import BindParameter, ClauseElement, ColumnElement, bindparam
from sqlalchemy.dialects.postgresql import asyncpg as postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import ARRAY, NULLTYPE, BigInteger, Text, TypeEngine

Row = Sequence[Any]


class Snapshot(Protocol):
    """The catalogue at one moment: all statements of one snapshot see the same transactions."""

    async def rows(self, statement: "Statement", **values: Any) -> Sequence[Row]:
        """Run a statement; a value that a `listed` parameter takes is a list."""
        ...


class listed(ColumnElement[Any]):  # noqa: N801 - reads as SQL in a statement
    """``column IN (all of one list parameter)``.

    SQLite reads the list as JSON, PostgreSQL as an array; both texts stay the same for every length.
    """

    inherit_cache = True
    type: TypeEngine[Any] = NULLTYPE  # a Boolean would be written as `... = 1` on SQLite

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        element: TypeEngine[Any] = (
            Text() if isinstance(column.type, Text) or _is_text(column) else BigInteger()
        )
        self.sqlite: BindParameter[str] = bindparam(name, type_=Text(), required=True)
        array: TypeEngine[Any] = ARRAY(element)
        self.postgresql: BindParameter[Any] = bindparam(name, type_=array, required=True)


def _is_text(column: ColumnElement[Any]) -> bool:
    return column.type.python_type is str


@compiles(listed, "sqlite")
def _sqlite_listed(element: listed, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"{column} IN (SELECT value FROM json_each({compiler.process(element.sqlite, **options)}))"


@compiles(listed, "postgresql")
def _postgresql_listed(element: listed, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"{column} = ANY ({compiler.process(element.postgresql, **options)})"


class named(ColumnElement[Any]):  # noqa: N801 - reads as SQL in a statement
    """``(agency, value) IN (all of one list parameter)``; each text of the list is agency, a dot, and the value.

    Agencies have no dots, so that one list holds both.
    """

    inherit_cache = True
    type: TypeEngine[Any] = NULLTYPE

    def __init__(self, agency: ColumnElement[Any], value: ColumnElement[Any], name: str) -> None:
        self.agency, self.value = agency, value
        self.sqlite: BindParameter[str] = bindparam(name, type_=Text(), required=True)
        self.postgresql: BindParameter[Any] = bindparam(name, type_=ARRAY(Text()), required=True)


@compiles(named, "sqlite")
def _sqlite_named(element: named, compiler: SQLCompiler, **options: Any) -> str:
    agency, value = (compiler.process(column, **options) for column in (element.agency, element.value))
    names = compiler.process(element.sqlite, **options)
    parts = "substr(value, 1, instr(value, '.') - 1), substr(value, instr(value, '.') + 1)"
    return f"({agency}, {value}) IN (SELECT {parts} FROM json_each({names}))"


@compiles(named, "postgresql")
def _postgresql_named(element: named, compiler: SQLCompiler, **options: Any) -> str:
    agency, value = (compiler.process(column, **options) for column in (element.agency, element.value))
    names = compiler.process(element.postgresql, **options)
    parts = "split_part(name, '.', 1), substr(name, strpos(name, '.') + 1)"
    return f"({agency}, {value}) IN (SELECT {parts} FROM unnest({names}) AS name)"


class Statement:
    """One SELECT as text for both databases, with the order of its parameters.

    Attributes:
        sqlite: text with ``?`` for each parameter, `sqlite_names` their names in order.
        postgresql: text with ``$1`` for each parameter, `postgresql_names` their names in order.
        lists: the names of parameters that take a list.
    """

    __slots__ = ("lists", "postgresql", "postgresql_names", "sqlite", "sqlite_names")

    def __init__(self, select: Select[Any] | ClauseElement) -> None:
        lite = select.compile(dialect=sqlite_dialect(paramstyle="qmark"))
        post = select.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
        self.sqlite = str(lite)
        self.sqlite_names = tuple(getattr(lite, "positiontup", None) or ())
        self.postgresql = str(post)
        self.postgresql_names = tuple(getattr(post, "positiontup", None) or ())
        binds: Mapping[str, BindParameter[Any]] = getattr(post, "binds", {})
        for compiled in (lite, post):
            if constants := [
                name for name, bind in getattr(compiled, "binds", {}).items() if not bind.required
            ]:
                raise TypeError(
                    f"a constant in a statement is a literal_column, not a parameter: {constants}"
                )
        self.lists = frozenset(name for name, bind in binds.items() if isinstance(bind.type, ARRAY))
