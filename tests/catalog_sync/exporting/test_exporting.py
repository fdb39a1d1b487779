"""A hub is a source for the next hub: what one exports, another takes as the same catalogue."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args

import httpx2
import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, select
from starlette.applications import Starlette

from catalog_sync.catalog.keys import EntryKind, parse_ars
from catalog_sync.catalog.model import CatalogObject, ServiceEntry, Specialisation
from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.tables import entry, version
from catalog_sync.endpoints import CATALOG_WRITE, routes
from catalog_sync.export_endpoint import Exports
from catalog_sync.exporting.message import Wanted, opened
from catalog_sync.intake import Intake
from catalog_sync.sources.registry import add_source
from catalog_sync.xzufi.writer import sayable
from catalog_sync.xzufi.writer_markup import WireVersion
from hub.database import Database
from tests.catalogues import (
    AREAS,
    BUNDLES,
    IDENTITY_CARD,
    SERVICES,
    SOURCES,
    WETZLAR,
    Catalogue,
    empty,
    files_in,
)
from tests.catalogues import opened as opened_files
from tests.conftest import SHARED
from tests.makers import AGENCY, Name, authority, carried_rule, delete, message, online_service, rule, service
from tests.makers import specialisation as special

VERSIONS: tuple[WireVersion, ...] = get_args(WireVersion)
HUB = "https://hub.example"
ALL = [agency for _, agency, _ in SOURCES.values()]


async def export(catalog: Database, wanted: Wanted = Wanted("2.3.1")) -> bytes:  # noqa: B008 - frozen
    async with opened(catalog, wanted, HUB) as made:
        return b"".join([chunk async for chunk in made.chunks()])


def body(file: bytes) -> bytes:
    """All but the head."""
    return re.sub(rb"<xzufi:nachrichtenkopf>.*</xzufi:nachrichtenkopf>", b"", file)


def ids(file: bytes, kind: str) -> list[str]:
    found = re.findall(rf"<xzufi:{kind}>(?:<xzufi:ueber.*?)?.*?<xzufi:id [^>]*>([^<]*)<".encode(), file)
    return [one.decode() for one in found]


async def contents(catalog: Database) -> dict[str, CatalogObject]:
    """All live objects by flat identifier."""

    def work(connection: Connection) -> dict[str, CatalogObject]:
        rows = connection.execute(
            select(entry.c.kind, entry.c.agency, entry.c.value, version.c.payload)
            .join(version, version.c.id == entry.c.version_id)
            .where(entry.c.live)
        )
        return {f"{a}.{EntryKind.numbered(k).value}.{v}": unpack(bytes(p)) for k, a, v, p in rows}

    return await catalog.read(work)


@asynccontextmanager
async def next_hub(folder: Path, fill: Callable[[Catalogue], Any]) -> AsyncIterator[Catalogue]:
    """A second hub over SQLite, with the source ``upstream`` that may write all agencies everywhere."""
    async with opened_files(files_in(folder)) as (catalog, operations):
        made = empty(catalog, operations, folder)
        await fill(made)
        await made.catalog.write(
            partial(add_source, key="upstream", name="Oben", agencies=ALL, areas=["00"], now=1)
        )
        yield made


@pytest.fixture
def second_folder(sqlite_files: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "second"
    shutil.copytree(sqlite_files, folder)
    return folder


async def filled(made: Catalogue) -> None:
    """A catalogue in which every kind of object is in every kind of state."""
    await made.deliver(
        "hessen",
        message(
            writes=[
                service("1", title={"de": "A & B <x>", "en": "C"}, fees=["37.00", ("1", "2"), None]),
                service("2", areas=()),
                service("3", changed=None, modules={"05": "<p>kurz</p>"}),
                service("gone"),
                authority("10", rules=[carried_rule("100", "1", [WETZLAR]), carried_rule("101", "1")]),
                authority("11", rules=[carried_rule("102", "1", role="03")]),
                authority("12"),
                online_service("20", rules=[carried_rule("103", "1", online=True)]),
                rule("104", "12", "2"),
                rule("105", "12", "missing"),
                rule("106", "12", Name("B100019", "5"), [WETZLAR]),
                special("30", "1", [WETZLAR]),
            ]
        ),
    )
    await made.deliver(
        "hessen",
        message(
            created="2026-03-03T00:00:00+01:00",
            writes=[
                rule("101", "12", "1", changed="2026-03-03T00:00:00+01:00"),  # not as the unit carries it
            ],
            deletes=[delete("Leistung", "gone"), delete("Zustaendigkeit", "102")],
        ),
    )
    await made.deliver("bund", message(writes=[service(Name("B100019", "5"), areas=["000000000000"])]))


QUESTION = """query($key: LeikaKey!, $area: Ars!) { service(leikaKey: $key) { entries(area: $area) { entryId title
    fees { kind amount minimum maximum } validIn { ars } modules { code language text }
    responsibilities(area: $area) { role authority { entryId } matchedLevel }
    onlineServices(area: $area) { matchedLevel onlineService { entryId } } } }
  catalogue { counts { kind live } } }"""


async def answers(made: Catalogue, *areas: str) -> list[Any]:
    return [await made.ask(QUESTION, {"key": IDENTITY_CARD, "area": area}) for area in areas]


async def basics(made: Catalogue) -> None:
    """The same places and services as the first hub's."""
    await made.areas(made.written("areas_2026-01-01.csv", AREAS))
    await made.services(made.written("services.csv", SERVICES), made.written("bundles.csv", BUNDLES))


