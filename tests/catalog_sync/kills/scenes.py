"""What a process does when it is killed: each way by which something is acknowledged, with what was there before."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from catalog_sync.journal import RunState, run_of, runs_of, runs_to_confirm
from catalog_sync.pipeline.pull import Puller
from catalog_sync.pipeline.revert import NotReverted
from catalog_sync.pipeline.run import Pipeline
from tests.catalog_sync.pipeline.hub import file
from tests.makers import authority, carried_rule, delete, message, rule, service

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"

FIRST = message(
    created=MARCH,
    writes=[service("1"), service("2"), authority("u", "U", rules=[carried_rule("a", "1", ["06"])])],
)
SECOND = message(
    created=APRIL,
    writes=[
        rule("early", "u", "late", ["06"]),
        service("1", title="New"),
        service("3"),
        authority("u", "U", rules=[carried_rule("b", "1", ["06"])]),
        service("late"),
        service("9", areas=["14"]),
    ],
    deletes=[delete("Leistung", "3")],
)
MANY = message(created=MARCH, writes=[service(f"s{number}") for number in range(26)])
FEW = message(created=APRIL, writes=[service(f"s{number}") for number in range(4)])
INDEX = "https://files.example/x/index.txt"
FILES = {
    "index.txt": b"a.xml\nb.xml\n",
    "a.xml": SECOND,
    "b.xml": message(created=MAY, writes=[service("b")]),
}


class Files:
    """A host of a delivery that is fetched."""

    async def download(
        self, url: str, *, headers: Mapping[str, str], sink: Callable[[bytes], object], most_bytes: int
    ) -> tuple[int, Mapping[str, str]]:
        sink(FILES[url.rpartition("/")[2]])
        return 200, {"etag": '"1"'}


@dataclass(frozen=True)
class Scene:
    """One way.

    Attributes:
        before: brings about what was there before.
        act: what the process does that is killed; also what is called again after it.
        batch: objects of one transaction.
    """

    before: Callable[[Pipeline], Awaitable[object]]
    act: Callable[[Pipeline], Awaitable[object]]
    batch: int = 2


async def first(pipeline: Pipeline) -> None:
    await pipeline.deliver("hessen", [file(FIRST)])


async def delta(pipeline: Pipeline) -> None:
    await pipeline.deliver("hessen", [file(SECOND)])


async def snapshot(pipeline: Pipeline) -> None:
    await pipeline.deliver("hessen", [file(SECOND)], mode="snapshot")


async def sweep(pipeline: Pipeline) -> None:
    """A snapshot that holds nothing new: all it does is deleting, unasked for the source lets it."""
    await pipeline.deliver("generous", [file(FEW)], mode="snapshot")


async def filled(pipeline: Pipeline) -> None:
    await pipeline.deliver("generous", [file(MANY)])


async def to_confirm(pipeline: Pipeline) -> None:
    await pipeline.deliver("hessen", [file(MANY)], mode="snapshot")
    await pipeline.deliver("hessen", [file(FEW)], mode="snapshot")


async def confirm(pipeline: Pipeline) -> None:
    for run in await pipeline.operations.read(lambda c: runs_to_confirm(c, "hessen")):
        await pipeline.confirm(run.id)


async def swept(pipeline: Pipeline) -> None:
    await first(pipeline)
    await snapshot(pipeline)


async def revert(pipeline: Pipeline) -> None:
    runs = await pipeline.operations.read(lambda c: runs_of(c, "hessen"))
    (newest, *_) = [run for run in runs if run.reverts is None]
    try:
        await pipeline.revert(newest.id)
    except NotReverted:
        (by,) = [run.id for run in runs if run.reverts == newest.id]
        done = await pipeline.operations.read(lambda c: run_of(c, by))
        assert done is not None
        assert done.state is RunState.FINISHED


async def pull(pipeline: Pipeline) -> None:
    await Puller(pipeline, Files()).pull("hessen", by_hand=True)


SCENES = {
    "delta": Scene(first, delta),
    "snapshot": Scene(first, snapshot),
    "sweep": Scene(filled, sweep, 8),
    "repeat": Scene(first, first),
    "confirm": Scene(to_confirm, confirm, 8),
    "revert": Scene(swept, revert),
    "pull": Scene(first, pull),
}

PUSHED = {
    name: message(created=APRIL, writes=[service(f"{name}-{number}") for number in range(objects)])
    for name, objects in (("small", 2), ("large", 5), ("last", 2))
}
"""By name, which is also how its objects begin; the large one is answered before it is worked."""
