"""Merging the layers of a place, module by module (docs/descriptions.md).

For each text module the most specific layer that has text wins whole, in the language asked for, else in that
layer's fallback language: specificity goes before language. Of fees, deadlines and processing times the whole list
of the most specific layer that has one; of links, legal bases and keywords the union.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from catalog_sync.catalog.language import best
from catalog_sync.catalog.layers import Layer
from catalog_sync.catalog.records import ModuleRow, ServiceEntryRecord, TextModules
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
    """Of each code the module of the most specific layer that has text for it, in order of codes."""
    chosen: dict[str, list[ChosenModule]] = {}
    for layer in layers:
        of_layer = by_code(modules.get(layer.record.number, ()))
        for code, rows in of_layer.items():
            if code not in chosen:
                chosen[code] = [ChosenModule(row, layer) for row in in_language(rows, language)]
    found = [module for of_code in chosen.values() for module in of_code]
    return sorted(found, key=lambda module: module.row.code or "99")


def by_code(rows: Iterable[ModuleRow]) -> dict[str, list[ModuleRow]]:
    """The rows of one entry grouped by module code; modules without text are left out."""
    grouped: dict[str, list[ModuleRow]] = {}
    for row in rows:
        if row.html:
            grouped.setdefault(row.code, []).append(row)
    return grouped


def in_language(rows: Sequence[ModuleRow], language: str | None) -> list[ModuleRow]:
    """Of one module's rows those in the language that serves best; a module may repeat (one for each channel)."""
    chosen = best(language, (row.language for row in rows))
    return [row for row in rows if row.language == chosen]


def merged_title(layers: Sequence[Layer], language: str | None) -> ChosenTitle | None:
    """The title of the most specific layer that has one."""
    for layer in layers:
        if isinstance(layer.record, ServiceEntryRecord) and (titles := layer.record.head.titles):
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
