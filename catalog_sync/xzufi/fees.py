"""Fees (modulKosten), in every form that senders use."""

from decimal import Decimal
from typing import Literal

from catalog_sync.catalog.model import Fee, LocalText
from catalog_sync.xzufi import values
from catalog_sync.xzufi.elements import Element, Parts, attribute, every, first, opened, parts_of, text_of
from catalog_sync.xzufi.findings import Findings, shown
from catalog_sync.xzufi.texts import channel_of, code, flag_of, html_of, local_texts, url_of, words_of

_FIXED, _FREE, _VARIABLE = "kostenfix", "kostenfrei", "kostenvariabel"
_CONTAINERS = frozenset({"kostenauswahl", _FIXED, _FREE, _VARIABLE})
_AMOUNTS = ("betrag", "betragUntergrenze", "betragObergrenze")


def fees_of(modules: list[Element], found: Findings) -> tuple[tuple[Fee, ...], tuple[LocalText, ...]]:
    """All fees of the modules, and what is said about them (beschreibung of the module)."""
    inside = [parts_of(module) for module in modules]
    fees: list[Fee | None] = []
    for parts in inside:
        channel = channel_of(parts, found)
        fees += [fee_of(element, found, channel) for element in every(parts, "kosten")]
    notes = [element for parts in inside for element in every(parts, "beschreibung")]
    return tuple(fee for fee in fees if fee is not None), local_texts(notes, found, html_of)


def fee_of(element: Element, found: Findings, channel: str | None = None) -> Fee | None:
    """One fee (kosten); None, with a notice, where it cannot be read."""
    variant, parts = opened(element, _CONTAINERS)
    kind = _kind(variant, parts)
    try:
        amount, minimum, maximum = (_amount(first(parts, name)) for name in _AMOUNTS)
    except ValueError as error:
        found.note(element, f"{shown(str(error))} is no amount of money; this fee is left out.")
        return None
    if kind is None or (kind == "FIXED" and amount is None):
        found.note(element, "A fee without an amount, and not said to be free or variable; it is left out.")
        return None
    if minimum and maximum and Decimal(minimum) > Decimal(maximum):
        found.note(element, f"A fee from {minimum} to {maximum}; it is left out.")
        return None
    if kind != "FIXED":
        amount = None
    if kind != "VARIABLE":
        minimum = maximum = None
    return Fee(
        kind=kind,
        amount=amount,
        minimum=minimum,
        maximum=maximum,
        currency=_currency(parts, found) if amount or minimum or maximum else None,
        prepaid=flag_of(first(parts, "vorkasse", "kennzeichenVorkasse"), found),
        descriptions=local_texts(every(parts, "beschreibung"), found, words_of),
        type_code=code(first(parts, "typ"), found),
        link=url_of(first(parts, "linkKostenbildung"), found),
        channel=channel,
    )


def _kind(variant: frozenset[str], parts: Parts) -> Literal["FIXED", "FREE", "VARIABLE"] | None:
    """What is named, else what the amounts tell."""
    if _FREE in variant:
        return "FREE"
    if _VARIABLE in variant or "betragUntergrenze" in parts or "betragObergrenze" in parts:
        return "VARIABLE"
    return "FIXED" if _FIXED in variant or "betrag" in parts else None


def _amount(element: Element | None) -> str | None:
    """An amount; an element without words is none."""
    text = text_of(element)
    return values.amount(text) if text else None


def _currency(parts: Parts, found: Findings) -> str | None:
    for element in every(parts, *_AMOUNTS):
        text = attribute(element, "currencyCode") or attribute(element, "currencyID")
        try:
            currency = values.currency(text)
        except ValueError:
            found.note(element, f"{shown(text)} is no currency; it is left out.")
            continue
        if currency:
            return currency
    return None
