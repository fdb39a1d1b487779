"""Where a word stands in a service, and how much that says."""

from enum import IntFlag
from functools import lru_cache


class Field(IntFlag):
    """The fields that are searched; a posting holds all in which its token stands."""

    TITLE = 1
    KEYWORD = 2  # begriffImKontext
    BUNDLE = 4
    LAW = 8  # a law's abbreviation
    PARAGRAPH = 16
    LAW_NAME = 32
    SITUATION = 64
    SUMMARY = 128
    TEXT = 256


WEIGHTS = {
    Field.TITLE: 1.0,
    Field.PARAGRAPH: 1.0,
    Field.KEYWORD: 0.85,
    Field.LAW: 0.5,
    Field.BUNDLE: 0.45,
    Field.LAW_NAME: 0.3,
    Field.SUMMARY: 0.3,
    Field.SITUATION: 0.25,
    Field.TEXT: 0.15,
}
STRONG = Field.TITLE | Field.KEYWORD | Field.BUNDLE | Field.LAW
"""Whose words are offered as completions and corrections."""
OFFICE = Field.TITLE | Field.KEYWORD | Field.SUMMARY | Field.TEXT
"""What an office writes about a service itself."""

PART = "~"
"""Begins the token of a compound's part: ~ausweis is in Personalausweis."""
PARAGRAPH = "§"
"""Begins the token of a paragraph of a law: §34c@gewo."""
HEAD_OF_COMPOUND = 0.7


@lru_cache(maxsize=1024)
def weight(mask: int) -> float:
    """How much a token says that stands in these fields: as much as in the best of them."""
    return max((value for field, value in WEIGHTS.items() if field & mask), default=0.0)


def token_weight(token: str) -> float:
    """How much of a word's weight a token carries."""
    return HEAD_OF_COMPOUND if token.startswith(PART) else 1.0
