"""One stem for a word's forms, and for a verb and its noun: anmelden, angemeldet, anzumelden and Anmeldung are one.

Snowball's German stemmer (PyStemmer) does the endings. What it leaves apart is brought together before and behind it:
participles (um-ge-zogen to umziehen), infinitives with zu, -ieren with -ierung, -ung where the stem is short, and verbs
whose noun has another vowel (umziehen and Umzug).
All words come folded (`catalog.folding`): lower case, ä as a, ß as ss.
"""

import re
from functools import lru_cache

from Stemmer import Stemmer

from catalog_sync.search.lexicon import lines

_PREFIXES = (
    "ab|an|auf|aus|bei|durch|ein|fest|fort|frei|her|heim|hin|los|mit|nach|nieder|statt|teil|um|unter|vor|weg|"
    "weiter|wieder|zu|zuruck|zusammen|uber"
)
_STRONG = dict(line.split() for line in lines("strong_verbs"))
_WEAK = frozenset(lines("weak_verbs"))
_NOUNS = dict(line.split() for line in lines("verb_nouns"))
_VERB = re.compile(rf"^({_PREFIXES})({'|'.join(_NOUNS)})$")
_ZU = re.compile(rf"^({_PREFIXES})zu(.{{3,}}(?:en|ern|eln))$")
_ENDING = re.compile(r"(?:e|en|em|er|es)$")
_PARTICIPLE = re.compile(rf"^({_PREFIXES})?ge(.{{3,}})$")
_FOREIGN_VERB = re.compile(r"^(.{3,})(?:ier(?:en|t|te|ten|ter|tes|tem|ung|ungen)|ium)$")
_SHORTEST, _SHORT_NOUN, _ROUNDS = 4, 6, 3
_SNOWBALL = Stemmer("german", 0)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word; numbers and words of up to three letters stay as they are."""
    if len(word) < _SHORTEST or word[0].isdigit():
        return word
    if split := _ZU.match(word):
        word = split.group(1) + split.group(2)
    word = _FOREIGN_VERB.sub(r"\1", _infinitive(word) or word)
    for _ in range(_ROUNDS):  # Verlängerung loses -ung, then as verlängern does -er
        shorter: str = _SNOWBALL.stemWord(word)
        if shorter.endswith("ung") and len(shorter) > _SHORT_NOUN:
            shorter = shorter[:-3]
        if shorter == word or len(shorter) < _SHORTEST - 1:
            break
        word = shorter
    if (verb := _VERB.match(word)) is not None:
        return verb.group(1) + _NOUNS[verb.group(2)]
    return word


def _infinitive(word: str) -> str | None:
    """Of a participle, with or without an adjective's ending."""
    for form in dict.fromkeys((word, _ENDING.sub("", word))):
        if (found := _PARTICIPLE.match(form)) is not None:
            prefix, rest = found.group(1) or "", found.group(2)
            if (root := _root(prefix, rest)) is not None:
                return f"{prefix}{root}en"
    return None


def _root(prefix: str, rest: str) -> str | None:
    if rest in _STRONG:
        return _STRONG[rest]
    if rest.endswith("et") and len(rest) > (4 if prefix else 5):
        return rest[:-2]
    if rest in _WEAK or (prefix and rest.endswith("t") and len(rest) > _SHORTEST):
        return rest[:-1]
    return None
