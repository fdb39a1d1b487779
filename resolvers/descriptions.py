"""The merged answer for a place. The rules are in catalog_sync/catalog/layers.py and merging.py."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from catalog_sync.catalog import stored
from catalog_sync.catalog.keys import GERMANY, AreaKey, ancestor_set
from catalog_sync.catalog.language import LanguageTag, best
from catalog_sync.catalog.layers import Layer, Layers, layers_at
from catalog_sync.catalog.merging import first_list, merged_modules, merged_title, union
from catalog_sync.catalog.model import Link
from catalog_sync.catalog.records import ServiceEntryRecord, ServiceRecord, SpecialisationRecord
from resolvers import texts
from resolvers.batches import once
from resolvers.context import Context
from resolvers.moments import when
from resolvers.places import known_place
from resolvers.provenance import of_layer
from resolvers.responsibilities import Group, entries_of
from resolvers.texts import TextModuleKind
from resolvers.views import DeadlineView, DescriptionView, DurationView, FeeView, TextModuleView

T = TypeVar("T")
German = LanguageTag("de")
_VIEW = 1500
"""Bytes of a description without its texts, roughly."""
Parents = Sequence[DescriptionView]


@once
async def of_services(
    context: Context,
    parents: Sequence[ServiceRecord],
    area: AreaKey | None = None,
    language: LanguageTag | None = German,
    as_of: datetime | None = None,
) -> list[DescriptionView | None]:
    """What a person at the place should read; without an area the country's texts. None where nothing holds."""
    at = when(context, as_of)
    place = known_place(context, area, at.day).key if area is not None else None
    groups = await entries_of(context, parents, at)
    changes = await context.reader.specialisations(entry.number for group in groups for entry in group)
    answers: list[DescriptionView | None] = []
    for parent, entries in zip(parents, groups, strict=True):

        def described(*, lasting: bool, service: ServiceRecord = parent, entries: Group = entries) -> Any:
            layers = layers_at(entries, changes, place, at.day)
            return _described(context, service, layers, language, lasting=lasting)

        if at.past is not None:
            answers.append(described(lasting=False))
            continue
        named = _named_areas(context, parent, entries, changes) & ancestor_set(place or GERMANY)
        key = ("description", parent.leika_key, named, len(place or ""), language, at.day)
        answers.append(_kept(context, key, partial(described, lasting=True)))
    return answers


