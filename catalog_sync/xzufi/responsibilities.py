"""Rules (zustaendigkeit): objects of their own, or carried inside an authority or an online service."""

from collections.abc import Iterable
from typing import Literal

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.model import Responsibility
from catalog_sync.xzufi.delivered import Rejected
from catalog_sync.xzufi.elements import Element, Parts, attribute, code_of, every, first, parts_of
from catalog_sync.xzufi.findings import Findings, RejectionError, line_of, shown
from catalog_sync.xzufi.identifiers import Name, areas_of, name_of, reference
from catalog_sync.xzufi.versions import version_of

OwnerKind = Literal["OE", "OD"]
_WORD = "responsibility"


def _read(parts: Parts, owner: Name, owner_kind: OwnerKind, name: Name, found: Findings) -> Responsibility:
    """A rule whose owner is known.

    Raises:
        RejectionError: without service or area, or for a version's date that is none.
    """
    service = reference(first(parts, "leistungID"), _WORD, "service")
    areas = areas_of(every(parts, "gebietID"), _WORD, found)
    if not areas:
        raise RejectionError(
            "missing-area",
            f"{_WORD} without area",
            "Send at least one gebietID with 2, 3, 5, 9 or 12 digits.",
        )
    return Responsibility(
        agency=name.agency,
        value=name.value,
        owner_kind=owner_kind,
        owner_agency=owner.agency,
        owner_value=owner.value,
        service_agency=service.agency,
        service_value=service.value,
        areas=areas,
        role=None if owner_kind == "OD" else _role(first(parts, "rolle"), found),
        version=version_of(parts, found),
    )


def read_transfer(transfer: Element, rule: Element, name: Name, found: Findings) -> Responsibility:
    """A rule sent as an object of its own (zustaendigkeitTransferObjekt).

    Raises:
        RejectionError: without owner, service or area, or for a version's date that is none.
    """
    above = first(parts_of(transfer), "uebergeordnetesObjektID")
    owner = reference(above, _WORD, "owner")
    parts = parts_of(rule)
    return _read(parts, owner, _owner_kind(above, first(parts, "id")), name, found)


def _owner_kind(above: Element | None, own: Element | None) -> OwnerKind:
    schemes = (attribute(one, "schemeID") if one is not None else "" for one in (own, above))
    return owner_kind_of(*schemes)


def owner_kind_of(*schemes: str) -> OwnerKind:
    """What owns a rule: the scheme of its id says it (ZustaendigkeitOnlinedienst), else that of its owner's id.

    Without one an authority does. Authorities have nearly all rules; an online service's that does not say so waits for
    an authority of that id.
    """
    for scheme in schemes:
        small = scheme.lower()
        if "onlinedienst" in small:
            return "OD"
        if "organisationseinheit" in small:
            return "OE"
    return "OE"


def _role(element: Element | None, found: Findings) -> Literal["01", "03"] | None:
    if element is None:
        return None
    match code_of(element):
        case "01":
            return "01"
        case "03":
            return "03"
        case other:
            found.note(element, f"{shown(other)} is no role of a responsibility (01 or 03); it is left out.")
            return None


def carried_by(
    owner: Name, owner_kind: OwnerKind, elements: Iterable[Element], position: int, found: Findings
) -> tuple[Responsibility, ...]:
    """The rules inside a unit; one that cannot be taken does not cost the unit."""
    rules: list[Responsibility] = []
    for element in elements:
        name: Name | None = None
        try:
            parts = parts_of(element)
            name = name_of(first(parts, "id"), _WORD)
            rules.append(_read(parts, owner, owner_kind, name, found))
        except RejectionError as error:
            found.rejected.append(
                Rejected(
                    position,
                    error.line or line_of(element),
                    EntryKind.RESPONSIBILITY,
                    name.agency if name else None,
                    name.value if name else None,
                    error.rule,
                    error.reason,
                    error.remedy,
                )
            )
    return tuple(rules)
