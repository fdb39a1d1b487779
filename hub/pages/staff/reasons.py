"""Reasons and remedies in the reader's language: by rule, with their parameters; English where no German is known."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from hub.pages.language import Language
from hub.pages.staff.german import NO_RULE, OBJECTS, WORDS, Pairs
from hub.pages.staff.german_files import FILES
from hub.pages.staff.german_notices import NOTICES
from hub.pages.staff.german_runs import RUNS

_PARAMETER = re.compile(r"\{(\w+)\}")
_COUNT = re.compile(r"(\d+) of (\d+) objects of kind (\w+)")
_QUOTED = re.compile("“(.*?)”")
_KINDS = {
    "LB": "Leistungsbeschreibungen",
    "OE": "Organisationseinheiten",
    "OD": "Onlinediensten",
    "SP": "Spezialisierungen",
    "ZS": "Zuständigkeiten",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the language that it is in."""

    text: str
    language: Language


Say = Callable[..., Said]


def sayers(language: Language) -> Mapping[str, Say]:
    """What the templates say with: ``reason`` and ``remedy`` by rule, ``run`` of it as a whole, ``notice``."""
    by_rule = {**OBJECTS, **FILES}

    def reason(rule: str | None, sentence: str) -> Said:
        return _said(language, sentence, by_rule[rule][0] if rule in by_rule else NO_RULE)

    def remedy(rule: str | None, sentence: str) -> Said:
        return _said(language, sentence, by_rule[rule][1] if rule in by_rule else ())

    def run(sentence: str) -> Said:
        return _said(language, sentence, RUNS)

    def notice(sentence: str) -> Said:
        return _said(language, sentence, NOTICES)

    return {"reason": reason, "remedy": remedy, "run": run, "notice": notice}


def _said(language: Language, sentence: str, pairs: Pairs) -> Said:
    if language == "de" and (german := _german(sentence, pairs)) is not None:
        return Said(german if german.endswith((".", "!", "?")) else f"{german}.", "de")
    return Said(sentence, "en")


def _german(sentence: str, pairs: Iterable[tuple[str, str]]) -> str | None:
    for english, german in pairs:
        found = _pattern(english).fullmatch(sentence)
        if found is not None:
            return german.format(**{name: _put(name, said) for name, said in found.groupdict().items()})
    return None


@lru_cache(maxsize=256)
def _pattern(english: str) -> re.Pattern[str]:
    """What matches an English sentence and names its parameters."""
    parts = _PARAMETER.split(english)
    written = [f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(written), re.DOTALL)


def _put(name: str, said: str) -> str:
    """A parameter in German."""
    said = _QUOTED.sub("„\\1“", said)
    if name == "of":
        return WORDS.get(said, said)
    if name == "list":
        return said.replace(" and ", " und ")
    if name in ("what", "now", "before"):
        if said == "nothing":
            return "nichts"
        return _COUNT.sub(lambda found: f"{found[1]} von {found[2]} {_KINDS.get(found[3], found[3])}", said)
    return said
