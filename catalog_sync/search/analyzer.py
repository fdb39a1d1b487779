"""From texts to tokens: one analyzer for what is indexed and for what is asked."""

from catalog_sync.catalog.folding import folded_words

_FILLING = """
der die das den dem des ein eine einen einem einer eines und oder zu zum zur für im in von vom mit auf an am bei nach
aus über ich mein meine meinen wie wo was kann muss man mir sich wird werden ist sind
the a an of for to and how do can my i
"""
STOP_WORDS = frozenset(folded_words(_FILLING))
MAX_WORDS = 12
MAX_TOKEN = 60


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text that are worth finding; Führungszeugnis, Fuehrungszeugnis and Fuhrungszeugnis are one."""
    return tuple(word[:MAX_TOKEN] for word in folded_words(text) if word not in STOP_WORDS)


def question(text: str) -> tuple[str, ...]:
    """The words of a query; stop words count only when there is nothing else. Bounded."""
    words = tokens(text) or tuple(word[:MAX_TOKEN] for word in folded_words(text))
    return tuple(dict.fromkeys(words))[:MAX_WORDS]


def key_part(text: str) -> str | None:
    """The digits of a query that looks like a service key or a part of one, with or without blanks."""
    digits = "".join(text.split())
    return digits if digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 14 else None  # noqa: PLR2004
