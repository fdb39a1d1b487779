"""One spelling for all that people take for the same name."""

import re
import unicodedata

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
_SPELLED = re.compile("(?<=[ao])e|(?<=(?<![aeq])u)e")  # not the ue of bauen, Steuer and Quelle
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ı": "i"}
)  # Polish and Turkish letters that Unicode takes for whole ones
_WORD = re.compile(r"[^\W_]+")


def spelled_out(text: str) -> str:
    """A text in lower case, umlauts and ß spelled out, without other accents: how lists of names are ordered."""
    lower = unicodedata.normalize("NFC", text).casefold()
    return _without_accents("".join(_UMLAUTS.get(letter, letter) for letter in lower))


def folded_words(text: str) -> tuple[str, ...]:
    """A text's words so that Köln, Koeln, Koln and KÖLN are one: ä, ae and a are, ß and ss, ł and l, ı and i."""
    plain = _without_accents(text.casefold().translate(_UNDECOMPOSED))
    return tuple(_WORD.findall(_SPELLED.sub("", plain)))


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    if not plain.isascii():
        for letter in set(plain):
            if unicodedata.combining(letter):
                plain = plain.replace(letter, "")
    return plain
