"""A description's text modules in the order in which a person reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.pages.summaries import teaser

ORDER = (
    "FULL_TEXT",
    "PREREQUISITES",
    "REQUIRED_DOCUMENTS",
    "PROCEDURE",
    "FEES",
    "DEADLINES",
    "PROCESSING_TIMES",
    "FORMS",
    "NOTES",
    "FURTHER_INFORMATION",
    "OTHER",
    "LEGAL_BASES",
    "REMEDIES",
)
"""The page's parts; FEES, DEADLINES and PROCESSING_TIMES are data of the description and no text modules."""
_DATA = frozenset({"FEES", "DEADLINES", "PROCESSING_TIMES"})
_WITHOUT_AUTHORITY = ("COMPETENT_AUTHORITY", "CONTACT_POINT")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page.

    Attributes:
        kind: the graph's TextModuleKind, or FEES, DEADLINES, PROCESSING_TIMES.
        modules: what is written there.
    """

    kind: str
    modules: tuple[Mapping[str, Any], ...]

    @property
    def is_data(self) -> bool:
        """Whether the part shows the description's own data."""
        return self.kind in _DATA


def summary(modules: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The text module below the title."""
    return teaser(modules)


def sections(modules: Sequence[Mapping[str, Any]], *, has_authority: bool) -> list[Section]:
    """The page's parts. Where no authority is named, what the texts say about it comes first."""
    written: dict[str, list[Mapping[str, Any]]] = {}
    for module in modules:
        if module["html"].strip() or module["links"]:
            written.setdefault(module["kind"], []).append(module)
    short = written.get("SHORT_TEXT", [])
    if "FULL_TEXT" not in written and short and summary(modules) not in short:
        written["FULL_TEXT"] = short
    order = ORDER if has_authority else (*_WITHOUT_AUTHORITY, *ORDER)
    return [Section(kind, tuple(written.get(kind, ()))) for kind in order if kind in written or kind in _DATA]


def is_said_by_links(module: Mapping[str, Any]) -> bool:
    """Whether each line of a text is the title of one of its links: then the links alone say it all."""
    titles = {link["title"] for link in module["links"] if link["title"]}
    lines = [line.lstrip("-•* ").strip() for line in module["text"].splitlines()]
    return bool(titles) and all(line in titles for line in lines if line)
