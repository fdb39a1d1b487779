"""Files that are made to do harm, by the hundred, and how each must end; run as a program it reads them all, bounded.

As a program it allows itself 512 MB more address space than it has after its imports, and ten seconds a file. It
prints one line of JSON a file: name, what came of it, what may come of it.
"""

import gzip
import io
import json
import random
import resource
import signal
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from catalog_sync.pipeline.fetch import Bounded
from catalog_sync.sources.incoming import Incoming, Sizes
from catalog_sync.xzufi.delivered import Converted, Rejected, Writing
from catalog_sync.xzufi.limits import Limits
from catalog_sync.xzufi.reader import MessageReader
from catalog_sync.xzufi.refused import RefusedFile
from tests.makers import authority, carried_rule, delete, message, rule, service

MEMORY = 512 * 1024**2
SECONDS = 10

GOOD = message(
    writes=[service("1", title="Grün"), authority("2", rules=[carried_rule("7", "1")]), rule("5", "2", "1")],
    deletes=[delete("Leistung", "9")],
)
BODY = GOOD.decode().partition("?>")[2]
TAKEN = "taken 3, rejected 0"
PARTIAL = "taken 3, rejected 1"
CUT, LIMIT, NO_XML, STRANGE = "not-well-formed", "limit-passed", "not-xml", "unknown-version"
READABLE = (TAKEN, CUT, NO_XML, "encoding", STRANGE)


class Case(NamedTuple):
    """A file and the ways in which it may end."""

    name: str
    data: bytes
    ends: tuple[str, ...]
    packed: bool = False


def cases() -> Iterator[Case]:
    """All files, one after the other, so that only one is in memory."""
    for family in (
        _doctypes,
        _nesting,
        _huge,
        _namespaces,
        _references,
        _beside,
        _cut,
        _encodings,
        _roots,
        _tiny,
        _doubles,
        _cdata,
        _packed,
        _flipped,
    ):
        for name, data, ends, *packed in family():
            yield Case(f"{family.__name__[1:]}: {name}", data, ends, bool(packed))


Made = Iterator[tuple[str, bytes, tuple[str, ...]] | tuple[str, bytes, tuple[str, ...], bool]]


def _with(inside: str, place: str = "</x:leistung>") -> bytes:
    """The good message with something at the end of its first object."""
    return GOOD.decode().replace(place, inside + place, 1).encode()


def _bad(inside: str) -> bytes:
    """The good message with one more object."""
    return GOOD.decode().replace("<x:loesche", f"<x:schreibe>{inside}</x:schreibe><x:loesche", 1).encode()


def _doctypes() -> Made:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    for number, declared in enumerate(
        (
            "<!DOCTYPE x>",
            "<!DOCTYPE x []>",
            "<!DOCTYPE\n\tx\n>",
            '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
            '<!DOCTYPE x SYSTEM "file:///dev/zero">',
            '<!DOCTYPE x PUBLIC "-//X" "x.dtd">',
            '<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE x [<!ENTITY % leak SYSTEM "file:///etc/passwd"> %leak;]>',
            f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>',
            f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>',
            '<!DOCTYPE x [<!NOTATION n SYSTEM "n">]>',
            '<!DOCTYPE x [<!ATTLIST id schemeAgencyID CDATA "L1">]>',
            f"<!DOCTYPE x [{'<!ELEMENT y ANY>'}]>",
            "<!-- harmless --><?pi x?>\n<!DOCTYPE x>",
            "<!-- > <x --><!DOCTYPE x>",
        )
    ):
        for encoding in ("UTF-8", "UTF-16", "ISO-8859-1", "windows-1252"):
            text = f'<?xml version="1.0" encoding="{encoding}"?>{declared}{BODY}'
            yield f"{number} in {encoding}", text.encode(encoding), ("doctype",)
        yield f"{number} bare", f"{declared}{BODY}".encode(), ("doctype",)


def _nesting() -> Made:
    for depth, end in (
        (50, TAKEN),
        (240, TAKEN),
        (260, LIMIT),
        (1000, LIMIT),
        (20_000, LIMIT),
        (300_000, LIMIT),
    ):
        opened, closed = "<x:y>" * depth, "</x:y>" * depth
        yield f"{depth} in an object", _with(opened + closed), (end,)
        yield f"{depth} in an object, not closed", _with(opened), (LIMIT if end == LIMIT else CUT,)
        yield f"{depth} beside", _with(opened + closed, "<x:loesche"), (end,)
        html = f"&lt;ul&gt;&lt;li&gt;{'&lt;ul&gt;&lt;li&gt;' * depth}"
        yield f"{depth} in a text", GOOD.replace("Grün".encode(), html.encode()), (TAKEN, PARTIAL)


