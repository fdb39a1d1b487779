"""kill -9 right before and right after every commit of everything that is acknowledged: old or new, never mixed.

`HUB_TEST_LONG` says how many processes are to be killed at random times; without it they are few.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from tests.catalog_sync.kills import child
from tests.catalog_sync.kills.child import Fuse, Left, changing
from tests.catalog_sync.kills.scenes import PUSHED, SCENES
from tests.catalog_sync.kills.stage import (
    PATIENCE_SECONDS,
    Files,
    Place,
    Server,
    heard,
    left_by,
    prepared,
    process,
    told,
)

LONG = int(os.environ.get("HUB_TEST_LONG", "0"))
NEVER = Fuse(0, after=False)
KEPT = ("operations: _all", "operations: keep_beside", "operations: open_revert", "operations: _mark")
"""The commits by which something is owed: the delivery's bytes and run, the revert's run, the yes to a run."""

_REPORT = ["operations: write_blocks", "operations: write_end", "operations: Turn.release"]
_BEGIN = ["operations: Turns._take", "operations: write_state"]
_WRITE, _SWEEP, _SETTLE = "catalog: Writer.write", "catalog: Writer.sweep", "catalog: settle_batch"
_LINE = ["operations: _all", *_BEGIN, _WRITE, "catalog: Plan._close", *_REPORT]
_ENDED = ["catalog: remember_sweep", "catalog: Plan._close", *_REPORT]

POINTS = {
    "delta": ["operations: _all", *_BEGIN, *[_WRITE] * 5, *[_SETTLE] * 2, "catalog: Plan._close", *_REPORT],
    "snapshot": [
        *(
            "operations: _all",
            *_BEGIN,
            *[_WRITE] * 5,
            "catalog: doomed_by",
            _SWEEP,
            "catalog: remember_sweep",
        ),
        *(_SETTLE, _SETTLE, "catalog: Plan._close", *_REPORT),
    ],
    "sweep": ["operations: _all", *_BEGIN, _WRITE, "catalog: doomed_by", *[_SWEEP] * 3, *_ENDED],
    "repeat": [
        "operations: keep_beside",
        *_BEGIN,
        "catalog: _freshen",
        "operations: _end",
        "operations: Turn.release",
    ],
    "confirm": [
        *("operations: Turns._take", "operations: _mark", "operations: write_state", "catalog: Writer.look"),
        *("catalog: doomed_by", *[_SWEEP] * 3, *_ENDED),
    ],
    "revert": [
        "operations: open_revert",
        *_BEGIN,
        "catalog: _Plan._begin",
        *["catalog: _Plan._batch"] * 3,
        *_REPORT,
    ],
    "pull": [
        *(
            "operations: Turns._take",
            "operations: _all",
            *_BEGIN,
            *[_WRITE] * 5,
            "catalog: doomed_by",
            _SWEEP,
        ),
        *("catalog: remember_sweep", _SETTLE, _SETTLE, "catalog: Plan._close", *_REPORT),
        *("operations: _note_success", "operations: Turn.release"),
    ],
}
"""Every commit, in order. Whoever adds one finds it here, and killed at."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield Files(tmp_path, request.getfixturevalue("sqlite_files"))
    else:
        yield Server(request.getfixturevalue("postgres_tables"))


@dataclass(frozen=True)
class Undisturbed:
    """A scene that nothing disturbed.

    Attributes:
        points: its commits by name.
        pictures: the catalogue before it, and after each commit.
        whole: the end.
        seconds: how long it took.
    """

    points: Sequence[str]
    pictures: Sequence[Any]
    whole: Left
    seconds: float

    def check(self, left: Left, done: int | None, why: object) -> None:
        """Judge what is left of a process that was killed after so many commits; None where that is not known."""
        if done is None:
            assert left.killed in self.pictures, why
        else:
            assert left.killed == self.pictures[done], why
        first = next(number for number, name in enumerate(self.points, 1) if name in KEPT)
        visible = left.resumed[0]
        if done is not None:
            assert visible == (self.pictures[-1] if done >= first else self.pictures[0])[0], why
        assert visible in (self.pictures[-1][0], self.pictures[0][0]), why
        assert left.again[0] == self.pictures[-1][0], why
        assert changing(left.outcomes) == changing(self.whole.outcomes), why


