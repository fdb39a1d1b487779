"""The sample messages beside the repository, and the facts about them that a reader must know."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog_sync.catalog.keys import ars_of
from catalog_sync.catalog.markup import plain_text
from catalog_sync.catalog.model import Authority, CatalogObject, OnlineService, ServiceEntry
from catalog_sync.xzufi.refused import RefusedFile
from tests.catalog_sync.xzufi.reading import Outcome, read

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "xzufi"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample data is not beside the repository"),
]
CLASSES = {"leistung": "LB", "organisationseinheit": "OE", "onlinedienst": "OD"}


def _read(name: str) -> Outcome:
    return read((SAMPLES / name).read_bytes())


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("bund_stammtexte_2_2.xml", (26, 2, 1, 3, 0, 0)),
        ("hessen_2_2.xml", (16, 16, 5, 50, 2, 0)),
        ("sachsen_2_3_1.xml", (9, 8, 2, 17, 0, 0)),
        ("hamburg_2_1.xml", (8, 4, 2, 11, 0, 0)),
        ("hessen_delta_2_2.xml", (3, 1, 0, 2, 0, 6)),
    ],
)
def test_counts(name: str, counts: tuple[int, ...]) -> None:
    outcome = _read(name)
    found = Counter(writing.kind.value for writing in outcome.writings)
    assert (*(found[kind] for kind in ("LB", "OE", "OD", "ZS", "SP")), len(outcome.deletions)) == counts
    assert not outcome.rejected
    assert not outcome.notices
    assert len(outcome.objects) == sum(counts[:5])


def _titles(entry: ServiceEntry, language: str) -> str | None:
    texts = {
        (module.code, text.language): plain_text(text.text)
        for module in entry.modules
        for text in module.contents
    }
    return texts.get(("03", language)) or texts.get(("02", language))


def _text(entry: ServiceEntry, of: dict[str, Any]) -> str:
    return next(
        plain_text(text.text)
        for module in entry.modules
        for text in module.contents
        if (module.code, text.language) == (of["module"], of["lang"])
    )


def _languages(entry: ServiceEntry) -> list[str]:
    return sorted({text.language for module in entry.modules for text in module.contents})


def _fees(entry: ServiceEntry) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for one in entry.fees:
        fields = {"amount": one.amount, "min": one.minimum, "max": one.maximum, "currency": one.currency}
        found.append({"kind": one.kind.lower(), **{name: value for name, value in fields.items() if value}})
    return found


def _deadlines(entry: ServiceEntry) -> list[dict[str, Any]]:
    return [
        {"amount": one.duration.amount, "unit": one.duration.unit}
        if one.duration
        else {"from": one.begins, "to": one.ends}
        for one in entry.deadlines
    ]


def _processing(entry: ServiceEntry) -> list[dict[str, Any]]:
    found = []
    for one in entry.processing_times:
        fields = {"amount": one.amount, "unit": one.unit, "amountTo": one.amount_to, "unitTo": one.unit_to}
        found.append({name: value for name, value in fields.items() if value is not None})
    return found


def _address(unit: Authority, of: dict[str, Any]) -> dict[str, str | None]:
    one = next(address for address in unit.addresses if address.type_code == of["type"])
    return {
        "strasse": one.street,
        "hausnummer": one.house_number,
        "postleitzahl": one.postcode,
        "ort": one.city,
    }


FACTS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "title": lambda entry, of: _titles(entry, of["lang"]),
    "text": _text,
    "languages": lambda entry, _: _languages(entry),
    "keys": lambda entry, _: list(entry.leika_keys),
    "typing": lambda entry, _: list(entry.regulatory_types),
    "areas": lambda entry, _: [ars_of(area) for area in entry.areas],
    "fees": lambda entry, _: _fees(entry),
    "deadlines": lambda entry, _: _deadlines(entry),
    "processing": lambda entry, _: _processing(entry),
    "trust": lambda entry, _: entry.assurance,
    "terms": lambda entry, _: [one.text for one in entry.keywords],
    "link": lambda unit, of: next(link.url for link in unit.links if link.language == of["lang"]),
    "name": lambda unit, of: next(name.text for name in unit.names if name.language == of["lang"]),
    "address": _address,
    "contact": lambda unit, of: next(one.value for one in unit.contacts if one.channel_code == of["channel"]),
}


def _objects(names: list[str]) -> dict[tuple[str, str, str], CatalogObject]:
    found: dict[tuple[str, str, str], CatalogObject] = {}
    for name in names:
        outcome = _read(name)
        for writing, obj in zip(outcome.writings, outcome.objects, strict=True):
            found[writing.kind.value, writing.agency, writing.value] = obj
        for deletion in outcome.deletions:
            del found[deletion.kind.value, deletion.agency, deletion.value]
    return found


def test_every_fact_that_reading_alone_can_state() -> None:
    expected = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    sets = {name: _objects(files) for name, files in expected["sets"].items()}
    looked_at = 0
    for fact in expected["facts"]:
        state = FACTS.get(fact["kind"])
        if state is None:
            continue
        of = fact["of"]
        obj = sets[fact["set"]][CLASSES[of.get("class", "leistung")], of["id"][0], of["id"][1]]
        assert isinstance(obj, ServiceEntry | Authority | OnlineService)
        stated = state(obj, of)
        if "contains" in fact:
            assert fact["contains"] in stated, fact
        else:
            assert stated == fact["expect"], fact
        looked_at += 1
    assert looked_at >= 39


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("not_well_formed", "not-well-formed"),
        ("xxe_external_entity", "doctype"),
        ("billion_laughs", "doctype"),
    ],
)
def test_broken_files_are_refused_whole(name: str, rule: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        _read(f"broken/{name}.xml")
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("name", "rule", "value", "reason"),
    [
        ("wrong_leika_key", "bad-leika-key", "99904", "LeiKa key has 13 digits"),
        ("missing_id", "missing-id", None, "service without id"),
        ("bad_date", "bad-version-date", "99906", "erstelltDatumZeit “2025-13-45T25:00:00”"),
    ],
)
def test_one_broken_object_does_not_cost_its_neighbours(
    name: str, rule: str, value: str | None, reason: str
) -> None:
    outcome = _read(f"broken/{name}.xml")
    (rejected,) = outcome.rejected
    assert (rejected.rule, rejected.value, len(outcome.objects)) == (rule, value, 1)
    assert reason in rejected.reason
    assert rejected.line > 40
