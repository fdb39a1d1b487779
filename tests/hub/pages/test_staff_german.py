"""What the journal says is told in German, by rule and with its parameters; in English where no German is known."""

import re
from pathlib import Path
from typing import Any

import pytest

from catalog_sync.journal import OutcomeKind
from catalog_sync.pipeline import compare
from catalog_sync.pipeline.compare import Verdict
from catalog_sync.pipeline.decide import REPLACED
from catalog_sync.pipeline.foreseen import NOT_ALL
from catalog_sync.pipeline.sweep import INCOMPLETE, NOTHING_TAKEN
from catalog_sync.sources.incoming import Incoming, Sizes
from hub.pages.staff.german import OBJECTS
from hub.pages.staff.german_files import FILES
from hub.pages.staff.reasons import Said, sayers
from tests.catalog_sync.pipeline.hub import Hub, file, open_hub, packed
from tests.conftest import Databases
from tests.makers import Name, authority, carried_rule, delete, message, rule, service, specialisation

ROOT = Path(__file__).parents[3]
GERMAN, ENGLISH = sayers("de"), sayers("en")
_WRITTEN = re.compile(
    r'(?:RejectionError|Rejection|RefusedFile|limit_passed|_no_ars)\(\s*f?"([a-z]+(?:-[a-z]+)+)"'
)
_BAD_SERVICE = "<x:leistung><x:id>1</x:id></x:leistung>"


def test_every_rule_that_the_hub_knows_has_its_german() -> None:
    written = set()
    for path in (ROOT / "catalog_sync").rglob("*.py"):
        written |= set(_WRITTEN.findall(path.read_text(encoding="utf-8")))
    assert len(written) > 20
    assert written - {*OBJECTS, *FILES} == set()


def bad_objects() -> bytes:
    """A message in which many rules are broken."""
    nameless = "<x:organisationseinheit><x:id schemeAgencyID='L100042'>u</x:id></x:organisationseinheit>"
    return message(
        writes=[
            _BAD_SERVICE,
            "<x:leistung><x:id schemeAgencyID='L 1'>1</x:id></x:leistung>",
            "<x:leistung><x:id schemeAgencyID='L100042'>a b</x:id></x:leistung>",
            "<x:leistung/>",
            "<x:unfug/>",
            nameless,
            service(Name("L1", "foreign")),
            service("keyless", ()),
            service("words", "nonsense"),
            service("short", "99008"),
            service("eleven", "11008001012000"),
            service("nowhere", areas=["06999"]),
            service("nowheres", areas=["06998", "06999"]),
            service("outside", areas=["14"]),
            service("noarea", areas=["0653"]),
            service("ags", areas=["06532023"]),
            service("letters", areas=["hier"]),
            service("undated", changed="gestern"),
            rule("9", "u", "missing"),
            rule("10", Name("L1", "u"), "missing"),
            specialisation("s", "missing", areas=["06"]),
            authority("u", rules=[carried_rule("a", "1", [])]),
        ],
        deletes=[delete("Unfug", "1"), delete("Leistung", "")],
    )


def all_german(said: Said) -> None:
    assert said.language == "de", said.text
    assert "{" not in said.text


async def test_what_is_rejected_or_waits_is_told_in_german(sqlite_databases: Databases) -> None:
    hub = await open_hub(sqlite_databases)
    report = await hub.deliver(bad_objects())
    told = [one for one in report["objects"] if one["outcome"] in ("rejected", "waiting")]
    rules = {one["rule"] for one in told}
    assert rules >= set(OBJECTS) - {"missing-service", "missing-owner"}, set(OBJECTS) - rules
    for one in told:
        all_german(GERMAN["reason"](one["rule"], one["reason"]))
        all_german(GERMAN["remedy"](one["rule"], one["remedy"]))
        for kind in ("reason", "remedy"):
            assert ENGLISH[kind](one["rule"], one[kind]) == Said(one[kind], "en")