def undisturbed(place: Place, template: child.Urls, scene: str) -> Undisturbed:
    with place.fresh(template) as urls:
        with process(child.play, urls, scene, None) as (_, pipe):
            found = told(pipe)
        whole = left_by(urls, scene)
    assert (found[0][0], found[-1][0]) == ("begins", "ended")
    pictures = [found[0][1]]
    for _, picture in found[1:-1]:
        pictures.append(pictures[-1] if picture is None else picture)
    return Undisturbed([name for name, _ in found[1:-1]], pictures, whole, found[-1][1])


def killed_at(place: Place, template: child.Urls, scene: str, fuse: Fuse) -> Left:
    with place.fresh(template) as urls:
        with process(child.play, urls, scene, fuse) as (dying, _):
            dying.join(PATIENCE_SECONDS)
            assert dying.exitcode == -signal.SIGKILL, fuse
        return left_by(urls, scene)


def chosen(points: Sequence[str]) -> list[int]:
    """The numbers of all commits; where time is short, of those that are like their neighbours the ends alone."""
    return [
        number
        for number in range(1, len(points) + 1)
        if LONG
        or not all(points[near - 1 : near] == [points[number - 1]] for near in (number - 1, number + 1))
    ]


def fuses(place: Place, points: Sequence[str]) -> list[Fuse]:
    """Before and after each chosen commit; where time is short, in turns, on the other database the other."""
    return [
        Fuse(number, after)
        for turn, number in enumerate(chosen(points), start=isinstance(place, Server))
        for after in (False, True)
        if LONG or after == bool(turn % 2)
    ]


@pytest.mark.parametrize("scene", SCENES)
def test_a_kill_at_any_commit_point_leaves_what_was_committed_and_goes_on(place: Place, scene: str) -> None:
    template = prepared(place, scene)
    calm = undisturbed(place, template, scene)
    assert calm.points == POINTS[scene]
    for fuse in fuses(place, calm.points):
        left = killed_at(place, template, scene, fuse)
        done = fuse.at if fuse.after else fuse.at - 1
        calm.check(left, done, (calm.points[fuse.at - 1], fuse))


def test_kills_at_random_times_leave_what_was_committed_and_go_on(place: Place) -> None:
    dice = random.Random(f"{type(place).__name__} {LONG}")  # noqa: S311 - a test's dice
    templates = {scene: prepared(place, scene) for scene in SCENES}
    calm = {scene: undisturbed(place, template, scene) for scene, template in templates.items()}
    ends: Counter[str] = Counter()
    for number in range(LONG or 12):
        scene = list(SCENES)[number % len(SCENES)]
        with place.fresh(templates[scene]) as urls:
            with process(child.play, urls, scene, NEVER) as (dying, pipe):
                assert heard(pipe)[0] == "begins"
                time.sleep(dice.uniform(0, calm[scene].seconds))
                dying.kill()
                dying.join()
                ends["killed" if dying.exitcode == -signal.SIGKILL else "too late"] += 1
            left = left_by(urls, scene)
        calm[scene].check(left, None, (scene, number))
        done = [at for at, picture in enumerate(calm[scene].pictures) if picture == left.killed]
        inside = done[0] > 0 and done[-1] < len(calm[scene].pictures) - 1
        ends["between the first and the last batch" if inside else "before or behind the batches"] += 1
    print(f"\n{type(place).__name__}: {dict(ends)}")  # noqa: T201 - a long run is counted
    assert ends["killed"] > (LONG or 12) / 2


