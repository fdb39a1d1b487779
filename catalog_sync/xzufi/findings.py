"""What is noticed while an object is read, and the way out when it cannot be taken."""

from catalog_sync.xzufi.delivered import Notice, Rejected
from catalog_sync.xzufi.elements import Element

MAX_NOTICES = 100
"""Of one object; a hostile one must not fill the report."""
_SHOWN = 60


class RejectionError(Exception):
    """An object cannot be taken; caught where the object began.

    Attributes:
        rule: a stable word, such as ``bad-leika-key``.
        reason: what is wrong.
        remedy: what would mend it.
        line: where in the file; 0 means where the object begins.
    """

    def __init__(self, rule: str, reason: str, remedy: str, line: int = 0) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason
        self.remedy = remedy
        self.line = line


class Findings:
    """The notices of one object, and the rules inside it that cannot be taken."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.rejected: list[Rejected] = []

    def note(self, element: Element, sentence: str) -> None:
        """Remember that something was left out."""
        if len(self.notices) < MAX_NOTICES:
            self.notices.append(Notice(line_of(element), sentence))


def line_of(element: Element) -> int:
    """Where an element stands in its file."""
    return element.sourceline or 0


def shown(text: str) -> str:
    """A sender's text as a sentence repeats it: quoted, short, printable."""
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "“" + "".join(letter if letter.isprintable() else "�" for letter in short) + "”"