def _kept(context: Context, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What is made once as long as the catalogue stays the same."""
    known: tuple[T] | None = context.kept.made.get(key)
    if known is None:
        known = (make(),)
        context.kept.made.put(key, known, _VIEW)
    return known[0]


def _named_areas(
    context: Context,
    service: ServiceRecord,
    entries: Sequence[ServiceEntryRecord],
    changes: Mapping[int, Sequence[SpecialisationRecord]],
) -> frozenset[AreaKey]:
    """The areas that entries of a service name: which of them a place is in decides what holds there."""

    def named() -> frozenset[AreaKey]:
        changing = (change for entry in entries for change in changes.get(entry.number, ()))
        own = (area for entry in entries for area in entry.head.areas)
        return frozenset((*own, *(area for change in changing for area in change.head.areas)))

    return _kept(context, ("areas", service.leika_key), named)


def _described(
    context: Context,
    service: ServiceRecord,
    layers: Layers | None,
    language: LanguageTag | None,
    *,
    lasting: bool = False,
) -> DescriptionView | None:
    if layers is None:
        return None
    title = merged_title(layers.chosen, language)
    return DescriptionView(
        service=service,
        layers=layers,
        wanted=language,
        title=title.text if title else service.listed_title or service.leika_key,
        language=title.language if title else German,
        machine_translated=title is not None and _is_machine_translated(title.layer, title.language),
        provenance=of_layer(context, _most_specific_used(layers.chosen), layers.place),
        lasting=lasting,
    )


def _most_specific_used(layers: Sequence[Layer]) -> Layer:
    """The top layer with text of its own; an entry can be there that says nothing."""
    return next(
        (x for x in layers if not isinstance(x.record, ServiceEntryRecord) or x.record.head.languages),
        layers[0],
    )


def _is_machine_translated(layer: Layer, language: str) -> bool:
    return isinstance(layer.record, ServiceEntryRecord) and language in layer.record.head.machine_translated


def _numbers(parents: Parents) -> Iterable[int]:
    return (layer.record.number for parent in parents for layer in parent.layers.chosen)


async def _facts(context: Context, parents: Parents) -> Mapping[int, stored.ServiceFacts]:
    found = await context.reader.facts(_numbers(parents))
    return {number: stored.service_facts(facts) for number, facts in found.items()}


async def modules(
    context: Context, parents: Parents, kinds: list[TextModuleKind] | None = None
) -> list[list[TextModuleView]]:
    """Its text modules, each from the most specific layer that has it, with where it comes from."""
    found = await context.reader.modules(_numbers(parents), texts.codes_of(kinds))
    answers = []
    for parent in parents:
        chosen = merged_modules(parent.layers.chosen, found, parent.wanted)
        answers.append(
            [
                texts.module_view(module.row, of_layer(context, module.layer, parent.layers.place))
                for module in chosen
                if texts.is_wanted(module.row, kinds)
            ]
        )
    return answers


async def required_documents(context: Context, parents: Parents) -> list[TextModuleView | None]:
    """Text module 08 of the merged description."""
    found = await modules(context, parents, kinds=[TextModuleKind.REQUIRED_DOCUMENTS])
    return [next(iter(of_parent), None) for of_parent in found]


async def legal_bases(context: Context, parents: Parents) -> list[list[Link]]:
    """The laws that all layers link to, most specific first, each address once."""
    found = await context.reader.modules(_numbers(parents), [TextModuleKind.LEGAL_BASES.value])
    answers = []
    for parent in parents:
        links: dict[str, Link] = {}
        for layer in parent.layers.chosen:
            rows = found.get(layer.record.number, ())
            chosen = best(parent.wanted, (row.language for row in rows))
            for row in rows:
                if row.language == chosen:
                    for link in texts.links_of(row):
                        links.setdefault(link.url, link)
        answers.append(list(links.values()))
    return answers


async def fees(context: Context, parents: Parents) -> list[list[FeeView]]:
    """The whole list of the most specific layer that has one."""
    facts = await _facts(context, parents)
    answers = []
    for parent in parents:
        found, layer = first_list(parent.layers.chosen, facts, lambda f: f.fees)
        origin = of_layer(context, layer or parent.layers.chosen[0], parent.layers.place)
        answers.append([texts.fee_view(fee, parent.wanted, origin) for fee in found])
    return answers


async def deadlines(context: Context, parents: Parents) -> list[list[DeadlineView]]:
    """The whole list of the most specific layer that has one."""
    facts = await _facts(context, parents)
    answers = []
    for parent in parents:
        found, layer = first_list(parent.layers.chosen, facts, lambda f: f.deadlines)
        origin = of_layer(context, layer or parent.layers.chosen[0], parent.layers.place)
        answers.append([texts.deadline_view(deadline, parent.wanted, origin) for deadline in found])
    return answers


async def processing_times(context: Context, parents: Parents) -> list[list[DurationView]]:
    """The whole list of the most specific layer that has one."""
    facts = await _facts(context, parents)
    answers = []
    for parent in parents:
        found, layer = first_list(parent.layers.chosen, facts, lambda f: f.processing_times)
        origin = of_layer(context, layer or parent.layers.chosen[0], parent.layers.place)
        answers.append([texts.duration_view(span, origin) for span in found])
    return answers


async def keywords(context: Context, parents: Parents) -> list[list[str]]:
    """All layers' words for it, in the language that serves best."""
    facts = await _facts(context, parents)
    answers = []
    for parent in parents:
        words = union(parent.layers.chosen, facts, lambda f: f.keywords)
        chosen = best(parent.wanted, (word.language for word in words))
        answers.append(list(dict.fromkeys(word.text for word in words if word.language == chosen)))
    return answers


def alternatives(root: DescriptionView) -> list[ServiceEntryRecord]:
    """Entries for an equally long area that did not win."""
    return list(root.layers.alternatives)
