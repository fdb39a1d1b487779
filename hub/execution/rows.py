"""Generated Python for what is selected of one type: all parents of a layer in, their answers out.

It looks as if it were written by hand::

async def rows1(run, parents):
    column2 = await batch3(run.context, parents, **run.arguments(arguments4))  # a relation, once for all
    answers = []
    for parent, column2 in zip(parents, column2, strict=True):
        value7 = parent.title                                 # the rest in line
        if value7.__class__ is not str:
            value7 = write8(value7)
        answers.append({"title": value7, "tags": value9})
    await run.turn(count, fields)
    return answers
"""

from typing import Any

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
)

from hub.execution.columns import Rows, as_list, column
from hub.execution.fragments import Fragments
from hub.execution.leaves import check_in_line, writer
from hub.execution.leaving import leave
from hub.execution.objects import Objects
from hub.execution.selections import SelectedField, Selection
from hub.execution.sources import Source, dict_of

_OFTEN = 250
"""Objects of one loop after which the watch is asked."""


class Module:
    """The generated functions of one operation.

    Args:
        objects: the schema's object types.
        fragments: bytes of what lasts.
    """

    def __init__(self, objects: Objects, fragments: Fragments) -> None:
        self.objects = objects
        self._fragments = fragments
        self.source = Source()
        self.as_list = self.source.bind("as_list", as_list)
        self.leave = self.source.bind("leave", leave)
        self._columns: list[tuple[str, SelectedField, dict[str, str]]] = []

    def compiled(self, root: Selection) -> Rows:
        """The function of the root selection.

        Raises:
            SyntaxError, MemoryError, RecursionError: when it is more than Python takes.
        """
        name = self.function(root)
        names = self.source.compiled()
        for bound, field, functions in self._columns:
            rows = {of_type: names[function] for of_type, function in functions.items()}
            if field.lasting is not None:
                rows = {
                    of_type: self._fragments.rows(function, field.lasting)
                    for of_type, function in rows.items()
                }
            names[bound] = column(field.type, rows, self.objects)
        function: Rows = names[name]
        return function

    def function(self, selection: Selection) -> str:
        """Write the function of one selection, and before it those of all that it calls."""
        return _Function(self, selection).written()

    def column(self, field: SelectedField) -> str:
        """The name under which the completion of a deep field will be found."""
        functions = {of_type: self.function(below) for of_type, below in field.below.items()}
        name = self.source.name("complete")
        self._columns.append((name, field, functions))
        return name