def _huge() -> Made:
    for size, ends in ((100_000, (TAKEN,)), (12_000_000, (LIMIT,))):
        long = "a" * size
        yield f"attribute of {size}", _with(f'<x:y z="{long}"/>'), ends
        yield f"text of {size}", _with(f"<x:y>{long}</x:y>"), ends
        yield f"title of {size}", GOOD.replace("Grün".encode(), long.encode()), ends
        yield f"comment of {size}", _with(f"<!--{long}-->"), ends
        yield f"instruction of {size}", _with(f"<?pi {long}?>"), ends
        yield f"CDATA of {size}", _with(f"<x:y><![CDATA[{long}]]></x:y>"), ends
        yield f"namespace of {size}", _with(f'<y xmlns="{long}"/>'), (*ends, LIMIT, CUT)
        yield f"name of {size}", _with(f"<x:{long}/>"), (LIMIT, CUT)
        yield f"prefix of {size}", _with(f"<{long}:y/>"), (LIMIT, CUT)
        yield f"spaces of {size}", _with(f"<x:y{' ' * size}/>"), (TAKEN, LIMIT)
        yield (
            f"id of {size}",
            _bad(f'<x:leistung><x:id schemeAgencyID="L1">{long}</x:id></x:leistung>'),
            (PARTIAL, LIMIT),
        )


def _namespaces() -> Made:
    for count in (10, 1000, 20_000, 200_000):
        declared = " ".join(f'xmlns:n{one}="urn:{one}"' for one in range(count))
        yield f"{count} on one element", _with(f"<x:y {declared}/>"), (TAKEN, LIMIT)
        yield f"{count} attributes", _with(f"<x:y {declared.replace('xmlns:', '')}/>"), (TAKEN, LIMIT)
        each = "".join(f'<n:y xmlns:n="urn:{one}"/>' for one in range(count))
        yield f"{count} on an element each", _with(each), (TAKEN, LIMIT)
        again = "".join(f'<x:y xmlns:x="urn:{one}">' for one in range(min(count, 200)))
        yield f"{count} shadowed", _with(again + "</x:y>" * min(count, 200)), (TAKEN, LIMIT)
    yield "undeclared", _with("<q:y/>"), (CUT,)
    yield "xml redeclared", _with('<y xmlns:xml="urn:x"/>'), (CUT,)
    yield "xmlns as prefix", _with('<y xmlns:xmlns="urn:x"/>'), (CUT,)


def _references() -> Made:
    for said in (
        "&nbsp;",
        "&auml;",
        "&leak;",
        "&",
        "&;",
        "&#0;",
        "&#x0;",
        "&#xFFFF;",
        "&#xD800;",
        "&#1114112;",
    ):
        yield f"{said} in a text", _with(f"<x:y>{said}</x:y>"), (CUT,)
        yield f"{said} in an attribute", _with(f'<x:y z="{said}"/>'), (CUT,)
    yield "too many digits", _with(f"<x:y>&#{'9' * 100_000};</x:y>"), (CUT, LIMIT)
    yield "zeros before", _with(f"<x:y>&#{'0' * 100_000}65;</x:y>"), (TAKEN, LIMIT, CUT)
    for said in ("&lt;", "&amp;", "&#65;", "&#x1F600;", "&amp;lt;script&amp;gt;"):
        yield f"{said} in a text", _with(f"<x:y>{said}</x:y>"), (TAKEN,)
    yield "a million known ones", _with(f"<x:y>{'&amp;' * 1_000_000}</x:y>"), (TAKEN, LIMIT)
    yield "in a name", GOOD.replace(b"<x:id ", b"<x:&amp;id "), (CUT,)


def _beside() -> Made:
    for name, one in (
        ("comment", "<!---->"),
        ("instruction", "<?p?>"),
        ("xsl", '<?xml-stylesheet href="x"?>'),
    ):
        for count in (1, 1000, 100_000):
            yield f"{count} {name}s in an object", _with(one * count), (TAKEN,)
            yield f"{count} {name}s between objects", _with(one * count, "<x:loesche"), (TAKEN,)
            yield f"{count} {name}s after the root", GOOD + (one * count).encode(), (TAKEN,)
    yield "comment not closed", _with("<!-- x"), (CUT,)
    yield "comment in comment", _with("<!-- <!-- --> -->"), (CUT,)
    yield "xml declared twice", _with('<?xml version="1.0"?>'), (CUT,)
    yield "comment in a value", GOOD.replace(b">5<", b"><!-- 4 -->5<"), (TAKEN,)


