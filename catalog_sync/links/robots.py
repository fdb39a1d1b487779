"""What a site's robots.txt lets the link checker do, by RFC 9309; with Crawl-delay, which that leaves to others."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

TOKEN = "Verbundhub"  # noqa: S105 - the RFC's word for a crawler's name
"""The product token: the name by which a robots.txt speaks to the link checker."""

_NAME = re.compile(r"[A-Za-z_-]+|\*")
_LINES = re.compile(r"[\r\n]+")
_OCTET = re.compile(r"%([0-9A-Fa-f]{2})|([^!-~])")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_ROBOTS = "/robots.txt"


class Rule(Struct, frozen=True, array_like=True):
    """A line of a group; `pattern` is normalised, ``*`` stands for anything, a ``$`` at its end for the end."""

    allow: bool
    pattern: str


class Robots(Struct, frozen=True):
    """The group that speaks to the link checker, or the one for everybody; the longest rules first.

    Attributes:
        delay: seconds between two requests, where the site names some.
    """

    rules: tuple[Rule, ...] = ()
    delay: float | None = None

    def allows(self, path: str) -> bool:
        """Whether an address may be asked: by the longest rule that matches; of two equal ones by the one that allows.

        Args:
            path: path and query, in ASCII.
        """
        if path == _ROBOTS:
            return True
        wanted = _normalised(path).replace("*", "%2A").replace("$", "%24")
        return next((rule.allow for rule in self.rules if _matches(rule.pattern, wanted)), True)


EVERYTHING = Robots()
"""Of a site without a robots.txt."""

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Robots).decode


def parse(content: bytes, token: str = TOKEN) -> Robots:
    """Read a robots.txt; lines that say nothing known are passed over."""
    named, general = _Group(), _Group()
    for names, key, value in _records(content.decode("utf-8-sig", "replace")):
        for group, name in ((named, token.casefold()), (general, "*")):
            if name in names:
                group.take(key, value)
    chosen = named if named.there else general
    rules = sorted(set(chosen.rules), key=lambda rule: (-len(rule.pattern), not rule.allow, rule.pattern))
    return Robots(tuple(rules), chosen.delay)


class _Group:
    """What all groups for one name say together."""

    def __init__(self) -> None:
        self.there = False
        self.rules: list[Rule] = []
        self.delay: float | None = None

    def take(self, key: str, value: str) -> None:
        self.there = True
        if key in ("allow", "disallow") and value.startswith(("/", "*")):
            self.rules.append(Rule(key == "allow", _pattern(value)))
        elif key == "crawl-delay" and _SECONDS.fullmatch(value):
            self.delay = max(self.delay or 0.0, float(value))


def _records(text: str) -> Iterator[tuple[frozenset[str], str, str]]:
    """Each record of a group, with the names that the group is for; of a group without rules its last name line."""
    names: set[str] = set()
    open_for_names = False
    for line in _LINES.split(text):
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().casefold(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if not open_for_names:
                names = set()
            open_for_names = True
            if found := _NAME.match(value):
                names.add(found[0].casefold())
        elif key in ("allow", "disallow"):
            open_for_names = False
        yield frozenset(names), key, value


def _pattern(text: str) -> str:
    anchored = text.endswith("$")
    inner = _normalised(text.removesuffix("$")).replace("$", "%24")
    return re.sub(r"\*+", "*", inner) + ("$" if anchored else "")


def _normalised(text: str) -> str:
    """Octets in one spelling: what needs no percent-encoding without, everything else with, in capitals."""
    return _OCTET.sub(_octet, text)


def _octet(found: re.Match[str]) -> str:
    if found[1] is None:
        return "".join(f"%{octet:02X}" for octet in found[2].encode())
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else f"%{found[1].upper()}"


def _matches(pattern: str, path: str) -> bool:
    """Each part between stars is looked for behind the one before: no rule costs more than a walk along the path."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not anchored or at == len(path)
    last = others.pop() if anchored else ""
    for part in others:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return path.endswith(last) and len(path) - len(last) >= at
