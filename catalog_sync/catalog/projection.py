"""From the winning version of an object to the rows that answers are read from. Pure; storage is `catalog.writing`."""

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from catalog_sync.catalog import stored
from catalog_sync.catalog.keys import AreaCode, AreaKey, EntryKind, code_of
from catalog_sync.catalog.markup import plain_text
from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    OnlineService,
    Responsibility,
    ServiceEntry,
    Specialisation,
    TextModule,
)

Identity = tuple[int, str, str]
"""Number of the kind, agency and value: what makes an object one object."""

ModuleRow = tuple[int, str, str, str, bytes | None]
"""Ordinal, code, language, HTML, links."""

TITLE_MODULES = ("03", "02")
SUMMARY_MODULE = "05"
EXPECTED_MODULES = (TITLE_MODULES, ("05", "24"), ("06",), ("07",), ("08",), ("11",))
"""Title, short text or teaser, full text, legal bases, documents, procedure: of each one is enough."""

_SUMMARY_LENGTH = 300
_ROLES = {None: 1, "01": 1, "03": 3}
_AUTHORITY, _SERVICE = EntryKind.AUTHORITY.value, EntryKind.SERVICE_ENTRY.number
_OWNERS = {kind.value: kind.number for kind in EntryKind}
_ANYTHING = re.compile(r"(?:^|>)(?:\s|&nbsp;)*[^<\s&]|&(?!nbsp;)")


class RuleRow(Struct, frozen=True, array_like=True, gc=False):
    """What a responsibility names."""

    service: Identity
    owner: Identity
    role: int
    areas: tuple[AreaCode, ...]


class Projection(Struct, frozen=True, array_like=True, gc=False):
    """All rows derived from one object; its areas are the tables' numbers."""

    head: bytes
    facts: bytes | None = None
    modules: tuple[ModuleRow, ...] = ()
    leika_keys: tuple[str, ...] = ()
    areas: tuple[AreaCode, ...] = ()
    specialises: Identity | None = None
    rule: RuleRow | None = None
    approved_at: str | None = None


def identity_of(kind: EntryKind, agency: str, value: str) -> Identity:
    """The identity of an object that another one names."""
    return (kind.number, agency, value)


def project(obj: CatalogObject, source_areas: tuple[AreaKey, ...]) -> Projection:
    """Derive the rows of an object; where it names no area it holds where its source writes."""
    return _PROJECTIONS[type(obj)](obj, source_areas)


def _service(obj: ServiceEntry, source_areas: tuple[AreaKey, ...]) -> Projection:
    areas = obj.areas or source_areas
    modules = module_rows(obj.modules)
    codes = {code for _, code, *_ in modules}
    head = stored.ServiceHead(
        titles=titles(obj.modules),
        summaries={
            language: _cut(text)
            for module in obj.modules
            if module.code == SUMMARY_MODULE
            for language, text in _plain(module).items()
        },
        languages=tuple(sorted({c.language for m in obj.modules for c in m.contents if _says(c.text)})),
        leika_keys=obj.leika_keys,
        regulatory_types=obj.regulatory_types,
        audiences=obj.audiences,
        assurance=obj.assurance,
        written_form=obj.written_form,
        areas=areas,
        validities=obj.validities,
        machine_translated=obj.machine_translated,
        missing=tuple(any_of[0] for any_of in EXPECTED_MODULES if codes.isdisjoint(any_of)),
        areas_filled=not obj.areas,
    )
    return Projection(
        head=stored.encode(head),
        facts=_facts(obj),
        modules=modules,
        leika_keys=tuple(dict.fromkeys(obj.leika_keys)),
        areas=_codes(areas),
        approved_at=obj.approved_at,
    )


def _specialisation(obj: Specialisation, source_areas: tuple[AreaKey, ...]) -> Projection:
    areas = obj.areas or source_areas
    head = stored.SpecialisationHead(
        service=(obj.service_agency, obj.service_value),
        titles=titles(obj.modules),
        areas=areas,
        validities=obj.validities,
    )
    return Projection(
        head=stored.encode(head),
        facts=_facts(obj),
        modules=module_rows(obj.modules),
        areas=_codes(areas),
        specialises=identity_of(EntryKind.SERVICE_ENTRY, obj.service_agency, obj.service_value),
    )


