"""Laws and paragraphs, in legal bases and in what people ask: "§ 34c GewO", "Bundes-Immissionsschutzgesetz (BImSchG)".

A paragraph of a law is one token, ``§34c@gewo``; the law alone is its abbreviation, a word like others.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog_sync.catalog.folding import folded_words
from catalog_sync.search.fields import PARAGRAPH

_ADDRESS = re.compile(r"\[[^\]]*\]")
_NAMED_LAW = re.compile(r"([^()]{0,400})\(([^()§]{2,24})\)")
_NUMBER = re.compile(r"(?:§§?|Art(?:ikel|\.)|und|bis|,|-)\s*(\d{1,4} ?[a-z]?)(?![\w%])", re.IGNORECASE)
_DETAIL = re.compile(
    r"\b(?:Abs(?:atz|ätze|\.)?|Satz|S\.|Nr\.?|Nummer|Buchst(?:abe|\.)|Halbsatz)\s*[\d a-z]+?(?=[ ,(]|$)",
    re.IGNORECASE,
)
_DETAILS_ASKED = r"(?:\s*(?:abs(?:atz|\.)?|satz|nr\.?|nummer)\s*\d+\w?)*"
_ASKED = re.compile(
    r"(?:§§?|\bparagra(?:ph|f)|\bart(?:ikel|\.))\s*(\d{1,4}) ?([a-z]?)\b"
    + _DETAILS_ASKED
    + r"\s+([a-zäöüß][\wäöüß-]{1,40})(?:\s+([ivx]{1,4}|\d{1,2})\b)?",
    re.IGNORECASE,
)


class Basis(NamedTuple):
    """One law of a legal basis: its words, its abbreviation folded to one word, the paragraphs named."""

    name: str
    abbreviation: str
    paragraphs: tuple[str, ...]


class Reference(NamedTuple):
    """A paragraph that somebody asks for; `written` is the part of the question that names it."""

    written: str
    token: str
    law: str


def bases(legal_basis: str) -> Iterator[Basis]:
    """The laws that a legal basis of the LeiKa catalogue names, each with its abbreviation in brackets."""
    for before, abbreviation in _NAMED_LAW.findall(_ADDRESS.sub(" ", legal_basis)):
        plain = _DETAIL.sub(" ", before)
        numbers = tuple(dict.fromkeys(found.replace(" ", "").lower() for found in _NUMBER.findall(plain)))
        yield Basis(_NUMBER.sub(" ", plain).replace("§", " "), law_word(abbreviation), numbers)


def law_word(abbreviation: str) -> str:
    """A law's abbreviation as one word: SGB II is sgbii, as is SGB 2."""
    folded = folded_words(abbreviation)
    return "".join(_ROMAN.get(word, word) for word in folded)


def paragraph_token(number: str, law: str) -> str:
    """The token of a paragraph."""
    return f"{PARAGRAPH}{number}@{law}"


def reference(question: str) -> Reference | None:
    """The paragraph that a question names, if it does."""
    found = _ASKED.search(question)
    if found is None:
        return None
    number, letter, name, book = found.groups()
    law = law_word(f"{name} {book}" if book else name)
    return Reference(found.group(), paragraph_token(number + letter.lower(), law), law)


_BOOKS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = {str(number): roman for number, roman in enumerate(_BOOKS, 1)}
