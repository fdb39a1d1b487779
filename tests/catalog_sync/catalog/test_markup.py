"""Texts with markup: what stays, what goes, and how they read without it."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_sync.catalog.markup import (
    ALLOWED_SCHEMES,
    ALLOWED_TAGS,
    beginning,
    plain_text,
    sanitise,
    words_alone,
)


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("Personalausweis beantragen", "Personalausweis beantragen"),
        ("a > b", "a &gt; b"),
        ("a\r\nb >\rc", "a\nb &gt;\nc"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("<p>Eins</p><ul><li>zwei</li></ul>", "<p>Eins</p><ul><li>zwei</li></ul>"),
        ("<ol><li>eins<li>zwei", "<ol><li>eins</li><li>zwei</li></ol>"),
        ("<div>Eins <span>zwei</span></div>", "Eins zwei"),
        ('<p class="x" style="color:red">Eins</p>', "<p>Eins</p>"),
        ("<script>alert(1)</script>Eins<style>p{}</style>", "Eins"),
        ("<!-- still -->Eins", "Eins"),
        ('<img src=x onerror="alert(1)">Eins', "Eins"),
        ('<a href="https://a.example/?b=1&amp;c=2" target="_blank" rel="x">A</a>', '<a href="https://a.example/?b=1&amp;c=2">A</a>'),
        ('<a href="mailto:a@b.example">A</a> <a href="tel:115">T</a>', '<a href="mailto:a@b.example">A</a> <a href="tel:115">T</a>'),
        ('<a href="javascript:alert(1)">A</a>', "<a>A</a>"),
        ('<a href=" jAvaScript:alert(1)">A</a>', "<a>A</a>"),
        ('<a href="/relativ">A</a>', "<a>A</a>"),
        ("5\u00a0Euro &nbsp;<b>x</b>", "5\u00a0Euro \u00a0<b>x</b>"),
    ],
)  # fmt: skip
def test_sanitise(given_html: str, expected: str) -> None:
    assert sanitise(given_html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (" Titel ", "Titel"),
        ("<p>Eins</p><p>Zwei</p>", "Eins\nZwei"),
        ("Eins<br>Zwei", "Eins\nZwei"),
        ("<h2>Kopf</h2><p>Ein <b>fettes</b>\n Wort</p>", "Kopf\nEin fettes Wort"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ol>", "1. a\n2. b\n- c\n3. d"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("a < b", "a < b"),
        ('<a href="https://a.example/">Link</a>', "Link"),
        ("<p> </p>", ""),
        ("x<script>alert(1)</script>y", "xy"),
    ],
)
def test_plain_text(html: str, expected: str) -> None:
    assert plain_text(html) == expected


class Tags(HTMLParser):
    """Collects what a browser would see of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))


TAGS = """<p> </p> <b> </b> <i> <a> </a> <ul> <li> </ul> <ol> <table> <td> <tr> </table> <button> <svg> <math> <mi>
<style> </style> <script> <title> <textarea> <noscript> <template> <select> <option> <form> <h1> </h1> <!-- --> <br>
< > & &amp; &lt; &nbsp; &#x3c; " ' = x <a\thref=data:x>"""
WITH_BLANKS = (
    "\r",
    "\n",
    "\u00a0",
    '<a href="https://x.example/?a&b">',
    '<a href="javascript:x">',
    '<p onclick="x">',
)
PIECES = st.sampled_from([*re.split(r"[ \n]", TAGS), *WITH_BLANKS])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PIECES, max_size=12).map("".join)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
)
def test_whatever_comes_in_only_the_allow_list_comes_out(html: str) -> None:
    clean = sanitise(html)
    assert sanitise(clean) == clean
    parser = Tags()
    parser.feed(clean)
    for tag, attributes in parser.seen:
        assert tag in ALLOWED_TAGS
        assert [name for name, _ in attributes] in ([], ["href"])
        for _, value in attributes:
            assert (value or "").partition(":")[0].lower() in ALLOWED_SCHEMES
    assert not re.search(r"<(?!/?[a-z])", clean)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_plain_text_of_clean_text_has_no_markup_left(html: str) -> None:
    text = plain_text(sanitise(html))
    assert text == text.strip()
    assert plain_text(sanitise(text.replace("&", "&amp;").replace("<", "&lt;"))).split() == text.split()


