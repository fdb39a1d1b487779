"""Identifiers, service keys and areas of an object: what decides whether it can be taken at all."""

from typing import NamedTuple

from catalog_sync.catalog.keys import (
    MAX_ID_LENGTH,
    AreaKey,
    is_agency,
    is_entry_value,
    parse_ars,
    parse_leika_key,
)
from catalog_sync.errors import BadArs, BadLeikaKey
from catalog_sync.xzufi.elements import Element, attribute, code_of, text_of
from catalog_sync.xzufi.findings import Findings, RejectionError, line_of, shown


class Name(NamedTuple):
    """An identifier as XZuFi has it: unique by agency (schemeAgencyID) and value within its class."""

    agency: str
    value: str


def name_of(element: Element | None, of: str) -> Name:
    """The identifier of an object; `of` says in a word what it names.

    Raises:
        RejectionError: ``missing-id``, ``missing-agency``, ``bad-id`` or ``bad-agency``.
    """
    value = text_of(element)
    if element is None or not value:
        raise RejectionError("missing-id", f"{of} without id", "Send an id with its schemeAgencyID.")
    agency = attribute(element, "schemeAgencyID")
    if agency and is_agency(agency) and is_entry_value(value):
        return Name(agency, value)
    raise _unnamed(agency, value, of, line_of(element))


def _unnamed(agency: str, value: str, of: str, line: int) -> RejectionError:
    """What is wrong with an identifier that has a value."""
    if not agency:
        return RejectionError(
            "missing-agency",
            f"{of}: id {shown(value)} has no schemeAgencyID",
            "Send the id's schemeAgencyID.",
            line,
        )
    if not is_agency(agency):
        return RejectionError(
            "bad-agency",
            f"{of}: schemeAgencyID {shown(agency)} is no agency id",
            "An agency id has letters, digits, - and _ only, 60 at most, like L100042.",
            line,
        )
    return RejectionError(
        "bad-id",
        f"{of}: id {shown(value)} is malformed",
        f"An id has no blanks and no control characters, and {MAX_ID_LENGTH} characters at most.",
        line,
    )


def reference(element: Element | None, of: str, to: str) -> Name:
    """The identifier of another object that this one names.

    Raises:
        RejectionError: ``missing-owner`` or ``missing-service`` (as `to` says), also when it is malformed.
    """
    try:
        return name_of(element, of)
    except RejectionError as error:
        if element is None or error.rule == "missing-id":
            reason = f"{of} without {to}"
        else:
            reason = f"{of} without a readable {to}: {error.reason.partition(': ')[2]}"
        remedy = f"Send the id of the {to} with its schemeAgencyID."
        raise RejectionError(f"missing-{to}", reason, remedy, error.line) from error


def leika_keys(elements: list[Element]) -> tuple[str, ...]:
    """The service keys (referenzLeiKa, a code; referenzLeistungsschluessel, an identifier or a code), each once.

    Raises:
        RejectionError: ``bad-leika-key`` when one of them is malformed.
    """
    keys: dict[str, None] = {}
    for element in elements:
        text = code_of(element)
        if not text:
            continue
        try:
            keys[parse_leika_key(text)] = None
        except BadLeikaKey as error:
            raise RejectionError(
                "bad-leika-key", _leika_reason(text), error.sentence, line_of(element)
            ) from error
    return tuple(keys)


def _leika_reason(text: str) -> str:
    squeezed = text.replace(" ", "")
    if squeezed.isascii() and squeezed.isdigit():
        if len(squeezed) == len("99008001012000"):
            return f"LeiKa key {squeezed} does not begin with 99"
        return f"LeiKa key has {len(squeezed)} digits: {shown(squeezed)}"
    return f"LeiKa key {shown(text)} has other characters than digits"


def areas_of(elements: list[Element], of: str, found: Findings) -> tuple[AreaKey, ...]:
    """The areas (gebietID, gueltigkeitGebietID) cut at their levels, each once; malformed ones are noticed.

    Raises:
        RejectionError: ``no-known-area`` when areas are named and none of them can be read.
    """
    keys: dict[AreaKey, None] = {}
    wrong: list[tuple[Element, BadArs]] = []
    for element in elements:
        try:
            keys[parse_ars(code_of(element))] = None
        except BadArs as error:
            wrong.append((element, error))
    if wrong and not keys:
        element, why = wrong[0]
        remedy = "Send at least one area with 2, 3, 5, 9 or 12 digits."
        raise RejectionError("no-known-area", f"{of}: {why.sentence}", remedy, line_of(element))
    for element, why in wrong:
        found.note(element, f"{why.sentence} This area is left out.")
    return tuple(keys)
