"""Rules in plain form, read without the parser, are what the parser would have read."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from catalog_sync.catalog.payload import encode_object
from catalog_sync.xzufi.delivered import Writing
from catalog_sync.xzufi.plain import PlainRules
from catalog_sync.xzufi.refused import RefusedFile
from tests.catalog_sync.xzufi.reading import read
from tests.makers import message, rule, service

BEFORE = service("0")
"""Behind it the reader knows for certain where it stands."""
ROOT = etree.fromstring(message(writes=[]))


def rules(written: str, version: str = "2.2") -> list[tuple[int, bytes]]:
    """The rules that a message brings, with their lines."""
    outcome = read(message(version, writes=[BEFORE, written]))
    return [
        (one.line, encode_object(obj))
        for one, obj in zip(outcome.writings, outcome.objects, strict=True)
        if one.kind.value == "ZS"
    ]


def is_plain(written: str) -> bool:
    return PlainRules("utf-8", ROOT).read(f"<x:schreibe>{written}</x:schreibe>".encode()) is not None


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3.1"])
@pytest.mark.parametrize(
    "made",
    [
        rule("5", "2", "1"),
        rule("5", "2", "1", ["06", "06532"], role="03"),
        rule("5", "2", "1", role=None),
        rule("5", "3", "1", online=True),
    ],
)
def test_a_plain_rule_is_read_as_the_parser_reads_it(version: str, made: object) -> None:
    plain = made(version) if callable(made) else ""
    assert is_plain(plain)
    slow = plain.replace("<x:zustaendigkeit>", "<x:zustaendigkeit><!-- slowly -->")
    assert not is_plain(slow)
    assert rules(plain, version) == rules(slow, version)
    spaced = plain.replace("><", ">\n  <")
    assert is_plain(spaced)
    assert rules(spaced, version)[0][1] == rules(plain, version)[0][1]


PLAIN = rule("5", "2", "1", ["06"])("2.2")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('schemeAgencyID="L100042"', 'schemeAgencyID="L100042" schemeAgencyID="L100042"'),
        ('schemeAgencyID="L100042"', 'xmlns="u" schemeAgencyID="L100042"'),
        ('schemeAgencyID="L100042"', 'schemeAgencyID="L1 00"'),
        ('schemeAgencyID="L100042"', 'id="L100042"'),
        ("<x:gebietID>06", "<x:gebietID>1234"),
        ("<x:gebietID>06", "<x:gebietID>06</x:gebietID><x:gebietID>1234"),
        (">5<", "> 5 <"),
        (">5<", ">&#53;<"),
        (">5<", "><"),
        ("<code>01</code>", "<code>07</code>"),
        ("<code>01</code>", "<code>01"),
        ("<code>01</code>", "<y:code>01</y:code>"),
        ("</x:rolle>", "</x:rolle><x:rolle><code>03</code></x:rolle>"),
        ("</x:zustaendigkeit>", "</x:zustaendigkeit><x:zustaendigkeit/>"),
        ("</x:zustaendigkeitTransferObjekt>", "</x:zustaendigkeitTransferObjekt>words"),
    ],
)
def test_what_is_not_plain_or_not_right_is_left_to_the_parser(old: str, new: str) -> None:
    assert old in PLAIN
    assert is_plain(PLAIN)
    assert not is_plain(PLAIN.replace(old, new))


LETTERS = st.text(st.sampled_from(list("<>/\"'&;!?-[]= \n:xayrolecdschemAgncyID0123569ü")), max_size=3)
CHANGES = st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), LETTERS, st.integers(0, 3)), max_size=3)


@settings(max_examples=500, deadline=None)
@given(CHANGES)
@example([(0, "", 0)])
def test_what_is_taken_for_plain_is_well_formed_and_means_the_same(
    changes: list[tuple[int, str, int]],
) -> None:
    changed = PLAIN
    for at, new, length in changes:
        changed = changed[:at] + new + changed[at + length :]
    if not is_plain(changed):
        return
    slow = changed.replace("<x:zustaendigkeit>", "<x:zustaendigkeit><!-- slowly -->")
    try:
        assert rules(changed) == rules(slow)
    except RefusedFile as refused:
        raise AssertionError(changed) from refused


@pytest.mark.shared
def test_the_samples_rules_are_plain(shared: Path) -> None:
    for name in ("hessen_2_2", "sachsen_2_3_1", "hamburg_2_1", "bund_stammtexte_2_2"):
        tree = etree.parse(shared / "xzufi" / f"{name}.xml")
        plain = PlainRules("utf-8", tree.getroot())
        data = (shared / "xzufi" / f"{name}.xml").read_bytes()
        pieces = [b"<xzufi:schreibe>" + one for one in data.split(b"<xzufi:schreibe>")[1:]]
        transfers = [one for one in pieces if b"<xzufi:zustaendigkeitTransferObjekt>" in one]
        assert len(transfers) > 2
        assert [one for one in transfers[:-1] if plain.read(one) is None] == []


def test_a_rule_found_in_plain_form_is_handed_on_like_any_other() -> None:
    outcome = read(message(writes=[BEFORE, rule("5", "2", "1"), rule("6", "2", "1")]))
    plain = [one for one in outcome.writings if isinstance(one, Writing) and one.kind.value == "ZS"]
    assert [(one.position, one.line, one.value) for one in plain] == [(2, 5, "5"), (3, 6, "6")]
    assert len({one.delivered_hash for one in plain}) == 2
