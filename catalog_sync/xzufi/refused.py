"""Files that are refused whole: nothing of them may be written."""

import re

from lxml import etree

from catalog_sync.errors import CatalogError


class RefusedFile(CatalogError):  # noqa: N818 - the word of the report
    """A file that is no XZuFi message, is broken, or is made to do harm.

    Attributes:
        rule: a stable word: ``not-xml``, ``not-well-formed``, ``doctype``, ``encoding``, ``unknown-version``
            or ``limit-passed``.
        sentence: what is wrong.
        remedy: what would mend it.
        line: where it was seen, 0 when nowhere in particular.
    """

    code = "REFUSED_FILE"

    def __init__(self, rule: str, sentence: str, remedy: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.remedy = remedy
        self.line = line


_WHERE = re.compile(r"(?:,? *line \d+, column \d+)?(?: \(<string>, line \d+\))?$")
_LIMITS = re.compile(r"limit|excessive|too (?:big|long|many)|XML_PARSE_HUGE", re.IGNORECASE)


def refusal_of(error: etree.LxmlError) -> RefusedFile:
    """What the parser complains about, as a refusal."""
    line = getattr(error, "lineno", None) or 0
    said = _WHERE.sub("", str(error)).strip()
    if _LIMITS.search(said):
        return RefusedFile(
            "limit-passed",
            f"The file passes a limit of the parser: {said.partition(',')[0]}.",
            "Send elements at most 256 deep, and texts and attributes below 10 MB.",
            line,
        )
    return RefusedFile(
        "not-well-formed",
        f"The file is not well-formed XML: {said or 'it cannot be read'}.",
        "Send the whole file again; nothing of it was taken.",
        line,
    )


def doctype() -> RefusedFile:
    """A document type declaration, whatever it declares: with one, texts can be made to grow or to leak files."""
    return RefusedFile(
        "doctype",
        "The file has a document type declaration (DOCTYPE).",
        "XZuFi messages need none: send the file without DOCTYPE and entities.",
        1,
    )
