"""A reader that knows some objects by their bytes says the same as one that reads everything."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from catalog_sync.xzufi.cuts import Cuts
from catalog_sync.xzufi.delivered import NEVER_KNOWN, Recognised
from catalog_sync.xzufi.limits import Limits
from catalog_sync.xzufi.prolog import prolog_of
from catalog_sync.xzufi.reader import MessageReader
from catalog_sync.xzufi.refused import RefusedFile
from tests.catalog_sync.xzufi.recognising import Drip, agree, hashes, outcome
from tests.makers import authority, carried_rule, delete, message, rule, service

ONE = service("1", fees=["37.00", None])("2.2")
TWO = authority("2", rules=[carried_rule("7", "1")])("2.2")
THREE = rule("5", "2", "1")("2.2")
SPACED = service("4")("2.2").replace("><", ">\n  <")
BARE = message(writes=[ONE, TWO, THREE, SPACED], deletes=[delete("Leistung", "9")])
HEAD, TAIL = message(writes=[]).decode().split("\n\n\n")
WHOLE = [f"<x:schreibe>{one}</x:schreibe>" for one in (ONE, TWO, THREE, SPACED)]


def test_all_but_nothing_of_an_unchanged_message_is_recognised() -> None:
    known = hashes(BARE)
    assert len(known) == 4
    some, _ = outcome(BARE, known)
    assert [one[0] for one in some if isinstance(one, tuple)] == ["came"] * 4
    assert some[-1] == outcome(BARE)[0][-1]
    agree(BARE, known)


def test_a_line_is_the_same_whether_the_parser_counted_or_not() -> None:
    lines = "\n\n".join(
        [WHOLE[0].replace("<x:leistung>", "<x:leistung\n  a='1'\n>"), WHOLE[3], "", WHOLE[1], WHOLE[2]]
    )
    data = (HEAD + lines + "\n" + "<x:loesche klasse='Leistung'/>" + TAIL).encode()
    full = outcome(data)[0]
    by_parser = [one.sourceline for one in etree.fromstring(data).iter("{*}schreibe")]
    assert [one[1] for one in full[:4]] == [(by_parser[0] or 0) + 2, *by_parser[1:]]
    for known in ({full[0][2], full[2][2]}, {full[1][2]}, hashes(data)):
        agree(data, known)
        assert outcome(data, known)[0][-1].line == full[-1].line


def test_an_error_behind_known_objects_names_its_line() -> None:
    broken = BARE.replace(b"</x:loesche>", b"\n\n</x:losche>")
    assert outcome(broken, hashes(BARE))[1] == outcome(broken)[1]
    assert outcome(broken)[1] is not None


@pytest.mark.parametrize(
    "changed",
    [
        BARE.replace(b'xmlns:x="http://xoev.de', b'xmlns:y="u" xmlns:x="http://xoev.de', 1),
        BARE.replace(b"<x:", b"<z:").replace(b"</x:", b"</z:").replace(b"xmlns:x=", b"xmlns:z="),
        BARE.replace(b"<x:leistung>", b"<x:leistung >").replace(b"<x:schreibe>", b"<x:schreibe >"),
    ],
)
def test_equal_objects_in_other_bytes_or_under_another_root_are_read(changed: bytes) -> None:
    assert not hashes(changed) & hashes(BARE)
    assert [one[6] for one in outcome(changed)[0][:4]] == [one[6] for one in outcome(BARE)[0][:4]]


def test_what_holds_more_than_one_object_is_never_known() -> None:
    both = message(writes=[THREE, ONE + TWO, THREE])
    assert [one[2] != NEVER_KNOWN for one in outcome(both)[0]] == [True, False, False, True]


def test_an_object_behind_a_comment_is_read_and_the_next_is_known_again() -> None:
    data = message(writes=[ONE, TWO, THREE]).replace(b"<x:schreibe><x:org", b"<!-- x --><x:schreibe><x:org")
    assert [one[2] != NEVER_KNOWN for one in outcome(data)[0]] == [False, False, True]
    agree(data, hashes(BARE))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "iso-8859-1", "windows-1252", "iso-8859-15"])
def test_objects_are_known_in_any_encoding_that_is_cut(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    data = BARE.decode().replace('encoding="UTF-8"', f'encoding="{name}"').encode(encoding)
    assert len(hashes(data)) == 4
    assert not encoding.startswith("utf") or hashes(data) == hashes(BARE)
    agree(data, hashes(data))
    wide = BARE.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert not hashes(wide)
    assert len(outcome(wide)[0]) == len(outcome(BARE)[0])


def test_limits_hold_for_what_is_known() -> None:
    known = hashes(BARE)
    with pytest.raises(RefusedFile, match="bytes"):
        list(MessageReader(BytesIO(BARE), limits=Limits(unpacked_bytes=len(BARE) - 1), known=lambda _: 1))
    many = message(writes=[ONE] * 3000)
    assert len(many) > 1024 * 1024
    limits = Limits(object_bytes=len(WHOLE[0]) + 2)
    reader = MessageReader(BytesIO(many), limits=limits, known=lambda came: 1 if came in known else None)
    assert sum(isinstance(one, Recognised) for one in reader) == 3000


def test_a_large_object_is_known_too_and_is_not_converted() -> None:
    filler = "<x:y>" + "z" * 400_000 + "</x:y>"
    large = service("1", extra=filler * 3)
    data = message(writes=[ONE, large, TWO])
    found = outcome(data)[0]
    assert [one[2] != NEVER_KNOWN for one in found] == [True, False, True]
    agree(data, hashes(data))


PARTS = st.sampled_from(
    [
        *WHOLE,
        *WHOLE,
        "\n",
        "  ",
        "<x:loesche klasse='Leistung'><x:id schemeAgencyID='L100042'>9</x:id></x:loesche>",
        "<x:schreibe/>",
        "<x:schreibe></x:schreibe>",
        "<x:transaktionID>1</x:transaktionID>",
        "<x:huelle>",
        "</x:huelle>",
        "<x:schreibe>",
        "</x:schreibe>",
        "<!--",
        "-->",
        "<!-- <x:schreibe> -->",
        "<![CDATA[",
        "]]>",
        "<?p ",
        "?>",
        "<y:schreibe xmlns:y='http://xoev.de/schemata/xzufi/2_2_0'/>",
        "<x:y a='",
        "'/>",
        "words",
        "&amp;",
        "&nope;",
        TAIL,
    ]
)
KNOWN = hashes((HEAD + "\n" + "".join(WHOLE) + TAIL).encode())


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS, max_size=12), st.sets(st.sampled_from(sorted(KNOWN))), st.integers(1, 400))
@example(["<!--", *WHOLE[:3], "-->", *WHOLE[1:]], KNOWN, 64)
@example([WHOLE[2], "<!--", *WHOLE[:3], "-->", *WHOLE[:2]], KNOWN, 64)
@example([WHOLE[2], "<x:huelle>", *WHOLE[:3], "</x:huelle>", *WHOLE[:2]], KNOWN, 64)
@example([WHOLE[2], "<x:schreibe>", *WHOLE[:3], "</x:schreibe>", *WHOLE[:2]], KNOWN, 64)
@example([WHOLE[2], "<x:huelle><![CDATA[", *WHOLE[:3], "]]></x:huelle>", *WHOLE[:2]], KNOWN, 64)
@example([WHOLE[2], "<?p ", *WHOLE[:3], "?>", *WHOLE[:2]], KNOWN, 64)
@example([WHOLE[2], "<x:y a='", *WHOLE[:3], "'/>", *WHOLE[:2]], KNOWN, 64)
@example([WHOLE[2], WHOLE[1], TAIL, *WHOLE[:3]], KNOWN, 64)
@example([WHOLE[2], WHOLE[1], TAIL + "<!--", *WHOLE[:3], "-->"], KNOWN, 64)
def test_nothing_is_known_where_the_parser_would_not_stand_between_two_objects(
    parts: list[str], known: set[bytes], size: int
) -> None:
    data = (HEAD + "".join(parts) + TAIL).encode()
    agree(data, known, size)
    refused = outcome(data, known)[1] is not None
    try:
        etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        assert refused
    else:
        assert not refused


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(BARE) - 1), st.binary(max_size=6), st.integers(0, 12)),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 3000),
)
def test_changed_bytes_end_the_same_way_with_known_neighbours(
    changes: list[tuple[int, bytes, int]], size: int
) -> None:
    data = BARE
    for at, new, length in changes:
        data = data[:at] + new + data[at + length :]
    agree(data, hashes(BARE), size)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 900),
    st.sampled_from(
        [
            BARE,
            BARE.replace(b"\n", b"\r\n\n"),
            BARE.replace(b"<x:", b"<").replace(b"</x:", b"</").replace(b"xmlns:x=", b"xmlns="),
        ]
    ),
)
def test_pieces_are_the_message_however_it_drips(size: int, data: bytes) -> None:
    pieces = list(Cuts(Drip(data, size), prolog_of(data)))
    assert b"".join(piece.data for piece in pieces) == data
    assert sum(piece.begins for piece in pieces) == 5
    for piece in pieces:
        before = data[: sum(len(one.data) for one in pieces[: pieces.index(piece)])]
        assert piece.line == before.count(b"\n") + 1
        assert piece.lines == piece.data.count(b"\n")


@pytest.mark.shared
def test_the_samples_say_the_same_when_half_of_them_is_known(shared: Path) -> None:
    for path in sorted((shared / "xzufi").rglob("*.xml")):
        data = path.read_bytes()
        known = sorted(hashes(data))
        for some in (known, known[::2], known[1::2]):
            agree(data, some)
