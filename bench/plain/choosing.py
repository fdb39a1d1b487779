"""The rules of an answer over ORM rows: which description holds, which rule answers, which language is shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.plain.models import Edge, Entry, TextModule
from catalog_sync.catalog.keys import AreaKey, ancestors, key_of
from catalog_sync.catalog.language import best


def layers_at(entries: Sequence[Entry], place: AreaKey) -> list[tuple[AreaKey, Entry]]:
    """The descriptions that cover a place, most specific first."""
    above = ancestors(place)
    found = []
    for entry in entries:
        areas = [area for area in entry.facts["areas"] if area in above]
        if areas:
            found.append((max(areas, key=len), entry))
    return sorted(found, key=lambda pair: -len(pair[0]))


def title_of(entries: Sequence[Entry]) -> tuple[str, str] | None:
    """Text and language of the first title."""
    for entry in entries:
        titles: Mapping[str, str] = entry.facts.get("titles", {})
        if (language := best("de", titles)) is not None:
            return titles[language], language
    return None


def name_of(entry: Entry) -> str | None:
    """Its name in German, else in any language."""
    names: list[dict[str, Any]] = entry.facts.get("names", [])
    language = best("de", (name["language"] for name in names))
    return next((name["text"] for name in names if name["language"] == language), None)


def in_german(rows: Sequence[TextModule]) -> list[TextModule]:
    """Of one module's rows those that serve a German reader best."""
    filled = [row for row in rows if row.html]
    language = best("de", (row.language for row in filled))
    return [row for row in filled if row.language == language]


def deepest(edges: Sequence[Edge], role: int) -> list[Edge]:
    """The rules of one role with the longest area."""
    of_role = [edge for edge in edges if edge.role == role]
    length = max((len(key_of(edge.area)) for edge in of_role), default=-1)
    return sorted(
        (edge for edge in of_role if len(key_of(edge.area)) == length), key=lambda edge: edge.rule_id
    )