@pytest.mark.parametrize("wire", VERSIONS)
async def test_the_next_hub_answers_the_same(
    stored: Catalogue, second_folder: Path, wire: WireVersion
) -> None:
    await filled(stored)
    first = await export(stored.catalog, Wanted(wire))
    async with next_hub(second_folder, basics) as second:
        report = await second.deliver("upstream", first, mode="snapshot")
        assert report["counts"]["rejected"] == 0
        assert not report["notices"]
        assert await answers(second, WETZLAR, "06", "02") == await answers(stored, WETZLAR, "06", "02")
        assert body(await export(second.catalog, Wanted(wire))) == body(first)
        again = await second.deliver("upstream", first, mode="snapshot")
        assert (again["counts"]["added"], again["counts"]["changed"], again["counts"]["gone"]) == (0, 0, 0)


async def test_contents_are_the_same_but_for_areas_and_rules_that_changed_hands(
    stored: Catalogue, second_folder: Path
) -> None:
    await filled(stored)
    async with next_hub(second_folder, basics) as second:
        await second.deliver("upstream", await export(stored.catalog), mode="snapshot")
        before, after = await contents(stored.catalog), await contents(second.catalog)
    assert set(before) == set(after)
    different = {name for name in before if before[name] != after[name]}
    assert different == {f"{AGENCY}.LB.2", f"{AGENCY}.OE.10", f"{AGENCY}.OE.11"}
    described = after[f"{AGENCY}.LB.2"]
    assert isinstance(described, ServiceEntry)
    assert described.areas == (parse_ars("06"),), (
        "where its source writes, for the next hub's writes elsewhere"
    )


async def test_deletes_and_what_a_unit_no_longer_carries_are_not_exported(stored: Catalogue) -> None:
    await filled(stored)
    file = await export(stored.catalog)
    assert b"loesche klasse" not in file
    assert b">gone<" not in file
    assert b">102<" not in file
    assert [file.count(f">{one}</xzufi:id>".encode()) for one in (100, 101, 103, 104, 105)] == [1] * 5