@pytest.mark.parametrize(
    ("rule_", "english", "german"),
    [
        (
            "bad-leika-key",
            "LeiKa key has 5 digits: “99008”",
            "Der Leistungsschlüssel hat 5 Ziffern: „99008“.",
        ),
        ("missing-id", "delete without id", "Löschung ohne Kennung."),
        (
            "missing-reference",
            "It names L1.LB.1 and L1.OE.2, which are not there.",
            "Es nennt L1.LB.1 und L1.OE.2, und die sind noch nicht da.",
        ),
        (
            "missing-owner",
            "responsibility without a readable owner: id “a b” is malformed",
            (
                "Zuständigkeit: die Organisationseinheit oder der Onlinedienst ist nicht lesbar. Die Kennung „a b“ ist nicht "
                "wohlgeformt."
            ),
        ),
        ("foreign-agency", "{x} of y", None),
        ("new-rule", "Something new.", None),
        (None, "Something new.", None),
    ],
)
def test_parameters_keep_their_places(rule_: str | None, english: str, german: str | None) -> None:
    said = GERMAN["reason"](rule_, english)
    assert said == (Said(english, "en") if german is None else Said(german, "de"))


async def test_refused_files_are_told_in_german(sqlite_databases: Databases) -> None:
    hub = await open_hub(sqlite_databases, sizes=Sizes(wire=5000, ratio=3))
    good = message(writes=[service("1")])

    def gone() -> Any:
        raise OSError(2, "No such file or directory")

    files = [
        file(b""),
        file(b"plain"),
        file(b"PK\x03\x04zip"),
        file(good[:-20]),
        file(b"<!DOCTYPE x><x/>"),
        file(b"<?xml version='1.0' encoding='utf-77'?><x/>"),
        file(b"<x/>"),
        file(b"<!--" + b" " * 10_000),
        packed(b"<x>" + b" " * 2_000_000 + b"</x>"),
        file(b"x" * 6000, "a.xml.gz"),
        file(packed(good).open().read()),
        file(good, "b.xml.gz"),
        file(packed(good).open().read()[:-30], "c.xml.gz"),
        Incoming("d.xml", gone, packed=False, size=0),
    ]
    rules = set()
    for one in files:
        report = await hub.deliver(one)
        assert len(report["refused"]) == 1, report
        for refused in report["refused"]:
            rules.add(refused["rule"])
            all_german(GERMAN["reason"](refused["rule"], refused["reason"]))
            all_german(GERMAN["remedy"](refused["rule"], refused["remedy"]))
    assert rules == set(FILES), set(FILES) - rules


async def sentences_of(hub: Hub) -> list[str]:
    first = await hub.deliver(message(created="2026-03-01T00:00:00Z", writes=many(60)), mode="snapshot")
    waits = await hub.deliver(message(created="2026-04-01T00:00:00Z", writes=many(30)), mode="snapshot")
    rehearsed = await hub.deliver(
        message(created="2026-05-01T00:00:00Z", writes=many(30)), mode="snapshot", dry_run=True
    )
    empty = await hub.deliver(message(created="2026-06-01T00:00:00Z"), mode="snapshot")
    assert first["notices"] == []
    return [one["sentence"] for report in (waits, rehearsed, empty) for one in report["notices"]]


def many(number: int) -> list[Any]:
    return [service(f"s{one}") for one in range(number)]


async def test_what_is_said_of_a_run_is_german(sqlite_databases: Databases) -> None:
    hub = await open_hub(sqlite_databases)
    sentences = await sentences_of(hub)
    assert len(sentences) == 3
    said = [GERMAN["run"](one) for one in (*sentences, INCOMPLETE, NOTHING_TAKEN, NOT_ALL)]
    for one in said:
        all_german(one)
    assert "30 von 60 Leistungsbeschreibungen" in said[0].text
    assert ENGLISH["run"](sentences[0]) == Said(sentences[0], "en")
    assert GERMAN["run"]("Something new.") == Said("Something new.", "en")


def test_what_was_decided_of_an_object_is_german() -> None:
    verdicts = [one for one in vars(compare).values() if isinstance(one, Verdict) and one.reason]
    assert len(verdicts) >= 5
    rest = (Verdict(OutcomeKind.GONE, REPLACED), Verdict(OutcomeKind.GONE, "Run x was reverted."))
    for one in (*verdicts, *rest):
        all_german(GERMAN["reason"](None, str(one.reason)))


def test_a_sentence_is_read_quickly_however_long_it_is() -> None:
    hostile = "The snapshot would delete " + "1 of 2 objects of kind LB, " * 20_000
    assert GERMAN["run"](hostile).language == "en"
