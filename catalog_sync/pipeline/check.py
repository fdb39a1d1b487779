"""What a source may deliver (sync.md): its own agencies, in its own areas, about places that exist.

Whether an object is well formed is the reader's matter; here it is judged against the source and the official lists.
Each check is a function with a rule's name; an object that passes may lose areas that do not exist.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from catalog_sync.catalog.keys import GERMANY, AreaKey, EntryId, EntryKind, ars_of
from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    OnlineService,
    Responsibility,
    ServiceEntry,
    Specialisation,
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an object cannot be taken from this source."""

    rule: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class InnerRejection:
    """A rule inside a unit that cannot be taken; the unit is."""

    rule: Responsibility
    rejection: Rejection


@dataclass(frozen=True, slots=True)
class Checked:
    """An object as it is taken.

    Attributes:
        sentences: what was left out of it.
        inner: rules inside it that were left out.
        partial: whether it may be taken differently when the same bytes come again.
    """

    obj: CatalogObject
    sentences: tuple[str, ...] = ()
    inner: tuple[InnerRejection, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """A source as the checks see it, with the official lists of the moment."""

    agencies: frozenset[str]
    areas: tuple[AreaKey, ...]
    known_areas: Collection[AreaKey]
    leika_keys: Collection[str]
    """Empty where no LeiKa catalogue is there yet."""


def check_agency(scope: Scope, kind: EntryKind, agency: str, value: str) -> Rejection | None:
    """foreign-agency: an object, or its delete, is of one of the source's own agencies."""
    if agency in scope.agencies:
        return None
    return Rejection(
        "foreign-agency",
        f"{EntryId(agency, kind, value)} is of agency {agency}; this source delivers for {_listing(scope.agencies)}.",
        "Deliver it through that agency's source, or have the agency added to this source.",
    )


def check_owner(scope: Scope, obj: Responsibility) -> Rejection | None:
    """foreign-owner: a rule may name another agency's service, its authority or online service must be own."""
    if obj.owner_agency in scope.agencies:
        return None
    owner = EntryId(obj.owner_agency, EntryKind(obj.owner_kind), obj.owner_value)
    return Rejection(
        "foreign-owner",
        f"The responsibility belongs to {owner}, which is of agency {obj.owner_agency}; "
        f"this source may speak for {_listing(scope.agencies)}.",
        "Name an authority or online service of the source's own agency.",
    )


def check_areas_known(scope: Scope, areas: Sequence[AreaKey]) -> tuple[tuple[AreaKey, ...], Rejection | None]:
    """unknown-area: of the areas named at least one exists; gives those that do."""
    known = tuple(area for area in areas if area == GERMANY or area in scope.known_areas)
    if known or not areas:
        return known, None
    missing = _listing(ars_of(area) for area in areas)
    many = len(areas) > 1
    rejection = Rejection(
        "unknown-area",
        f"areas {missing} do not exist" if many else f"area {missing} does not exist",
        "Name an area of the official list (ARS), or have the newest list imported.",
    )
    return (), rejection


def check_areas_own(scope: Scope, areas: Sequence[AreaKey]) -> Rejection | None:
    """foreign-area: every area lies in one of the source's (06 covers 06532, 00 covers all)."""
    outside = [area for area in areas if not any(area.startswith(own) for own in scope.areas)]
    if not outside:
        return None
    return Rejection(
        "foreign-area",
        f"area {_listing(ars_of(area) for area in outside)} lies outside this source's areas "
        f"({_listing(ars_of(area) for area in scope.areas)})",
        "Deliver it through the source of that area, or have the area added to this source.",
    )


def check_object(scope: Scope, obj: CatalogObject) -> Checked | Rejection:
    """All checks of one object."""
    match obj:
        case ServiceEntry() | Specialisation() | Responsibility():
            return _with_areas(scope, obj)
        case Authority() | OnlineService():
            return _with_rules(scope, obj)


def _with_areas(scope: Scope, obj: ServiceEntry | Specialisation | Responsibility) -> Checked | Rejection:
    if isinstance(obj, Responsibility) and (foreign := check_owner(scope, obj)):
        return foreign
    if _all_well(scope, obj.areas) and not (isinstance(obj, ServiceEntry) and scope.leika_keys):
        return Checked(obj)
    known, unknown = check_areas_known(scope, obj.areas)
    if rejection := unknown or check_areas_own(scope, known):
        return rejection
    left_out = [area for area in obj.areas if area not in known]
    sentences = [f"Area {ars_of(area)} does not exist; it was left out." for area in left_out]
    if isinstance(obj, ServiceEntry) and scope.leika_keys:
        sentences += [
            f"Service key {key} is not in the LeiKa catalogue."
            for key in obj.leika_keys
            if key not in scope.leika_keys
        ]
    taken = msgspec.structs.replace(obj, areas=known) if left_out else obj
    return Checked(taken, tuple(sentences), partial=bool(left_out))


def _all_well(scope: Scope, areas: Sequence[AreaKey]) -> bool:
    """Whether all areas exist and are the source's: at once, for millions of rules."""
    return all(area in scope.known_areas and area.startswith(scope.areas) for area in areas)


def _with_rules(scope: Scope, obj: Authority | OnlineService) -> Checked:
    if not obj.responsibilities:
        return Checked(obj)
    rules: list[Responsibility] = []
    sentences: list[str] = []
    inner: list[InnerRejection] = []
    for rule in obj.responsibilities:
        own = rule.agency in scope.agencies and rule.owner_agency in scope.agencies
        if own and _all_well(scope, rule.areas):
            rules.append(rule)
            continue
        judged = check_agency(scope, EntryKind.RESPONSIBILITY, rule.agency, rule.value) or check_object(
            scope, rule
        )
        if isinstance(judged, Rejection):
            inner.append(InnerRejection(rule, judged))
        elif isinstance(judged.obj, Responsibility):
            rules.append(judged.obj)
            sentences += judged.sentences
    taken = msgspec.structs.replace(obj, responsibilities=tuple(rules))
    return Checked(taken, tuple(sentences), tuple(inner), partial=bool(inner or sentences))


def _listing(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