@pytest.mark.parametrize(
    "hostile",
    [
        "<ul><li>" * 12_000,
        "<div>" * 20_000,
        "<b><i><a>" * 10_000,
        "".join(f"<p><b a={n}></p></x>" for n in range(5_000)),
        "<div>" + "".join(f"<b a={n}>" for n in range(28)) + "</div>" + "<p>x" * 24_000,
        "<a " + " ".join(f"a{n}" for n in range(14_000)) + ">x",
        '<a "' * 25_000,
        "<" * 100_000,
        "&" * 100_000,
        "<!--" * 25_000,
        "<script" * 14_000,
    ],
)
def test_no_text_takes_long(hostile: str) -> None:
    begun = time.process_time()
    clean = sanitise(hostile)
    plain_text(hostile)
    assert time.process_time() - begun < 3
    assert len(clean) < 8 * len(hostile)
    assert sanitise(clean) == clean


def test_a_text_nested_to_do_harm_keeps_its_words() -> None:
    assert sanitise("<ul><li>" * 500 + "Wort &amp; Tat") == "-\n" * 499 + "- Wort &amp; Tat"
    assert sanitise("<p>Eins</p>" * 200) == "<p>Eins</p>" * 200


@given(
    st.text(alphabet=st.sampled_from("ab <>/p\"'=&;lt#1\n"), max_size=120),
    st.integers(min_value=0, max_value=60),
)
def test_the_beginning_of_a_text_is_that_of_all_its_words(html: str, length: int) -> None:
    assert beginning(html, length) == words_alone(html)[:length]


def test_of_a_long_text_only_the_beginning_is_looked_at() -> None:
    html = "<p>Für Ihren&nbsp;<b>Hund</b></p>" * 100
    for length in range(120):
        assert beginning(html, length) == words_alone(html)[:length]


_WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            ["Antrag", "Gebühr", " ", "\n", "&amp;", "&lt;", "&gt;", '"', "'", "\u00a0", "“", "\t", "=", "–"]
        ),
        st.characters(exclude_categories=["Cs"], exclude_characters="<>&"),
    ),
    max_size=6,
).map("".join)
_MARKED = st.tuples(
    st.sampled_from(
        ["b", "strong", "i", "em", 'a href="https://amt.example/x_1"', 'a href="http://a.b.example"', "u"]
    ),
    _WORDS,
).map(lambda both: f"<{both[0]}>{both[1]}</{both[0].split()[0]}>")
_LINES = st.lists(st.one_of(_WORDS, _MARKED), max_size=4).map("".join)
_BLOCKS = st.one_of(
    _WORDS,
    _LINES.map("<p>{}</p>".format),
    st.lists(_LINES.map("<li>{}</li>".format), max_size=3).map(lambda items: f"<ul>{''.join(items)}</ul>"),
    st.lists(_LINES.map("<li>{}</li>".format), max_size=3).map(lambda items: f"<ol>\n{' '.join(items)}</ol>"),
    st.sampled_from(["<ul></ol>", "<p><p></p>", "<b></i>", "<li>x</li>", "</p>"]),
)


@settings(max_examples=300)
@given(st.lists(_BLOCKS, max_size=4).map("".join))
def test_what_is_clean_at_a_glance_is_what_the_cleaner_answers(html: str) -> None:
    """An element that is not allowed, with nothing in it, makes the cleaner look, and leaves nothing."""
    assert sanitise(f"{html}<x-x></x-x>") == sanitise(html)
