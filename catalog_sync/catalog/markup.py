"""Texts with markup: made harmless when they come in, made plain where plain words are shown.

Contents of text modules are HTML by contract, also where a sender wrote plain words: `sanitise` always answers HTML
that may be put into a page as it is, and `plain_text` answers words (a title, a summary, what the search reads).
"""

import re
from collections import Counter
from html import escape, unescape

import nh3

ALLOWED_TAGS = frozenset(
    {
        "p",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "b",
        "strong",
        "i",
        "em",
        "sup",
        "sub",
        "ul",
        "ol",
        "li",
        "a",
    }
)
"""XZuFi: markup that texts may hold."""

ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED_TAGS),
    attributes={"a": {"href"}},
    url_schemes=set(ALLOWED_SCHEMES),
    url_relative="deny",
    link_rel=None,  # whoever puts a text into a page decides about rel
)
_WORDS = r"[^<>&\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]++|&(?:amp|lt|gt);"
_LINE = rf"(?:{_WORDS}" + "".join(
    rf"|<{begin}>(?:{_WORDS})*+</{name}>"
    for name, begin in (
        ("b", "b"),
        ("strong", "strong"),
        ("i", "i"),
        ("em", "em"),
        ("a", r'a href="https?://(?:[a-z]{1,40}\.){1,4}+[a-z]{2,40}(?:/[A-Za-z0-9/_-]*+)?"'),
    )
)
_LINE += ")*+"
_CLEAN = re.compile(rf"(?:{_WORDS}|<p>{_LINE}</p>|<([uo])l>(?:<li>{_LINE}</li>|[ \n])*+</\1l>)*+")
"""What nearly all offices write, and what the cleaner would answer as it is: looking costs a third of cleaning."""
_ROUNDS = 4
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/<>]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_DROPPED = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_SPACES = re.compile(
    r"[^\S\n\u00a0]+"
)  # carriage returns too: an HTML parser would turn them into line feeds
_AROUND_BREAKS = re.compile(r" ?\n ?")
_MANY_BREAKS = re.compile(r"\n{2,}")

MANY_TAGS = 120
"""Up to here the time that a text costs is small whatever its tags are."""
MAX_NESTING = 30
_NEVER_NESTED = frozenset({"p", "li", "br", "hr", "img", "input", "wbr", "meta", "link"})
MAX_GROWTH = 6
"""Escaping makes a text longer (`&` five times); one that grows more is an attack on the parser."""


def sanitise(html: str) -> str:
    """HTML of the allow-list only: no other tag, no attribute but `href` with http, https, mailto or tel.

    Answers the same for what it answered before. A text that nests its tags to slow the parser down loses them all.
    """
    if "\r" in html:
        html = html.replace("\r\n", "\n").replace("\r", "\n")  # as an HTML parser does
    if "<" not in html and "&" not in html:
        return html.replace(">", "&gt;") if ">" in html else html
    if _CLEAN.fullmatch(html):
        return html
    if html.count("<") > MANY_TAGS and _nesting(html) > MAX_NESTING:
        return escape(plain_text(html), quote=False)
    cleaned = html
    for _ in range(_ROUNDS):
        before, cleaned = cleaned, _CLEANER.clean(cleaned).replace("&nbsp;", "\u00a0")
        if cleaned == before:
            return cleaned
        if len(cleaned) > MAX_GROWTH * len(html) + MANY_TAGS:
            break
    return escape(plain_text(html), quote=False)


def _nesting(html: str) -> int:
    """How many elements are open at most, ends without a begin not counted."""
    open_now: Counter[str] = Counter()
    deepest = depth = 0
    for end, name in re.findall(r"<(/?)([A-Za-z][^\s/<>]*)", html.lower()):
        if name in _NEVER_NESTED:
            continue
        if not end:
            open_now[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif open_now[name]:
            open_now[name] -= 1
            depth -= 1
    return deepest


def plain_text(html: str) -> str:
    """The words of an HTML text: blocks on lines of their own, list items marked, entities decoded."""
    if "<" not in html and "&" not in html:
        return html.strip()
    text = unescape(_without_tags(_DROPPED.sub("", html).replace("\n", " ")))
    text = _AROUND_BREAKS.sub("\n", _SPACES.sub(" ", text))
    return _MANY_BREAKS.sub("\n", text).strip()


def words_alone(html: str) -> str:
    """The words of an HTML text for those who only count them: without tags and entities, blanks as they come."""
    return unescape(_TAG.sub(" ", html)) if "<" in html or "&" in html else html


def beginning(html: str, length: int) -> str:
    """The first characters of `words_alone`, without looking at all of a long text."""
    cut = html.find("<", length + length // 4)
    if cut > 0 and len(text := words_alone(html[:cut])) >= length:  # neither tags nor entities go beyond a <
        return text[:length]
    return words_alone(html)[:length]


_BLOCKS = frozenset({"p", "br", "ul", "ol", "li", "div", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})


def _without_tags(html: str) -> str:
    """The text between the tags, with a line break where a block begins or ends."""
    lists: list[int | None] = []
    parts: list[str] = []
    done = 0
    for found in _TAG.finditer(html):
        parts.append(html[done : found.start()])
        done = found.end()
        name, is_end = found[2].lower(), found[1] == "/"
        if name in _BLOCKS:
            parts.append("\n" + _mark(name, is_end=is_end, lists=lists))
    parts.append(html[done:])
    return "".join(parts)


def _mark(name: str, *, is_end: bool, lists: list[int | None]) -> str:
    """What stands before a list item: a number in `ol`, a dash else; keeps count of the lists that are open."""
    if name in ("ul", "ol"):
        if not is_end:
            lists.append(0 if name == "ol" else None)
        elif lists:
            lists.pop()
    if name != "li" or is_end:
        return ""
    number = lists[-1] if lists else None
    if number is None:
        return "- "
    lists[-1] = number + 1
    return f"{number + 1}. "
