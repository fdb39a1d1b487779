"""Files that are broken or made to do harm: refused whole with a reason, in bounded time and memory."""

import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_sync.xzufi.limits import Limits
from catalog_sync.xzufi.reader import MessageReader
from catalog_sync.xzufi.refused import RefusedFile
from tests.catalog_sync.xzufi.reading import read
from tests.makers import authority, carried_rule, delete, fee, message, rule, service

GOOD = message(
    writes=[
        service("1", fees=["37.00", None]),
        authority("2", rules=[carried_rule("7", "1")]),
        rule("5", "2", "1"),
    ],
    deletes=[delete("Leistung", "9")],
)
XZUFI = b'xmlns="http://xoev.de/schemata/xzufi/2_2_0"'
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


def _refused(data: bytes, limits: Limits | None = None) -> RefusedFile:
    with pytest.raises(RefusedFile) as refused:
        read(data, limits)
    assert refused.value.sentence
    assert refused.value.remedy
    return refused.value


def _with_doctype(declaration: str, encoding: str = "UTF-8") -> bytes:
    text = GOOD.decode().replace('<?xml version="1.0" encoding="UTF-8"?>', "")
    return f'<?xml version="1.0" encoding="{encoding}"?>{declaration}{text}'.encode(encoding)


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE x>",
        "<!DOCTYPE x []>",
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x PUBLIC "-//X" "x.dtd">',
        '<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY % leak SYSTEM "file:///etc/hostname"> %leak;]>',
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
        "<!-- harmless --><?pi x?>\n<!DOCTYPE x>",
        "<!-- > <x --><!DOCTYPE x>",
        '<!DOCTYPE x [<!ATTLIST id schemeAgencyID CDATA "L1">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1"])
def test_any_doctype_is_refused(declaration: str, encoding: str) -> None:
    assert _refused(_with_doctype(declaration, encoding)).rule == "doctype"


def test_a_doctype_hidden_by_an_encoding_is_refused() -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>' + b"+ADwAIQ-DOCTYPE x+AD4-<x/>"
    assert _refused(hidden).rule == "encoding"
    assert _refused(_with_doctype("<!DOCTYPE x>", "UTF-32")).rule in {"encoding", "not-xml"}
    assert _refused(_with_doctype("<!DOCTYPE x>", "CP037")).rule == "not-xml"


def test_a_doctype_without_declaration_of_xml_is_refused() -> None:
    assert _refused(b"<!DOCTYPE x><x/>").rule == "doctype"
    assert _refused(b"\xef\xbb\xbf \n<!DOCTYPE x><x/>").rule == "doctype"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "iso-8859-15"]
)
def test_encodings_that_are_read(encoding: str) -> None:
    text = GOOD.decode().replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    outcome = read(text.encode(encoding))
    assert outcome.objects == read(GOOD).objects


def test_a_file_that_lies_about_its_encoding_is_refused_or_read_as_it_is() -> None:
    assert _refused(GOOD.replace(b"UTF-8", b"UTF-16")).rule == "encoding"
    assert (
        _refused(message(writes=[service("1", title="Grün")]).decode().encode("latin-1")).rule
        == "not-well-formed"
    )


@pytest.mark.parametrize(
    ("data", "rule_word"),
    [
        (b"", "not-xml"),
        (b"  \n ", "not-xml"),
        (b"\0\0\0\0", "not-xml"),
        (b"PK\x03\x04rest", "not-xml"),
        (gzip.compress(GOOD), "not-xml"),
        (b'{"json": true}', "not-xml"),
        (b"id;name\n1;Amt\n", "not-xml"),
        (b"<", "not-xml"),
        (b"<x " + XZUFI + b">", "not-well-formed"),
        (b"<x " + XZUFI + b"/><y/>", "not-well-formed"),
        (b"<x " + XZUFI + b">&nbsp;</x>", "not-well-formed"),
        (GOOD.replace(b"</x:leistung>", b"</x:leistng>"), "not-well-formed"),
        (GOOD + b"<x/>", "not-well-formed"),
        (GOOD.replace(b"<x:id ", b"<y:id "), "not-well-formed"),
        (b"<!--" + b"x" * 70_000 + b"--><x/>", "limit-passed"),
        (b" " * 70_000 + b"<x/>", "limit-passed"),
        (b"<x>" * 300 + b"</x>" * 300, "limit-passed"),
        (GOOD.replace(b"klasse=", b'x="' + b"a" * 11_000_000 + b'" klasse='), "limit-passed"),
        (GOOD.replace(b"Personalausweis", b"P" * 11_000_000), "limit-passed"),
    ],
)
def test_what_is_no_message_is_refused_with_its_rule(data: bytes, rule_word: str) -> None:
    begun = time.monotonic()
    assert _refused(data).rule == rule_word
    assert time.monotonic() - begun < 2