class Portal:
    """One who pushes messages over HTTP until the hub is gone, and remembers what was acknowledged."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.acknowledged: dict[str, int] = {}

    def push(self, messages: Mapping[str, bytes]) -> None:
        headers = {"Authorization": "Bearer vhs_hessen", "Content-Type": "application/xml"}
        for name, content in messages.items():
            connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
            try:
                connection.request("POST", "/sync/hessen/messages", content, headers)
                self.acknowledged[name] = connection.getresponse().status
            except (OSError, HTTPException):
                return
            finally:
                connection.close()


@dataclass(frozen=True)
class Pushed:
    """What was acknowledged by a hub that died, and what is there after the next start."""

    acknowledged: dict[str, int]
    after: child.After

    def check(self, why: object) -> None:
        """Judge it: what was acknowledged is there, whole; all else is whole or not there, and can be sent again."""
        for name, status in self.acknowledged.items():
            assert status == (202 if name == "large" else 200), (name, status, why)
            assert self.after.resumed[name] == "all", (name, why)
        assert set(self.after.resumed.values()) <= {"all", "none"}, (self.after, why)
        assert set(self.after.again.values()) == {"all"}, (self.after, why)


def pushed(place: Place, template: child.Urls, end: Callable[[BaseProcess], None], fuse: Fuse) -> Pushed:
    """Push all messages to a hub that dies; then start the next one."""
    with place.fresh(template) as urls:
        with process(child.serve, urls, fuse) as (dying, pipe):
            portal = Portal(heard(pipe))
            sending = threading.Thread(target=portal.push, args=(PUSHED,))
            sending.start()
            end(dying)
            sending.join(PATIENCE_SECONDS)
        with process(child.restart, urls, PUSHED) as (_, pipe):
            return Pushed(portal.acknowledged, heard(pipe))


def all_pushed(place: Place, template: child.Urls) -> tuple[list[str], float]:
    """The commits of a hub that takes all messages undisturbed, and how long that takes."""
    points: list[str] = []
    with place.fresh(template) as urls, process(child.serve, urls, None) as (_, pipe):
        portal = Portal(heard(pipe))
        began = time.monotonic()
        sending = threading.Thread(target=portal.push, args=(PUSHED,))
        sending.start()
        while points.count("operations: Turn.release") < len(PUSHED):
            points.append(heard(pipe)[0])
        sending.join(PATIENCE_SECONDS)
        assert portal.acknowledged == {"small": 200, "large": 202, "last": 200}
        return points, time.monotonic() - began


def test_what_was_acknowledged_over_http_is_there_after_a_kill_at_any_commit_point(place: Place) -> None:
    template = prepared(place, "push")
    points, _ = all_pushed(place, template)
    expected = [*_LINE, "operations: _all", *_BEGIN, *[_WRITE] * 3, "catalog: Plan._close", *_REPORT, *_LINE]
    assert Counter(points) == Counter(expected)  # the last message comes while the large one is worked
    acknowledged: Counter[str] = Counter()
    for fuse in fuses(place, points):
        left = pushed(place, template, died, fuse)
        left.check(fuse)
        acknowledged.update(left.acknowledged)
    assert acknowledged["small"] > acknowledged["large"] > 0


def died(process: BaseProcess) -> None:
    """Wait for a process that kills itself."""
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == -signal.SIGKILL


def test_what_was_acknowledged_over_http_is_there_after_kills_at_random_times(place: Place) -> None:
    dice = random.Random(f"push {type(place).__name__} {LONG}")  # noqa: S311 - a test's dice
    template = prepared(place, "push")
    _, whole = all_pushed(place, template)
    ends: Counter[str] = Counter()

    def soon(process: BaseProcess) -> None:
        time.sleep(dice.uniform(0, whole))
        process.kill()

    for number in range(LONG // 4 or 6):
        left = pushed(place, template, soon, NEVER)
        left.check(number)
        ends[f"{len(left.acknowledged)} acknowledged"] += 1
    print(f"\n{type(place).__name__}: {dict(ends)}")  # noqa: T201 - a long run is counted
