"""The printed schema is checked in; what was released stays, is described in words, and goes only with a date."""

import re
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    find_breaking_changes,
)
from graphql import build_schema as build_from_text

from schema.build import build_schema
from schema.described import Describing, Words, words
from schema.federation import PRINTED

ROOT = Path(__file__).parent.parent.parent
RELEASED = ROOT / "schema" / "released.graphql"
"""The schema of the last release: `schema.graphql` is copied here when a version is given out."""

_ALLOWED = re.compile(r"^- Breaking: (.+)$", re.MULTILINE)
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_BUILT_IN = {"Boolean", "Float", "ID", "Int", "String"}
Elements = dict[str, tuple[str | None, str | None]]
"""Coordinate -> its words, and why it is deprecated."""


def breaking(before: str, now: str, decided: str) -> list[str]:
    """What of an earlier schema is gone or means something else, and stands in no decision (`- Breaking: ...`)."""
    changes = find_breaking_changes(
        build_from_text(before, assume_valid=True), build_from_text(now, assume_valid=True)
    )
    return [one.description for one in changes if one.description not in _ALLOWED.findall(decided)]


def elements(schema: GraphQLSchema) -> Elements:
    """All elements of a schema but introspection's."""
    found: Elements = {}
    for one in schema.type_map.values():
        if not one.name.startswith("__") and one.name not in _BUILT_IN:
            found |= {one.name: (one.description, None)} | _inside(one)
    return found


def _inside(one: GraphQLNamedType) -> Elements:
    found: Elements = {}
    if isinstance(one, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in one.fields.items():
            found[f"{one.name}.{name}"] = (field.description, field.deprecation_reason)
            for argument, given in field.args.items():
                found[f"{one.name}.{name}({argument}:)"] = (given.description, given.deprecation_reason)
    elif isinstance(one, GraphQLEnumType):
        for name, value in one.values.items():
            found[f"{one.name}.{name}"] = (value.description, value.deprecation_reason)
    else:
        assert not isinstance(one, GraphQLInputObjectType), "no input type yet: look at its fields here"
    return found


def undated(schema: GraphQLSchema) -> list[str]:
    """What is deprecated without the day after which it goes."""
    return [name for name, (_, why) in elements(schema).items() if why is not None and not _DAY.search(why)]


def idle(given: Words, found: Elements) -> list[str]:
    """Words that no element has."""
    shared = {(_last(name), text) for name, (text, _) in found.items()}
    left = []
    for table, texts in given.items():
        for key, text in texts.items():
            name = f"{table}.{key}".removesuffix(".").replace(")", ":)")
            own = found.get(name, (None, None))[0] == text
            if not own and not (table in ("fields", "arguments") and (key, text) in shared):
                left.append(name)
    return left


def _last(coordinate: str) -> str:
    return re.split(r"[.(]", coordinate)[-1].removesuffix(":)")


def _now() -> GraphQLSchema:
    return build_schema()._schema  # noqa: SLF001 - the executable schema has no public name


def test_printed_schema_is_the_schema() -> None:
    printed = PRINTED.read_text(encoding="utf-8")
    assert printed == build_schema().as_str() + "\n", "run `verbundhub export-schema > schema/schema.graphql`"


def test_nothing_of_the_last_release_is_gone_without_a_decision() -> None:
    decided = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "adr").glob("*.md"))
    assert breaking(RELEASED.read_text(encoding="utf-8"), build_schema().as_str(), decided) == []


def test_a_breaking_change_is_told_unless_a_decision_names_it() -> None:
    before = "type Query { a: Int! b(c: Int): Int }"
    for now in (
        "type Query { b(c: Int): Int }",
        "type Query { a: Int b(c: Int): Int }",
        "type Query { a: Int! b: Int }",
        "type Query { a: Int! b(c: Int!): Int }",
    ):
        (told,) = breaking(before, now, "")
        assert "Query." in told
        assert breaking(before, now, f"# 9\n\n- Breaking: {told}\n") == []
    assert breaking(before, "type Query { a: Int! b(c: Int d: Int): Int e: Int }", "") == []


def test_what_is_deprecated_names_the_day_after_which_it_goes() -> None:
    assert undated(_now()) == []
    toy = """type Query { a(b: Int @deprecated(reason: "Use c.") c: Int): E @deprecated(reason: "Use d; goes after 2027-06-30.") }
        enum E { X @deprecated Y }"""
    assert undated(build_from_text(toy)) == ["Query.a(b:)", "E.X"]


def test_everything_is_described_in_a_sentence() -> None:
    texts = {name: text or "" for name, (text, _) in elements(_now()).items()}
    strawberrys = {"Date", "DateTime", "Decimal"}
    assert {name for name, text in texts.items() if not text.endswith((".", "..."))} == strawberrys
    assert [name for name, text in texts.items() if len(text) < len("Ort.")] == []


def test_the_german_term_of_the_vocabulary_stands_in_the_type_it_names() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z]\w+)[^|]* \| ([^|]+?) \|", readme, re.MULTILINE)
    schema = _now()
    terms = {name: german for name, german in rows if name in schema.type_map}
    assert {"Service", "ServiceEntry", "Area", "Authority", "Responsibility"} <= terms.keys()
    words_of = {name: schema.type_map[name].description or "" for name in terms}
    missing = [n for n, german in terms.items() if not any(one in words_of[n] for one in german.split(", "))]
    assert missing == []


def test_no_words_stand_there_for_nothing() -> None:
    found = elements(_now())
    assert idle(words(), found) == []
    more = {"Area": {"nothing": "No such field.", "name": "Another."}, "arguments": {"nowhere": "None."}}
    assert idle(more, found) == ["Area.nothing", "Area.name", "arguments.nowhere"]


def test_words_of_a_declaration_go_before_those_of_the_file_and_own_ones_before_shared_ones() -> None:
    schema = build_from_text('type Query { a: Int "Its own." b: Int c(d: Int): Int }')
    file = {
        "fields": {"a": "Shared.", "b": "Shared."},
        "arguments": {"d": "Shared."},
        "Query": {"c": "Own.", "a": "Own.", "": "Own."},
    }
    Describing(file).describe(schema)
    assert {name: text for name, (text, _) in elements(schema).items()} == {
        "Query": "Own.",
        "Query.a": "Own.",
        "Query.b": "Its own.",
        "Query.c": "Own.",
        "Query.c(d:)": "Shared.",
    }