def test_the_refusal_names_the_line() -> None:
    assert _refused(GOOD.replace(b"</x:leistung>", b"</x:leistng>")).line == 4


def test_limits_are_kept_to_the_byte_and_named() -> None:
    assert read(GOOD, Limits(unpacked_bytes=len(GOOD))).objects
    assert str(len(GOOD) - 1) in _refused(GOOD, Limits(unpacked_bytes=len(GOOD) - 1)).sentence


def test_one_object_has_a_bound_of_its_own() -> None:
    many = message(writes=[service(str(n)) for n in range(4000)])
    limits = Limits(object_bytes=1024 * 1024)
    assert len(read(many, limits).objects) == 4000
    huge = message(writes=[service("1", extra="<x:y/>" * 400_000)])
    assert "in one object" in _refused(huge, limits).sentence
    assert "marks" in _refused(huge, Limits(object_marks=200_000)).sentence


def test_elements_that_are_no_objects_do_not_fill_the_memory() -> None:
    endless = GOOD.replace(b"<x:loesche", b"<x:unbekannt/>" * 1_500_000 + b"<x:loesche")
    assert _refused(endless).rule == "limit-passed"


def test_memory_stays_flat() -> None:
    body = service("1")("2.2")
    start, end = message(writes=[]).split(b"\n\n\n")

    class Endless:
        """A message of fifty thousand objects that is never whole in memory."""

        def __init__(self) -> None:
            self._chunks = self._make()
            self._rest = b""

        def _make(self) -> Iterator[bytes]:
            yield start
            for _ in range(500):
                yield f"<x:schreibe>{body}</x:schreibe>".encode() * 100
            yield end

        def read(self, size: int = -1, /) -> bytes:
            while len(self._rest) < size and (chunk := next(self._chunks, b"")):
                self._rest += chunk
            given, self._rest = self._rest[:size], self._rest[size:]
            return given

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    before = resident()
    assert sum(1 for _ in MessageReader(Endless())) == 50_000
    assert resident() - before < 32 * 1024**2


def _outcome_or_refusal(data: bytes) -> None:
    """Whatever the bytes are: objects or a refusal, never another exception."""
    try:
        outcome = read(data)
    except RefusedFile as refused:
        assert refused.sentence  # noqa: PT017 - either outcome is right
    else:
        assert all(one.reason and one.remedy for one in outcome.rejected)


def test_a_file_cut_anywhere_is_refused() -> None:
    for end in range(0, len(GOOD.rstrip(b">")), 100):
        _refused(GOOD[:end])
        _refused(GOOD.decode().replace("UTF-8", "UTF-16").encode("utf-16")[: end * 2])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=6), st.integers(0, 12)),
        min_size=1,
        max_size=8,
    )
)
def test_mutated_bytes_never_raise_anything_else(changes: list[tuple[int, bytes, int]]) -> None:
    data = GOOD
    for at, new, length in changes:
        data = data[:at] + new + data[at + length :]
    _outcome_or_refusal(data)


WORDS = st.sampled_from(
    [
        "kosten",
        "kostenauswahl",
        "betrag",
        "id",
        "code",
        "inhalt",
        "frist",
        "dauer",
        "gueltigkeit",
        "beginn",
        "name",
    ]
)
TREES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&"), max_size=20),
    lambda inner: st.tuples(WORDS, st.lists(inner, max_size=3)).map(
        lambda made: f"<x:{made[0]}>{''.join(made[1])}</x:{made[0]}>"
    ),
    max_leaves=10,
)
PARTS = st.sampled_from(
    ["modulKosten", "modulFrist", "modulText", "gueltigkeit", "versionsinformation", "sprachversion", "name"]
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["leistung", "organisationseinheit", "onlinedienst", "spezialisierung"]), PARTS, TREES)
def test_any_shape_of_an_object_is_an_object_or_a_rejection(kind: str, part: str, inside: str) -> None:
    written = f'<x:{kind}><x:id schemeAgencyID="L1">1</x:id><x:{part}>{inside}</x:{part}></x:{kind}>'
    data = message(writes=[written, service("2", extra=fee("1.00"))])
    try:
        outcome = read(data)
    except RefusedFile as refused:
        assert refused.rule == "not-well-formed"  # noqa: PT017 - a character that XML does not have
    else:
        assert len(outcome.objects) + len(outcome.rejected) == 2