def _authority(obj: Authority, source_areas: tuple[AreaKey, ...]) -> Projection:
    facts = stored.AuthorityFacts(
        addresses=obj.addresses, contacts=obj.contacts, opening_hours=obj.opening_hours
    )
    return Projection(head=stored.encode(stored.AuthorityHead(names=obj.names)), facts=stored.encode(facts))


def _online_service(obj: OnlineService, source_areas: tuple[AreaKey, ...]) -> Projection:
    head = stored.OnlineServiceHead(names=obj.names, links=obj.links, assurance=obj.assurance)
    return Projection(head=stored.encode(head))


def _responsibility(obj: Responsibility, source_areas: tuple[AreaKey, ...]) -> Projection:
    service, owner = (obj.service_agency, obj.service_value), (obj.owner_agency, obj.owner_value)
    role = _ROLES[obj.role] if obj.owner_kind == _AUTHORITY else 0
    row = RuleRow((_SERVICE, *service), (_OWNERS[obj.owner_kind], *owner), role, _codes(obj.areas))
    head = stored.ResponsibilityHead(role, (obj.owner_kind, *owner), service, obj.areas)
    return Projection(head=stored.encode(head), rule=row)


_PROJECTIONS: dict[type, Callable[[Any, tuple[AreaKey, ...]], Projection]] = {
    ServiceEntry: _service,
    Specialisation: _specialisation,
    Authority: _authority,
    OnlineService: _online_service,
    Responsibility: _responsibility,
}


def titles(modules: tuple[TextModule, ...]) -> dict[str, str]:
    """Language -> title: text module 03, else 02, as plain text."""
    found: dict[str, str] = {}
    for code in TITLE_MODULES:
        for module in modules:
            if module.code == code:
                for language, text in _plain(module).items():
                    found.setdefault(language, text)
    return found


def module_rows(modules: tuple[TextModule, ...]) -> tuple[ModuleRow, ...]:
    """One row per module and language that says something, in the office's order, each with its module's links."""
    rows: list[ModuleRow] = []
    for module in sorted(modules, key=_shown_at):
        links = stored.encode(module.links) if module.links else None
        contents = [(c.language, c.text) for c in module.contents if _says(c.text)]
        if not contents and module.links:
            contents = [(module.links[0].language or "de", "")]
        for language, html in contents:
            rows.append((len(rows), module.code, language, html, links))
    return tuple(rows)


def _shown_at(module: TextModule) -> tuple[bool, int]:
    return (module.position is None, module.position or 0)


def _facts(obj: ServiceEntry | Specialisation) -> bytes:
    facts = stored.ServiceFacts(
        fees=obj.fees,
        fee_notes=obj.fee_notes,
        deadlines=obj.deadlines,
        deadline_notes=obj.deadline_notes,
        processing_times=obj.processing_times,
        processing_notes=obj.processing_notes,
        keywords=obj.keywords,
        approved_by=obj.approved_by if isinstance(obj, ServiceEntry) else (),
        origin_links=obj.origin_links if isinstance(obj, ServiceEntry) else (),
    )
    return stored.encode(facts)


def _plain(module: TextModule) -> dict[str, str]:
    texts = {content.language: plain_text(content.text).strip() for content in module.contents}
    return {language: text for language, text in texts.items() if text}


def _says(html: str) -> bool:
    return _ANYTHING.search(html) is not None


def _cut(text: str) -> str:
    return text if len(text) <= _SUMMARY_LENGTH else text[: _SUMMARY_LENGTH - 1].rstrip() + "…"


def _codes(areas: tuple[AreaKey, ...]) -> tuple[AreaCode, ...]:
    return tuple(dict.fromkeys(map(code_of, areas)))
