"""The past against what was seen of it: every answer that was given once is given again for its moment."""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogues import (
    BUSINESS,
    GIESSEN,
    IDENTITY_CARD,
    WETZLAR,
    Catalogue,
    Json,
    catalogue,
    empty,
    files_in,
    opened,
    stored,
    template,
)
from tests.makers import Name, authority, delete, message, online_service, rule, service, specialisation

__all__ = ["catalogue", "stored", "template"]

START = datetime(2026, 1, 31, 20, 0, tzinfo=UTC)
STEP = timedelta(hours=7)
PLACES = (None, "06", "06532", WETZLAR, GIESSEN)
QUERY = """query($asOf: DateTime, $area: Ars, $rules: Ars!) {
  card: service(leikaKey: "99008001012000") { ...all }  business: service(leikaKey: "99050012104000") { ...all } }
fragment all on Service {
  entries(area: $area, asOf: $asOf) { entryId validUntil modules { code text } fees { amount }
    responsibilities(area: $rules) { entryId authority { name } } onlineServices(area: $rules) { startUrl } }
  description(area: $area, asOf: $asOf) { title keywords
    modules { code text provenance { ...from } } fees { amount provenance { ...from } } legalBases { url }
    provenance { ...from } alternatives { entryId title provenance { ...from } } }
  responsibilities(area: $rules, asOf: $asOf) { entryId role matchedLevel explanation provenance { ...from }
    authority { name addresses { city } provenance { ...from } } }
  onlineServices(area: $rules, asOf: $asOf) { entryId startUrl onlineService { name links { url } } } }
fragment from on Provenance { entryId version changedAt receivedAt level inherited approvedBy }"""

AREAS = (["06"], ["06532"], [WETZLAR], ["06532", GIESSEN])
BASE = Name("B100019", "1")
NAMES = (
    ("Leistung", "1"),
    ("Leistung", "2"),
    ("Organisationseinheit", "5"),
    ("Onlinedienst", "4"),
    ("Spezialisierung", "7"),
)

Choice = tuple[int, int, int]
"""What is delivered, of which object, and in which form."""
Delivery = tuple[str, Callable[[str], bytes]]
"""Source, and the message of a time."""


def _changed(form: int) -> str:
    """Some deliveries are older than what is known, and lose."""
    return f"2026-01-{1 + form * 7 % 28:02}T10:00:00Z"


def _description(which: int, form: int) -> Delivery:
    keys = ([IDENTITY_CARD], [BUSINESS], [IDENTITY_CARD, BUSINESS])[form % 3]
    validity = ("2026-01-01", f"2026-02-0{1 + form % 6}") if form % 2 else None
    words = f"Form {form}"
    return _of(
        service(
            str(1 + which % 2),
            keys,
            title=words,
            areas=AREAS[form % 4],
            modules={"08": words},
            fees=[f"{form}.00"],
            keywords=[words],
            validity=validity,
            changed=_changed(form),
        )
    )


def _base_text(which: int, form: int) -> Delivery:
    written = service(BASE, title=f"Bund {form}", areas=["00"], modules={"05": "x"}, changed=_changed(form))
    return "bund", lambda created: message(created=created, writes=[written])


def _authority(which: int, form: int) -> Delivery:
    return _of(authority("5", name=f"Amt {form}", city=f"Ort {form}", changed=_changed(form)))


def _online_service(which: int, form: int) -> Delivery:
    return _of(online_service("4", url=f"https://online.example/{form}", changed=_changed(form)))


def _specialisation(which: int, form: int) -> Delivery:
    told = {"16": f"Form {form}"}
    return _of(specialisation("7", str(1 + which % 2), AREAS[form % 4], modules=told, changed=_changed(form)))


def _rule(which: int, form: int) -> Delivery:
    named = (BASE, str(1 + which % 2))[form % 2]
    return _of(rule(f"6{which % 3}", "5", named, AREAS[form % 4], changed=_changed(form)))


def _offer(which: int, form: int) -> Delivery:
    return _of(rule("9", "4", str(1 + which % 2), AREAS[form % 4], online=True, changed=_changed(form)))


def _deletion(which: int, form: int) -> Delivery:
    name = NAMES[which % len(NAMES)]
    return "hessen", lambda created: message(created=created, deletes=[delete(*name)])


def _of(write: Callable[[str], str]) -> Delivery:
    return "hessen", lambda created: message(created=created, writes=[write])


KINDS = (
    _description,
    _base_text,
    _authority,
    _online_service,
    _specialisation,
    _rule,
    _offer,
    _deletion,
)
CHOICES = st.tuples(st.integers(0, len(KINDS) - 1), st.integers(0, 5), st.integers(0, 11))


async def seen(hub: Catalogue, as_of: str | None) -> list[Json]:
    """Everything that is asked here, at all places."""
    variables = [{"asOf": as_of, "area": place, "rules": place or "00"} for place in PLACES]
    return [await hub.ask(QUERY, one) for one in variables]


async def past_is_what_was_seen(hub: Catalogue, choices: Sequence[Choice]) -> int:
    """Deliver one after the other, remember what the graph answers, and ask for all of it at the end."""
    recorded: list[tuple[str, list[Json]]] = []
    for number, (kind, which, form) in enumerate(choices):
        moment = START + number * STEP
        hub.clock.set(moment)
        source, sent = KINDS[kind](which, form)
        await hub.deliver(source, sent(moment.isoformat()))
        recorded.append((moment.isoformat(), await seen(hub, None)))
    hub.clock.set(START + len(choices) * STEP)
    for moment_text, then in recorded:
        assert await seen(hub, moment_text) == then
    return sum(bool(of["description"]) for _, then in recorded for one in then for of in one.values())


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(choices=st.lists(CHOICES, min_size=2, max_size=10))
def test_what_was_answered_is_answered_again(template: Path, choices: list[Choice]) -> None:
    async def play(folder: Path) -> None:
        async with opened(files_in(folder)) as (catalog, operations):
            await past_is_what_was_seen(empty(catalog, operations, folder), choices)

    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(1) as thread:
        folder = Path(name)
        shutil.copytree(template, folder, dirs_exist_ok=True)
        thread.submit(asyncio.run, play(folder)).result()


@pytest.mark.parametrize("seed", [1, 3, 4])
async def test_long_histories_on_each_database(stored: Catalogue, seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311 - no secret
    choices = [(pick.randrange(len(KINDS)), pick.randrange(6), pick.randrange(12)) for _ in range(25)]
    assert await past_is_what_was_seen(stored, choices) > 0
