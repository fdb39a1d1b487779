"""Deadlines (modulFrist) and processing times (modulBearbeitungsdauer), in every form that senders use."""

from catalog_sync.catalog.model import Deadline, Duration, LocalText
from catalog_sync.xzufi import dates, values
from catalog_sync.xzufi.elements import Element, Parts, code_of, every, first, opened, parts_of, text_of
from catalog_sync.xzufi.findings import Findings, shown
from catalog_sync.xzufi.texts import channel_of, code, html_of, local_texts, words_of

_CONTAINERS = frozenset({"fristauswahl", "fristdauer", "friststichtag"})


def deadlines_of(
    modules: list[Element], found: Findings
) -> tuple[tuple[Deadline, ...], tuple[LocalText, ...]]:
    """All deadlines of the modules, and what is said about them (beschreibung of the module)."""
    inside = [parts_of(module) for module in modules]
    deadlines: list[Deadline | None] = []
    for parts in inside:
        channel = channel_of(parts, found)
        deadlines += [_deadline(element, found, channel) for element in every(parts, "frist")]
    notes = [element for parts in inside for element in every(parts, "beschreibung")]
    return tuple(one for one in deadlines if one is not None), local_texts(notes, found, html_of)


def processing_times_of(
    modules: list[Element], found: Findings
) -> tuple[tuple[Duration, ...], tuple[LocalText, ...]]:
    """All processing times of the modules, and what is said about them: by the module or beside the span."""
    durations: list[Duration] = []
    notes: list[Element] = []
    for module in modules:
        parts = parts_of(module)
        channel = channel_of(parts, found)
        notes += every(parts, "beschreibung")
        for element in every(parts, "bearbeitungsdauer"):
            inside = opened(element, _CONTAINERS)[1]
            notes += every(inside, "beschreibung")
            duration = _duration(element, inside, found, channel)
            if duration is not None:
                durations.append(duration)
    return tuple(durations), local_texts(notes, found, html_of)


def _deadline(element: Element, found: Findings, channel: str | None) -> Deadline | None:
    parts = opened(element, _CONTAINERS)[1]
    duration, begins, ends = None, None, None
    if "dauer" in parts:
        duration = _duration(element, parts, found)
        if duration is None:
            return None
    else:
        try:
            begins, ends = _day(first(parts, "von")), _day(first(parts, "bis"))
        except ValueError as error:
            found.note(element, f"{shown(str(error))} is no day; this deadline is left out.")
            return None
        if not (begins or ends):
            found.note(element, "A deadline without span and without day; it is left out.")
            return None
    return Deadline(
        kind="DATE" if duration is None else "DURATION",
        duration=duration,
        begins=begins,
        ends=ends,
        descriptions=local_texts(every(parts, "beschreibung"), found, words_of),
        type_code=code(first(parts, "typ"), found),
        channel=channel,
    )


def _duration(element: Element, parts: Parts, found: Findings, channel: str | None = None) -> Duration | None:
    """A span (FristDauer); None where there is none, and with a notice where it cannot be read."""
    if "dauer" not in parts:
        if "beschreibung" not in parts:
            found.note(element, "A processing time without a span; it is left out.")
        return None
    texts = [text_of(first(parts, "dauer")), text_of(first(parts, "dauerBis"))]
    units = [code_of(first(parts, "einheit")), code_of(first(parts, "einheitBis"))]
    try:
        amount, amount_to = values.number(texts[0]), values.number(texts[1]) if texts[1] else None
    except ValueError as error:
        found.note(element, f"{shown(str(error))} is no number; this span is left out.")
        return None
    if not values.is_code(units[0]):
        found.note(element, f"{shown(units[0])} is no unit of time; this span is left out.")
        return None
    unit_to = units[1] if values.is_code(units[1]) else None
    return Duration(amount, units[0], amount_to, unit_to, channel)


def _day(element: Element | None) -> str | None:
    text = text_of(element)
    if not text:
        return None
    try:
        return dates.due_day(text)
    except ValueError as error:
        raise ValueError(text) from error