def _cut() -> Made:
    for part in range(1, 50):
        yield f"{part} of 50", GOOD[: len(GOOD) * part // 50], (CUT, NO_XML)
    wide = GOOD.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    for part in range(1, 15):
        yield f"{part} of 15, UTF-16", wide[: len(wide) * part // 15], (CUT, NO_XML, "encoding")
    yield "a middle missing", GOOD[:400] + GOOD[900:], (CUT,)


_PLUS = {
    ("UTF-7", said): ("taken 1, rejected 2",) for said in ("UTF-8", "ISO-8859-1", "windows-1252", "Shift_JIS")
}
"""Read as what it is said to be, the plus of its dates is another."""


def _encodings() -> Made:
    known = ("UTF-8", "UTF-16", "UTF-32", "ISO-8859-1", "windows-1252", "CP037", "UTF-7", "Shift_JIS")
    for said in known:
        for meant in known:
            text = GOOD.decode().replace("UTF-8", said, 1)
            yield (
                f"{meant} said to be {said}",
                text.encode(meant, "replace"),
                (*READABLE, *_PLUS.get((meant, said), ())),
            )
    for said in (
        "",
        "x" * 1000,
        "utf-8; rm",
        "../utf-8",
        "EBCDIC",
        "hex",
        "zlib",
        "idna",
        "rot13",
        "unicode_escape",
    ):
        yield f"said to be {said[:20]!r}", GOOD.replace(b"UTF-8", said.encode(), 1), READABLE
    yield "a lone byte", GOOD.replace("ü".encode(), b"\xfc"), (CUT,)
    yield "overlong", GOOD.replace("ü".encode(), b"\xc0\xbc"), (CUT,)
    yield "a surrogate", GOOD.replace("ü".encode(), b"\xed\xa0\x80"), (CUT,)
    yield "a zero byte", GOOD.replace("ü".encode(), b"\0"), (CUT,)


def _roots() -> Made:
    for root in (
        "<html/>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>",
        "<x xmlns='http://xoev.de/schemata/xzufi/1_0_0'/>",
        "<x xmlns='http://xoev.de/schemata/xzufi/3_0_0'/>",
        "<x xmlns='http://xoev.de/schemata/xzufi/2_2_0/'/>",
        "<x xmlns='http://xoev.de/schemata/xzufi/2_2_0' xzufiVersion='9'/>",
        "<x xmlns='http://xoev.de/schemata/xzufi/2_2_0' xzufiVersion='../2.2'/>",
        f"<x xmlns='{'u' * 60_000}'/>",
        "<x/>",
    ):
        yield root[:60], root.encode(), (STRANGE,)
        yield f"{root[:60]} twice", (root * 2).encode(), (STRANGE, CUT)
    yield "two roots", GOOD + BODY.encode(), (CUT,)
    yield "a message in a message", _with(BODY.strip(), "<x:loesche"), (TAKEN,)
    yield "in an envelope", f"<e>{BODY}</e>".encode(), (STRANGE,)
    yield "text after the root", GOOD + b"x", (CUT,)
    yield "text before the root", b"x" + GOOD, (NO_XML, CUT)
    yield "zeros after the root", GOOD + bytes(10_000), (CUT, TAKEN)


def _tiny() -> Made:
    for count in (1000, 100_000):
        yield f"{count} in an object", _with("<x:y/>" * count), (TAKEN,)
        yield f"{count} beside", _with("<x:y/>" * count, "<x:loesche"), (TAKEN,)
    yield "1500000 in an object", _with("<x:y/>" * 1_500_000), (LIMIT,)
    yield "1500000 beside", _with("<x:y/>" * 1_500_000, "<x:loesche"), (LIMIT,)
    yield "3000 empty writes", _with("<x:schreibe/>" * 3000, "<x:loesche"), (TAKEN,)
    yield (
        "3000 empty services",
        _bad("<x:leistung/></x:schreibe><x:schreibe>" * 2999 + "<x:leistung/>"),
        ("taken 3, rejected 3000",),
    )
    yield "50000 heads", _with("<x:nachrichtenkopf/>" * 50_000, "<x:loesche"), (TAKEN,)
    yield "200000 marks in an attribute", _with(f'<x:y z="{"=" * 200_000}"/>'), (TAKEN,)


def _doubles() -> Made:
    yield "an object twice", _bad(service("1")("2.2")), ("taken 4, rejected 0",)
    for count in (2, 50):
        again = "</x:schreibe><x:schreibe>".join([service("1")("2.2")] * count)
        yield f"an object {count} times", _bad(again), (f"taken {3 + count}, rejected 0",)
    for name, inside in (
        ("two ids", '<x:id schemeAgencyID="L1">1</x:id><x:id schemeAgencyID="L2">2</x:id>'),
        ("no agency", "<x:id>1</x:id>"),
        ("an empty id", '<x:id schemeAgencyID="L1"/>'),
        ("an id of spaces", '<x:id schemeAgencyID="L1"> \n </x:id>'),
        ("an id with elements", '<x:id schemeAgencyID="L1"><x:y>1</x:y></x:id>'),
        ("an id with controls", '<x:id schemeAgencyID="L1">1&#9;2&#10;3</x:id>'),
    ):
        yield name, _bad(f"<x:leistung>{inside}</x:leistung>"), (PARTIAL, "taken 4, rejected 0")
    yield "an attribute twice", _with('<x:y z="1" z="2"/>'), (CUT,)
    yield "xml:id twice", _with('<x:y xml:id="a"/><x:y xml:id="a"/>'), (TAKEN, CUT)


def _cdata() -> Made:
    for inside in ("<x:schreibe/>", "<!DOCTYPE x>", "&leak;", "</x:leistung>", "]]", "", "<![CDATA["):
        yield f"{inside!r} in a text", _with(f"<x:y><![CDATA[{inside}]]></x:y>"), (TAKEN,)
        yield f"{inside!r} not closed", _with(f"<x:y><![CDATA[{inside}"), (CUT,)
    yield "its end in a text", _with("<x:y>]]></x:y>"), (CUT,)
    yield "in an attribute", _with('<x:y z="<![CDATA[x]]>"/>'), (CUT,)
    yield "at the root", b"<![CDATA[" + GOOD + b"]]>", (NO_XML, CUT)
    yield "an id of it", GOOD.replace(b">5<", b"><![CDATA[5]]><"), (TAKEN,)
    yield "100000 of them", _with(f"<x:y>{'<![CDATA[x]]>' * 100_000}</x:y>"), (TAKEN,)


def _packed() -> Made:
    whole = gzip.compress(GOOD)
    yield "as it should be", whole, (TAKEN,), True
    yield "two members", gzip.compress(GOOD[:300]) + gzip.compress(GOOD[300:]), (TAKEN,), True
    yield "gzip in gzip", gzip.compress(whole), (NO_XML,), True
    yield "gzip by no name", whole, ("gzip-inside",)
    yield "no gzip by that name", GOOD, ("not-gzip",), True
    yield "a wrong sum", whole[:-8] + bytes(8), ("broken-gzip",), True
    yield "rubbish behind", whole + b"rubbish", ("broken-gzip",), True
    yield "DOCTYPE inside", gzip.compress(b"<!DOCTYPE x>" + BODY.encode()), ("doctype",), True
    for part in range(1, 8):
        yield f"{part} of 8", whole[: len(whole) * part // 8], ("broken-gzip", NO_XML, CUT), True
    for size in (10, 60):
        zeros = gzip.compress(bytes(size * 1024**2))
        yield f"{size} MB of zeros", zeros, (NO_XML, LIMIT), True
        yield f"{size} MB of zeros behind", whole + zeros, (LIMIT, CUT), True
        middle = b" " * (size * 1024**2)
        yield f"{size} MB of spaces", gzip.compress(GOOD[:900] + middle + GOOD[900:], 1), (LIMIT, CUT), True
    yield "many empty members", gzip.compress(b"") * 20_000 + whole, (TAKEN, LIMIT), True
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("message.xml", GOOD)
        packed.writestr("bomb", bytes(20 * 1024**2))
    yield "a zip", archive.getvalue(), (NO_XML,)
    yield "a zip by the name of gzip", archive.getvalue(), ("not-gzip",), True


def _flipped() -> Made:
    dice = random.Random(1)  # noqa: S311 - a test's dice
    for number in range(60):
        data = bytearray(GOOD)
        for _ in range(1 + number // 10):
            data[dice.randrange(len(data))] = dice.randrange(256)
        yield f"{number}", bytes(data), ("doctype", *READABLE, "any")


def verdict(case: Case) -> str:
    """How a file ends: the rule by which it was refused, or how much of it was taken."""
    incoming = Incoming("file", lambda: io.BytesIO(case.data), case.packed, len(case.data))
    taken = rejected = 0
    try:
        with closing(Bounded(incoming, Sizes())) as stream:
            for one in MessageReader(stream, limits=Limits()):
                converted = one.convert() if isinstance(one, Writing) else one
                taken += isinstance(converted, Converted)
                rejected += isinstance(converted, Rejected)
    except RefusedFile as refused:
        return refused.rule
    return f"taken {taken}, rejected {rejected}"


def bound() -> None:
    """Allow so much more memory."""
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + MEMORY, has + MEMORY))


def main() -> None:
    """Read every file, each within its time."""
    bound()
    for case in cases():
        signal.alarm(SECONDS)  # not caught: who takes longer ends the program, and its line is missing
        sys.stdout.write(json.dumps([case.name, verdict(case), case.ends]) + "\n")
        sys.stdout.flush()
        signal.alarm(0)


if __name__ == "__main__":
    main()
