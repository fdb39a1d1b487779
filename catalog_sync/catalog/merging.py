"""Merging the layers of a place, module by module (docs/descriptions.md).

For each text module the most specific layer that has text wins whole, in the language asked for, else in that
layer's fallback language: specificity goes before language. Of fees, deadlines and processing times the whole list
of the most specific layer that has one; of links, legal bases and keywords the union.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from catalog_sync.catalog.language import best
from catalog_sync.catalog.layers import Layer
from catalog_sync.catalog.records import ModuleRow, TextModules
from catalog_sync.catalog.stored import ServiceFacts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChosenModule:
    """A text module in one language, and the layer that it comes from."""

    row: ModuleRow
    layer: Layer


@dataclass(frozen=True, slots=True)
class ChosenTitle:
    """A title in one language, and the layer that it comes from."""

    text: str
    language: str
    layer: Layer


def merged_modules(layers: Sequence[Layer], modules: TextModules, language: str | None) -> list[ChosenModule]:
    """Of each code the module of the most specific layer that has text for it, with all layers' links."""
    by_layer = [(layer, by_code(modules.get(layer.record.number, ()))) for layer in layers]
    found: list[ChosenModule] = []
    for code in sorted(
        {code for _, of_layer in by_layer for code in of_layer}, key=lambda code: code or "99"
    ):
        having = [(layer, of_layer[code]) for layer, of_layer in by_layer if code in of_layer]
        top, rows = next(((x, rows) for x, rows in having if any(row.html for row in rows)), having[0])
        shown = in_language(rows, language)
        if code:  # modules without a code are each of their own kind
            shown = _with_links(shown, [row for _, rows in having for row in in_language(rows, language)])
        found.extend(ChosenModule(row, top) for row in shown)
    return found


def _with_links(shown: Sequence[ModuleRow], of_all: Iterable[ModuleRow]) -> list[ModuleRow]:
    """The rows shown, the first also with those links of all layers that none of them has."""
    seen = {link.url for row in shown for link in row.links}
    others = []
    for link in (link for row in of_all for link in row.links):
        if link.url not in seen:
            seen.add(link.url)
            others.append(link)
    if not others:
        return list(shown)
    return [replace(shown[0], links=(*shown[0].links, *others)), *shown[1:]]


def by_code(rows: Iterable[ModuleRow]) -> dict[str, list[ModuleRow]]:
    """The rows of one entry grouped by module code."""
    grouped: dict[str, list[ModuleRow]] = {}
    for row in rows:
        grouped.setdefault(row.code, []).append(row)
    return grouped


def in_language(rows: Sequence[ModuleRow], language: str | None) -> list[ModuleRow]:
    """Of one code's rows those in the language that serves best; modules may repeat (one for each channel)."""
    found: list[ModuleRow] = []
    for module in _modules(rows):
        chosen = best(language, (row.language for row in module))
        found.extend(row for row in module if row.language == chosen)
    return found


def _modules(rows: Iterable[ModuleRow]) -> list[list[ModuleRow]]:
    """The rows of a code, module by module: each has every language once."""
    modules: list[list[ModuleRow]] = []
    for row in rows:
        if not modules or any(row.language == other.language for other in modules[-1]):
            modules.append([])
        modules[-1].append(row)
    return modules


def merged_title(layers: Sequence[Layer], language: str | None) -> ChosenTitle | None:
    """The title of the most specific layer that has one."""
    for layer in layers:
        titles = layer.record.head.titles
        chosen = best(language, titles)
        if chosen is not None:
            return ChosenTitle(titles[chosen], chosen, layer)
    return None


def first_list(
    layers: Sequence[Layer], facts: Mapping[int, ServiceFacts], part: Callable[[ServiceFacts], Sequence[T]]
) -> tuple[Sequence[T], Layer | None]:
    """The whole list of the most specific layer that has one, and that layer."""
    for layer in layers:
        found = facts.get(layer.record.number)
        if found is not None and part(found):
            return part(found), layer
    return (), None


def union(
    layers: Sequence[Layer], facts: Mapping[int, ServiceFacts], part: Callable[[ServiceFacts], Iterable[T]]
) -> list[T]:
    """All layers' items, most specific first, each once."""
    return list(
        dict.fromkeys(
            item for layer in layers if (f := facts.get(layer.record.number)) is not None for item in part(f)
        )
    )
