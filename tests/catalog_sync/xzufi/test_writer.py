"""What the writer writes, the reader reads as the same object."""

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    Fee,
    LocalText,
    ServiceEntry,
    TextModule,
    Version,
)
from catalog_sync.xzufi.writer import END, Heading, beginning, sayable, written
from catalog_sync.xzufi.writer_markup import WireVersion
from tests.catalog_sync.xzufi.objects import OBJECTS
from tests.catalog_sync.xzufi.reading import Outcome, read

VERSIONS: tuple[WireVersion, ...] = get_args(WireVersion)
NAME = "a-uuid"


def exported(version: WireVersion, *objects: CatalogObject) -> bytes:
    head = beginning(Heading(version, NAME, 1_772_421_300_000_000, "https://hub.example"))
    return head + b"".join(written(one, version) for one in objects) + END


def again(version: WireVersion, *objects: CatalogObject) -> Outcome:
    return read(exported(version, *objects))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(OBJECTS, st.sampled_from(VERSIONS))
def test_reading_what_was_written_gives_the_object(obj: CatalogObject, version: WireVersion) -> None:
    outcome = again(version, obj)
    assert outcome.rejected == []
    assert outcome.objects == [sayable(obj, version)]
    assert exported(version, *outcome.objects) == exported(version, obj)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=20), st.sampled_from(VERSIONS))
def test_any_text_gives_a_message_that_is_read(text: str, version: WireVersion) -> None:
    """Also one that XML cannot hold; what is read once stays as it is."""
    obj = Authority("L1", "1", names=(LocalText("de", f"A{text}"),), opening_hours=(LocalText("de", text),))
    first = again(version, obj)
    assert len(first.objects) == 1
    assert again(version, *first.objects).objects == first.objects


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "file", ["bund_stammtexte_2_2.xml", "hamburg_2_1.xml", "hessen_2_2.xml", "sachsen_2_3_1.xml"]
)
def test_samples(shared: Path, file: str, version: WireVersion) -> None:
    came = read((shared / "xzufi" / file).read_bytes())
    outcome = again(version, *came.objects)
    assert (outcome.rejected, outcome.notices) == ([], [])
    assert outcome.objects == [sayable(one, version) for one in came.objects]


def _shape(file: bytes) -> dict[str, list[str]]:
    """For each path the order in which its children come."""
    shapes: dict[str, dict[str, None]] = {}
    for one in etree.fromstring(file).iter():
        path = "/".join(etree.QName(up).localname for up in [*reversed(list(one.iterancestors())), one])
        names = shapes.setdefault(path, {})
        for child in one:
            names[etree.QName(child).localname] = None
    return {path: list(names) for path, names in shapes.items()}


@pytest.mark.parametrize(("file", "version"), [("hessen_2_2.xml", "2.2"), ("sachsen_2_3_1.xml", "2.3.1")])
def test_elements_are_those_of_the_samples(shared: Path, file: str, version: WireVersion) -> None:
    """Every path that a sample has is written, and none besides, save what is optional in a head."""
    content = (shared / "xzufi" / file).read_bytes()
    own = _shape(exported(version, *read(content).objects))
    theirs = _shape(content)
    assert set(theirs) - set(own) <= {
        f"transfer.schreibeLoesche.040501/{name}"
        for name in ("nachrichtenkopf/empfaenger", "transaktionID", "transaktionPosition")
    } | {path for path in theirs if path.endswith("/name") and theirs[path] == []}
    assert {path for path in set(own) - set(theirs) if not path.endswith(("/typ", "/klasse"))} <= {
        path for path in own if path.endswith("zugangskanal/code")
    }


def test_the_head_says_what_the_message_is() -> None:
    outcome = again("2.3.1")
    assert outcome.head.version == "2.3.1"
    assert (outcome.head.uuid, outcome.head.created_at) == (NAME, 1_772_421_300_000_000)
    assert outcome.head.sender == "https://hub.example"
    assert again("2.2").head.version == "2.2"


@pytest.mark.parametrize("at", [-62_135_680_000_000_000, 253_402_350_000_000_000, 0, 1])
def test_times_at_the_ends_of_the_calendar(at: int) -> None:
    obj = Authority("L1", "1", names=(LocalText("de", "Amt"),), version=Version(changed_at=at))
    assert again("2.2", obj).objects == [obj]


def test_what_2_2_cannot_say_is_left_out() -> None:
    obj = ServiceEntry(
        "L1",
        "1",
        leika_keys=("99008001012000",),
        modules=(TextModule("03", (LocalText("de", "Titel"),), channel="002"),),
        fees=(Fee("FREE", channel="002"),),
        languages=("de",),
        machine_translated=("de",),
        catalogue_status="5",
    )
    assert again("2.3.1", obj).objects == [obj]
    (less,) = again("2.2", obj).objects
    assert isinstance(less, ServiceEntry)
    assert (less.modules[0].channel, less.fees, less.machine_translated) == (None, (Fee("FREE"),), ())
    assert less.catalogue_status is None