async def test_only_what_touches_an_area(stored: Catalogue) -> None:
    """Above, below and the same; authorities and online services by their rules."""
    await filled(stored)
    everything = await export(stored.catalog)
    saxon = await export(stored.catalog, Wanted("2.2", parse_ars("14")))
    wetzlar = await export(stored.catalog, Wanted("2.2", parse_ars(WETZLAR)))
    giessen = await export(stored.catalog, Wanted("2.2", parse_ars("06531")))
    assert ids(everything, "leistung") == ["5", "1", "2", "3"]
    assert ids(saxon, "leistung") == ["5"]
    assert ids(saxon, "organisationseinheit") == []
    assert ids(wetzlar, "leistung") == ["5", "1", "2", "3"]
    assert ids(wetzlar, "spezialisierung") == ["30"]
    assert ids(giessen, "spezialisierung") == []
    assert ids(wetzlar, "organisationseinheit") == ["10", "12"]
    assert ids(giessen, "organisationseinheit") == ["12"]
    assert ids(giessen, "onlinedienst") == ["20"]


async def test_only_what_a_source_delivered(stored: Catalogue) -> None:
    await filled(stored)
    assert ids(await export(stored.catalog, Wanted("2.2", source="bund")), "leistung") == ["5"]


@pytest.mark.parametrize("wire", VERSIONS)
async def test_the_shared_samples(
    databases: Any, tmp_path: Path, second_folder: Path, wire: WireVersion
) -> None:
    """Import, export, import gives the same catalogue; the export of that is the same, byte for byte."""
    if not SHARED.is_dir():
        pytest.skip("the sample data beside the repository is not there")

    async def lists(made: Catalogue) -> None:
        await made.areas(SHARED / "areas/ars_2026-04-30.csv")
        await made.services(SHARED / "ozg/leika_leistungen.csv", SHARED / "ozg/ozg_leistungen.csv")

    first = empty(databases.catalog, databases.operations, tmp_path)
    await lists(first)
    for key, (name, agency, area) in SOURCES.items():
        await first.source(key, name, agency, area)
    names = ("bund:bund_stammtexte_2_2", "hessen:hessen_2_2", "sachsen:sachsen_2_3_1", "hamburg:hamburg_2_1")
    for source, file in (one.split(":") for one in (*names, "hessen:hessen_delta_2_2")):
        await first.deliver(source, SHARED / "xzufi" / f"{file}.xml")
    file_1 = await export(first.catalog, Wanted(wire))
    async with next_hub(second_folder, lists) as second:
        report = await second.deliver("upstream", file_1, mode="snapshot")
        assert (report["counts"]["rejected"], report["notices"]) == (0, [])
        before, after = await contents(first.catalog), await contents(second.catalog)
        assert {name: sayable(_filled_in(one), wire) for name, one in before.items()} == after
        assert await answers(second, WETZLAR, "14", "02") == await answers(first, WETZLAR, "14", "02")
        assert body(await export(second.catalog, Wanted(wire))) == body(file_1)


def _filled_in(obj: CatalogObject) -> CatalogObject:
    if isinstance(obj, ServiceEntry | Specialisation) and not obj.areas:
        areas = {agency: parse_ars(area) for _, agency, area in SOURCES.values()}
        return replace(obj, areas=(areas[obj.agency],))
    return obj


@dataclass(frozen=True)
class Grant:
    source: str
    scopes: frozenset[str] = frozenset({CATALOG_WRITE})


class Tokens:
    async def verify(self, token: str) -> Grant | None:
        return Grant("upstream") if token == "vhs_upstream" else None


def client(app: Starlette) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://localhost")


async def test_one_hub_pushes_to_the_next(stored: Catalogue, second_folder: Path) -> None:
    """Over HTTP, twice: what went from the first goes from the second."""
    await filled(stored)
    async with (
        next_hub(second_folder, basics) as second,
        client(Starlette(routes=Exports(stored.catalog, HUB).routes())) as upper,
    ):
        intake = Intake(second.pipeline, Tokens())
        async with client(Starlette(routes=routes(intake))) as lower:

            async def pass_on() -> Any:
                taken = await upper.get("/export/xzufi", params={"version": "2.2"})
                pushed = await lower.post(
                    "/sync/upstream/messages?mode=snapshot",
                    content=taken.content,
                    headers={"Authorization": "Bearer vhs_upstream", "Content-Type": "application/xml"},
                )
                assert pushed.status_code == 200
                return pushed.json()

            assert (await pass_on())["counts"]["added"] == len(await contents(stored.catalog)) - 1
            late = message(created="2026-03-04T00:00:00+01:00", deletes=[delete("Leistung", "3")])
            stored.clock.now += 100
            await stored.deliver("hessen", late)
            assert (await pass_on())["counts"]["gone"] == 1
            assert set(await contents(second.catalog)) == set(await contents(stored.catalog))