class _Function:
    def __init__(self, module: Module, selection: Selection) -> None:
        self._module = module
        self._source = module.source
        self._selection = selection
        self._head: list[str] = []
        self._body: list[str] = []

    def written(self) -> str:
        """Write it; its name."""
        name = self._source.name("rows")
        columns = {field.key: self._column(field) for field in self._selection.fields}
        values = {
            field.key: (columns[field.key] or "")
            if field.deep
            else self._value(field, self._selection, columns[field.key])
            for field in self._selection.fields
        }
        wide = [column for column in columns.values() if column]
        each = f"for {', '.join(['parent', *wide])} in zip({', '.join(['parents', *wide])}, strict=True):"
        self._source.lines(
            f"async def {name}(run, parents):",
            "    info = run.info",
            "    count = fields = 0",
            f"    await run.turn({'0' if self._selection.root else 'len(parents)'}, {len(values)} * len(parents))",
            *self._head,
            "    answers = []",
            f"    {each if wide else 'for parent in parents:'}",
            *self._body,
            f"        answers.append({dict_of(values)})",
            "    await run.turn(count, fields)",
            "    return answers",
        )
        return name

    def _column(self, field: SelectedField) -> str | None:
        """Read a field for all parents before the loop, where that is needed: the variable that holds it."""
        reading = field.reading
        if reading is None or (reading.batch is None and not field.deep):
            return None
        complete = self._module.column(field) if field.deep else None
        if reading.batch is not None:
            batch = self._source.bind("batch", reading.batch)
            arguments = self._source.bind("arguments", field.arguments)
            passed = f", **run.arguments({arguments})" if field.arguments.any else ""
            read = f"await {batch}(run.context, parents{passed})"
        else:
            read = f"[{self._read(field, 'parent')} for parent in parents]"
        name = self._source.name("column")
        self._head.append(f"    {name} = {f'await {complete}(run, {read})' if complete else read}")
        return name

    def _read(self, field: SelectedField, parent: str) -> str:
        """An expression for the raw value of a field that is read row by row."""
        reading = field.reading
        assert reading is not None  # noqa: S101
        if reading.attribute is not None:
            plain = reading.attribute.isidentifier()
            return f"{parent}.{reading.attribute}" if plain else f"getattr({parent}, {reading.attribute!r})"
        function = self._source.bind("plain", reading.plain)
        return f"{function}({parent}{', info' if reading.takes_info else ''}{self._passed(field)})"

    def _passed(self, field: SelectedField) -> str:
        if not field.arguments.any:
            return ""
        bound = self._source.bind("arguments", field.arguments)
        if field.arguments.filled:
            name = self._source.name("given")
            self._head.append(f"    {name} = run.arguments({bound})")
            return f", **{name}"
        constants = field.arguments.constant
        return "".join(
            f", {name}={self._source.bind('constant', value)}" for name, value in constants.items()
        )

    def _value(
        self,
        field: SelectedField,
        of: Selection,
        column: str | None = None,
        parent: str = "parent",
        depth: int = 2,
    ) -> str:
        """Complete one value of a row; the variable or literal that holds it."""
        if field.reading is None:
            return repr(of.type.name)
        name = self._source.name("value")
        self._line(depth, f"{name} = {column or self._read(field, parent)}")
        self._complete(depth, field.type, name, field, never_null=False)
        return name

    def _line(self, depth: int, text: str) -> None:
        self._body.append("    " * depth + text)

    def _complete(
        self, depth: int, wanted: GraphQLOutputType, name: str, field: SelectedField, *, never_null: bool
    ) -> None:
        if isinstance(wanted, GraphQLNonNull):
            self._complete(depth, wanted.of_type, name, field, never_null=True)
            return
        if is_leaf_type(wanted):
            self._leaf(depth, wanted, name, never_null=never_null)
            return
        if not never_null:
            self._line(depth, f"if {name} is not None:")
            depth += 1
        if isinstance(wanted, GraphQLList):
            self._list(depth, wanted.of_type, name, field)
        elif isinstance(wanted, GraphQLObjectType):
            self._object(depth, wanted, name, field)
        else:
            self._of_several_types(depth, wanted, name, field)

    def _leaf(self, depth: int, wanted: Any, name: str, *, never_null: bool) -> None:
        write = self._source.bind("write", writer(wanted, never_null=never_null))
        check = check_in_line(wanted, name)
        if check is None:
            self._line(depth, f"{name} = {write}({name})")
            return
        self._line(depth, f"if {check}:" if never_null else f"if {name} is not None and ({check}):")
        self._line(depth + 1, f"{name} = {write}({name})")

    def _list(self, depth: int, inner: GraphQLOutputType, name: str, field: SelectedField) -> None:
        items, item = self._source.name("items"), self._source.name("item")
        self._line(depth, f"if {name}.__class__ is not list and {name}.__class__ is not tuple:")
        self._line(depth + 1, f"{name} = {self._module.as_list}({name})")
        self._line(depth, f"{items} = []")
        self._line(depth, f"for {item} in {name}:")
        self._complete(depth + 1, inner, item, field, never_null=False)
        self._line(depth + 1, f"{items}.append({item})")
        if field.below:
            self._line(depth + 1, f"if count > {_OFTEN}:")
            self._line(depth + 2, "await run.turn(count, fields)")
            self._line(depth + 2, "count = fields = 0")
        self._line(depth, f"{name} = {items}")

    def _object(self, depth: int, wanted: GraphQLObjectType, name: str, field: SelectedField) -> None:
        objects = self._module.objects
        check = self._source.bind("check", objects.check(wanted))
        if objects.asks_each(wanted):
            self._line(depth, f"{check}({name}, info)")
        else:
            known = self._source.bind("known", objects.known(wanted))
            self._line(depth, f"if {name}.__class__ not in {known}:")
            self._line(depth + 1, f"{check}({name}, info)")
        selected = field.below[wanted.name]
        self._line(depth, "count += 1")
        self._line(depth, f"fields += {len(selected.fields)}")
        values = {one.key: self._value(one, selected, None, name, depth) for one in selected.fields}
        self._line(depth, f"{name} = {dict_of(values)}")

    def _of_several_types(self, depth: int, wanted: Any, name: str, field: SelectedField) -> None:
        kind, resolve = (
            self._source.name("kind"),
            self._source.bind("resolve", self._module.objects.kind(wanted)),
        )
        self._line(depth, f"{kind} = {resolve}({name}, info)")
        word = "if"
        for of_type, selected in field.below.items():
            self._line(depth, f"{word} {kind} == {of_type!r}:")
            self._object(depth + 1, selected.type, name, field)
            word = "elif"
        self._line(depth, "else:")
        self._line(depth + 1, f"{self._module.leave}()")
