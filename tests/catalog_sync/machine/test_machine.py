"""Deliveries doubled, reordered, cut, died, confirmed, taken back: the catalogue is that of the set of messages.

And what it exports is the same catalogue in an empty hub. `HUB_TEST_LONG` says how many sequences there are to be; with
`--hypothesis-seed` they are others.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, TypeVar, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace
from sqlalchemy import Connection, make_url, select

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.model import Authority, OnlineService
from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.tables import entry, metadata, version
from catalog_sync.exporting.message import Wanted
from catalog_sync.journal import Run as Told
from catalog_sync.journal import RunState, runs_of
from catalog_sync.operations import metadata as operations
from catalog_sync.pipeline import revert, steps, sweep
from catalog_sync.pipeline.confirm import NotConfirmed
from catalog_sync.pipeline.steps import Mode
from catalog_sync.xzufi.writer_markup import WireVersion
from hub.database import open_database
from hub.migrations import METADATA
from hub.sqlite_database import SqliteDatabase
from tests.catalog_sync.exporting.test_exporting import export
from tests.catalog_sync.machine.model import Model, Name, Run, Shown, file_of
from tests.catalog_sync.pipeline.hub import Hub, file, open_hub
from tests.catalog_sync.pipeline.test_order import emptied
from tests.catalog_sync.pipeline.test_resume import Killed, heir, mortal
from tests.conftest import Databases
from tests.makers import (
    Write,
    authority,
    carried_rule,
    delete,
    message,
    online_service,
    service,
    specialisation,
)
from tests.makers import rule as responsibility

T = TypeVar("T")
LONG = int(os.environ.get("HUB_TEST_LONG", "0"))
FEW = 2
_IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - thousands of databases, each to be synced
DATES = (None, "2025-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2030-01-01T00:00:00Z")
DELETES = (
    ("Leistung", "1"),
    ("Leistung", "2"),
    ("Leistung", "3"),
    ("Organisationseinheit", "u"),
    ("Organisationseinheit", "w"),
    ("Onlinedienst", "o"),
    ("Zustaendigkeit", "a"),
    ("Zustaendigkeit", "b"),
    ("Zustaendigkeit", "c"),
    ("LeistungSpezialisierung", "4"),
)
NOBODYS = "<x:leistung><x:id>nobody's</x:id></x:leistung>"
dates, titles, numbers = st.sampled_from(DATES), st.sampled_from("AB"), st.sampled_from("123")


@st.composite
def insides(draw: st.DrawFn, areas: list[str], *, online: bool) -> list[Write]:
    """Rules inside a unit; the same ones move from unit to unit."""
    names = sorted(draw(st.sets(st.sampled_from("ab"))))
    told = [areas, areas, areas, ()]
    return [
        carried_rule(one, draw(numbers), draw(st.sampled_from(told)), online=online, changed=draw(dates))
        for one in names
    ]


@st.composite
def writes(draw: st.DrawFn) -> Write | str:
    which = draw(
        st.sampled_from(["service", "service", "unit", "unit", "online", "rule", "specialisation", "bad"])
    )
    date, title, number = draw(dates), draw(titles), draw(numbers)
    areas = ["06532"] if title == "A" else ["064"]
    match which:
        case "service":
            return service(number, title=title, changed=date, areas=["06"])
        case "unit":
            unit = draw(st.sampled_from("uw"))
            return authority(unit, title, rules=draw(insides(areas, online=False)), changed=date)
        case "online":
            return online_service("o", title, rules=draw(insides(areas, online=True)), changed=date)
        case "rule":
            name, owner = draw(st.sampled_from("abc")), draw(st.sampled_from("uwo"))
            return responsibility(name, owner, number, areas, online=owner == "o", changed=date)
        case "specialisation":
            return specialisation("4", number, modules={"05": title}, changed=date)
        case _:
            bad: list[Write | str] = [NOBODYS, service(number, changed="once"), authority("u", None)]
            return draw(st.sampled_from(bad))


@st.composite
def contents(draw: st.DrawFn) -> tuple[tuple[Write | str, ...], tuple[str, ...]]:
    written = draw(st.lists(writes(), max_size=5))
    deleted = draw(st.lists(st.sampled_from(DELETES), max_size=2))
    return tuple(written), tuple(delete(*one) for one in deleted)


class _Direct(SqliteDatabase):
    """A database that does all in the caller's thread, on connections that stay: others are at it never."""

    def __init__(self, url: str) -> None:
        super().__init__(make_url(url))
        self._reader: Connection | None = None

    async def write(self, work: Callable[[Connection], T]) -> T:
        return self._write(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        self._reader = self._reader or self._reader_engine.connect()
        with self._reader.begin():
            return work(self._reader)

    async def close(self) -> None:
        """Close only the files: what SQLAlchemy has compiled serves the next sequence."""
        for one in (self._reader, self._writer, *(idle for _, idle in self._idle)):
            if one is not None:
                one.close()
        self._reader = self._writer = None
        self._idle.clear()


def _stage(folder: Path) -> Databases:
    urls = {name: f"sqlite:///{folder / name}.db" for name in METADATA}
    return Databases(**{name: _Direct(url) for name, url in urls.items()}, urls=urls)


modes: st.SearchStrategy[Mode] = st.sampled_from(["delta", "delta", "snapshot"])


class Machine(RuleBasedStateMachine):
    """A hub and the model, given the same."""

    urls: dict[str, str] | None = None
    empty: Path
    stage: Databases
    """Files for the hub."""
    next_stage: Databases
    """Files for the hub that imports what the first exports."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.sent: list[tuple[bytes, ...]] = []
        self.modes: list[Mode] = []
        self.times = set(range(1, 60))
        self.patched = pytest.MonkeyPatch()
        self.patched.setattr(steps, "BATCH", 2)
        self.patched.setattr(revert, "_TOGETHER", 2)
        self.patched.setattr(sweep, "FEW", FEW)
        self.loop = asyncio.Runner()
        self.databases: Databases | None = None
        self.exported = False

    @initialize()
    def begin(self) -> None:
        if self.urls is None:
            self.databases = self._emptied(self.stage)
        else:
            opened = {name: open_database(url) for name, url in self.urls.items()}
            self.databases = Databases(**opened, urls=self.urls)
        self.hub = self.loop.run(self._begun(self.databases))

    def _emptied(self, stage: Databases) -> Databases:
        for name, url in stage.urls.items():
            path = Path(url.removeprefix("sqlite:///"))
            for beside in ("-wal", "-shm"):
                path.with_name(path.name + beside).unlink(missing_ok=True)
            shutil.copy(self.empty / f"{name}.db", path)
        return stage

    async def _begun(self, databases: Databases) -> Hub:
        if self.urls is not None:
            await databases.catalog.write(lambda c: emptied(c, metadata))
            await databases.operations.write(lambda c: emptied(c, operations))
        return await open_hub(databases, recognised_from=1)

    def teardown(self) -> None:
        if self.databases is not None:
            self.loop.run(closed(self.databases))
        self.loop.close()
        self.patched.undo()

    @rule(content=contents(), at=st.integers(0, 58), mode=modes)
    def deliver_a_message(self, content: Any, at: int, mode: Mode) -> None:
        self._deliver((self._made(content, at),), mode)

    @rule(made=st.lists(st.tuples(contents(), st.integers(0, 58)), min_size=2, max_size=2), mode=modes)
    def deliver_two_files(self, made: list[Any], mode: Mode) -> None:
        self._deliver(tuple(self._made(content, at) for content, at in made), mode)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 50), mode=modes)
    def repeat(self, which: int, mode: Mode) -> None:
        self._deliver(self.sent[which % len(self.sent)], mode)

    @precondition(lambda self: self.sent)
    @rule(times=st.integers(1, 2))
    def repeat_the_last(self, times: int) -> None:
        for _ in range(times):
            self._deliver(self.sent[-1], self.modes[-1])

    @precondition(lambda self: self.sent)
    @rule(commit=st.integers(1, 4), after=st.booleans())
    def die_repeating_the_last(self, commit: int, after: bool) -> None:
        contents, mode = self.sent[-1], self.modes[-1]
        process, _ = mortal(self.hub, commit, after=after)
        with suppress(Killed):
            self.loop.run(self._by(process, contents, mode))
        self.loop.run(self._by(heir(self.hub), contents, mode))
        self._sent(contents, mode)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 50), part=st.floats(0.01, 0.99), mode=modes)
    def cut_a_file_short(self, which: int, part: float, mode: Mode) -> None:
        *whole, last = self.sent[which % len(self.sent)]
        self._deliver((*whole, last[: int(len(last.rstrip(b"> \n")) * part)]), mode)

    @rule(
        content=contents(), at=st.integers(0, 58), mode=modes, commit=st.integers(1, 14), after=st.booleans()
    )
    def die_and_call_again(self, content: Any, at: int, mode: Mode, commit: int, after: bool) -> None:
        contents = (self._made(content, at),)
        process, _ = mortal(self.hub, commit, after=after)
        with suppress(Killed):
            self.loop.run(self._by(process, contents, mode))
        self.loop.run(self._by(heir(self.hub), contents, mode))
        self._sent(contents, mode)

    async def _by(self, pipeline: Any, contents: Sequence[bytes], mode: Mode) -> None:
        try:
            await pipeline.deliver("hessen", [file(one) for one in contents], mode=mode)
        except Killed as killed:
            raise Killed from killed

    @rule(content=contents(), at=st.integers(0, 58), mode=modes)
    def rehearse(self, content: Any, at: int, mode: Mode) -> None:
        made = self._made(content, at)
        self.loop.run(self.hub.deliver(made, mode=mode, dry_run=True))

    @precondition(lambda self: self._in(RunState.TO_CONFIRM))
    @rule(which=st.integers(0, 50))
    def confirm(self, which: int) -> None:
        waiting = self._in(RunState.TO_CONFIRM)
        told = waiting[which % len(waiting)]
        run = self.model.runs[told.id]
        expected = self.model.doomed(run)
        if run.reverted or expected != dict(told.doomed or {}):
            with pytest.raises(NotConfirmed):
                self.loop.run(self.hub.pipeline.confirm(told.id))
        else:
            self.loop.run(self.hub.pipeline.confirm(told.id))
            run.swept = True
            self.exported = False

    @precondition(lambda self: self._revertible())
    @rule(which=st.integers(0, 50), commit=st.integers(1, 30))
    def take_back(self, which: int, commit: int) -> None:
        runs = self._revertible()
        run = runs[which % len(runs)]
        process, _ = mortal(self.hub, commit, after=True)
        try:
            self.loop.run(process.revert(run))
        except Killed:
            for delivery in self.loop.run(heir(self.hub).accepted()):
                self.loop.run(heir(self.hub).work(delivery))
        self.model.runs[run].reverted = True
        self.exported = False

    @precondition(lambda self: self.sent and not self.exported)
    @rule(wire=st.sampled_from(get_args(WireVersion)))
    def export_and_import_into_an_empty_hub(self, wire: WireVersion) -> None:
        assert self.loop.run(self._next_hub(wire)) == self.loop.run(_told_by(self.hub))
        self.exported = True

    async def _next_hub(self, wire: WireVersion) -> Any:
        databases = self._emptied(self.next_stage)
        try:
            hub = await open_hub(databases)
            report = await hub.deliver(await export(self.hub.databases.catalog, Wanted(wire)))
            assert report["counts"]["rejected"] == 0, report
            return await _told_by(hub)
        finally:
            await closed(databases)

    @invariant()
    def the_catalogue_is_that_of_the_set_of_messages(self) -> None:
        if self.databases is None:
            return
        assert self.loop.run(self.databases.catalog.read(_shown)) == self.model.shown()
        links = self.loop.run(self.hub.links())
        assert {(service, owner, area) for service, owner, _, area in links} == self.model.edges()

    def _made(self, content: Any, at: int) -> bytes:
        """A message of a time that no other has."""
        time = sorted(self.times)[at % len(self.times)]
        self.times.discard(time)
        written, deleted = content
        minute = f"2026-03-01T{time // 10:02}:{time % 10:02}:00Z"
        return message(created=minute, writes=written, deletes=deleted)

    def _deliver(self, contents: tuple[bytes, ...], mode: Mode) -> None:
        self.loop.run(self.hub.deliver(*contents, mode=mode))
        self._sent(contents, mode)

    def _sent(self, contents: tuple[bytes, ...], mode: Mode) -> None:
        """Tell the model of the runs that came to their end by this delivery."""
        self.sent.append(contents)
        self.modes.append(mode)
        self.exported = False
        for told in self._told():
            known = told.id in self.model.runs or told.dry_run or told.reverts is not None
            if known or told.state in (RunState.RECEIVING, RunState.REFUSED):
                continue
            run = Run([file_of(one) for one in contents], mode)
            self.model.runs[told.id] = run
            waits = run.sweeps and self.model.objects_to(run, FEW)
            assert told.state is (RunState.TO_CONFIRM if waits else RunState.FINISHED)
            assert not waits or dict(told.doomed or {}) == self.model.doomed(run)
            run.swept = run.sweeps and not waits

    def _told(self) -> list[Told]:
        runs = self.loop.run(self.databases.operations.read(lambda c: runs_of(c, "hessen")))  # type: ignore[union-attr]
        return sorted(runs, key=lambda run: run.created_at)

    def _in(self, state: RunState) -> list[Told]:
        return [run for run in self._told() if run.state is state and not run.dry_run and not run.reverts]

    def _revertible(self) -> list[str]:
        return [id_ for id_, run in self.model.runs.items() if not run.reverted]


async def closed(databases: Databases) -> None:
    for one in (databases.catalog, databases.identity, databases.operations):
        await one.close()


async def _told_by(hub: Hub) -> Any:
    """What answers are made of: of the rules that a unit names, only those that are live make one."""
    shown = await hub.databases.catalog.read(_shown)
    bare = {
        name: replace(one.obj, responsibilities=(), withheld=())
        if isinstance(one.obj, Authority | OnlineService)
        else one.obj
        for name, one in shown.items()
    }
    return bare, {name: one.waiting for name, one in shown.items()}, await hub.links()


def _shown(connection: Connection) -> dict[Name, Shown]:
    rows = connection.execute(
        select(entry.c.kind, entry.c.value, entry.c.waiting, version.c.payload)
        .join(version, version.c.id == entry.c.version_id)
        .where(entry.c.live)
    )
    return {
        (EntryKind.numbered(row.kind).value, row.value): Shown(unpack(row.payload), row.waiting)
        for row in rows
    }


@pytest.fixture
def stages(sqlite_files: Path) -> Iterator[dict[str, Any]]:
    with ExitStack() as stack:
        folders = [stack.enter_context(tempfile.TemporaryDirectory(dir=_IN_MEMORY)) for _ in range(2)]
        first, second = (_stage(Path(folder)) for folder in folders)
        yield {"empty": sqlite_files, "stage": first, "next_stage": second}


def _run(machine: type[Machine], examples: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=checks,
        ),
    )


def test_any_sequence_gives_the_catalogue_of_its_messages(stages: dict[str, Any]) -> None:
    _run(type("Sqlite", (Machine,), stages), LONG or 25, 12 if LONG else 10)


@pytest.mark.postgres
def test_any_sequence_on_postgresql(postgres_opened: str, stages: dict[str, Any]) -> None:
    urls = dict.fromkeys(METADATA, postgres_opened)
    _run(type("Postgresql", (Machine,), {**stages, "urls": urls}), LONG or 8, 12 if LONG else 8)