@pytest.fixture
async def caller(stored: Catalogue) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(Starlette(routes=Exports(stored.catalog, HUB).routes())) as made:
        yield made


async def test_the_answer(stored: Catalogue, caller: httpx2.AsyncClient) -> None:
    await filled(stored)
    plain = await caller.get("/export/xzufi?version=2.2&area=06", headers={"Accept-Encoding": "identity"})
    assert plain.status_code == 200
    assert plain.headers["content-type"] == "application/xml"
    assert plain.headers["content-disposition"] == 'attachment; filename="xzufi-2.2-060000000000.xml"'
    assert plain.content == await export(stored.catalog, Wanted("2.2", parse_ars("06")))
    packed = await caller.get("/export/xzufi?version=2.2&area=06", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    head = await caller.head("/export/xzufi?version=2.2&area=06")
    assert (head.status_code, head.content) == (200, b"")


async def test_the_tag_changes_with_the_data(stored: Catalogue, caller: httpx2.AsyncClient) -> None:
    await filled(stored)
    first = await caller.get("/export/xzufi")
    same = await caller.get("/export/xzufi", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    other = await caller.get("/export/xzufi?version=2.2", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    await stored.deliver("hessen", message(writes=[service("new")]))
    later = await caller.get("/export/xzufi", headers={"If-None-Match": first.headers["etag"]})
    assert later.status_code == 200
    assert (await caller.get("/export/xzufi")).content == later.content, "the same state, the same bytes"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("version=2.1", 400, "BAD_VERSION"),
        ("area=06414000", 400, "BAD_ARS"),
        ("source=nobody", 404, "UNKNOWN_SOURCE"),
    ],
)
async def test_what_cannot_be_exported(
    caller: httpx2.AsyncClient, query: str, status: int, code: str
) -> None:
    answer = await caller.get(f"/export/xzufi?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


async def test_too_many_at_once(stored: Catalogue) -> None:
    exports = Exports(stored.catalog, HUB, at_once=1)
    async with client(Starlette(routes=exports.routes())) as made:
        async with exports.opened(Wanted("2.2")):
            busy = await made.get("/export/xzufi")
        free = await made.get("/export/xzufi")
    assert (busy.status_code, busy.json()["code"]) == (503, "EXPORT_BUSY")
    assert "retry-after" in busy.headers
    assert free.status_code == 200


async def test_an_empty_catalogue_is_an_empty_message(stored: Catalogue) -> None:
    file = await export(stored.catalog)
    assert b"schreibe>" not in file
    assert file.endswith(b"</xzufi:transfer.schreibeLoesche.040501>\n")


def _scope() -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": "/export/xzufi",
        "query_string": b"",
        "headers": [],
        "root_path": "",
    }


async def test_nothing_is_written_for_a_caller_who_has_gone(stored: Catalogue) -> None:
    await filled(stored)
    exports, sent = Exports(stored.catalog, HUB), list[Any]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        await asyncio.sleep(0)
        sent.append(message)

    await Starlette(routes=exports.routes())(_scope(), receive, send)
    assert len(sent) < 5
    assert not any(b"schreibe>" in one.get("body", b"") for one in sent)


async def test_a_caller_who_takes_nothing_loses_the_export(stored: Catalogue) -> None:
    """And makes room for the next."""
    exports = Exports(stored.catalog, HUB, at_once=1, stalled=0.05)

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    app = Starlette(routes=exports.routes())
    with pytest.raises(TimeoutError):
        await app(_scope(), receive, send)
    async with client(app) as made:
        assert (await made.get("/export/xzufi")).status_code == 200
