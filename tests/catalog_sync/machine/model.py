"""A small naive hub: what the catalogue must hold, worked out anew from the set of all messages (sync.md).

No state but the runs themselves, no cleverness: every write and every delete of every object is looked at each time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple

from msgspec.structs import replace

from catalog_sync.catalog.keys import EntryKind, code_of
from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    OnlineService,
    Responsibility,
    ServiceEntry,
    Specialisation,
)
from catalog_sync.pipeline.steps import Mode
from catalog_sync.xzufi.delivered import Converted, Deletion, Rejected, Writing
from catalog_sync.xzufi.reader import MessageReader
from catalog_sync.xzufi.refused import RefusedFile

Name = tuple[str, str]
"""Kind and value."""
Moment = tuple[float, float]
"""A message's time and a position in it."""

END = float("inf")
SHARE = 0.05


class Write(NamedTuple):
    """A write of one object; `unit` is what it came inside of."""

    moment: Moment
    obj: CatalogObject
    unit: Name | None = None

    @property
    def rank(self) -> tuple[float, float, float]:
        """The later geaendertDatumZeit wins, without one the message's time; ties by message time, then position."""
        time, position = self.moment
        changed = self.obj.version.changed_at
        return (time if changed is None else changed, time, position)


class File(NamedTuple):
    """What one file says; None instead of it where it is refused whole."""

    time: float
    writes: tuple[tuple[Name, Write], ...]
    deletes: tuple[tuple[Name, Moment], ...]
    rejected: tuple[Name, ...]


def file_of(content: bytes) -> File | None:
    """What a message says, its objects as the reader makes them."""
    writes: list[tuple[Name, Write]] = []
    deletes: list[tuple[Name, Moment]] = []
    rejected: list[Name] = []
    try:
        reader = MessageReader(BytesIO(content))
        time = reader.head.created_at or 0
        for one in reader:
            match one:
                case Writing():
                    converted = one.convert()
                    if isinstance(converted, Converted):
                        writes += _writes(_whole(converted), (time, one.position))
                        rejected += _names(converted.rejected)
                    else:
                        rejected += _names([converted])
                case Deletion():
                    deletes.append(((one.kind.value, one.value), (time, one.position)))
                case Rejected():
                    rejected += _names([one])
    except RefusedFile:
        return None
    return File(time, tuple(writes), tuple(deletes), tuple(rejected))


def _names(rejected: Iterable[Rejected]) -> Iterator[Name]:
    for one in rejected:
        if one.kind is not None and one.value is not None:
            yield one.kind.value, one.value


def _whole(converted: Converted) -> CatalogObject:
    if not isinstance(converted.obj, Authority | OnlineService):
        return converted.obj
    withheld = ((one.agency, one.value) for one in converted.rejected if one.agency and one.value)
    return replace(converted.obj, withheld=tuple(dict.fromkeys(withheld)))


def _writes(obj: CatalogObject, moment: Moment) -> Iterator[tuple[Name, Write]]:
    yield (_kind(obj).value, obj.value), Write(moment, obj)
    if isinstance(obj, Authority | OnlineService):
        for rule in obj.responsibilities:
            inside = Write(moment, rule, (_kind(obj).value, obj.value))
            yield (EntryKind.RESPONSIBILITY.value, rule.value), inside


def _kind(obj: CatalogObject) -> EntryKind:
    match obj:
        case ServiceEntry():
            return EntryKind.SERVICE_ENTRY
        case Specialisation():
            return EntryKind.SPECIALISATION
        case Authority():
            return EntryKind.AUTHORITY
        case OnlineService():
            return EntryKind.ONLINE_SERVICE
        case Responsibility():
            return EntryKind.RESPONSIBILITY


@dataclass
class Run:
    """A delivery that came to its end; `swept` when its snapshot has made its deletions."""

    files: Sequence[File | None]
    mode: Mode
    swept: bool = False
    reverted: bool = False

    @property
    def taken(self) -> list[File]:
        """Its files that could be read."""
        return [one for one in self.files if one is not None]

    @property
    def sweeps(self) -> bool:
        """Whether it is a snapshot that may delete what it does not hold."""
        whole = len(self.taken) == len(self.files)
        return self.mode == "snapshot" and whole and any(one.writes for one in self.taken)

    @property
    def last(self) -> float:
        """Its latest message time."""
        return max(one.time for one in self.taken)

    def holds(self, name: Name) -> bool:
        """Whether it writes an object, or would but for a mistake in it."""
        return any(
            name in one.rejected or any(name == other for other, _ in one.writes) for one in self.taken
        )


class Shown(NamedTuple):
    """What the catalogue holds of a live object."""

    obj: CatalogObject
    waiting: bool


@dataclass
class Model:
    """All runs, in no order that matters."""

    runs: dict[str, Run] = field(default_factory=dict)

    @property
    def told(self) -> list[Run]:
        """The runs that count."""
        return [run for run in self.runs.values() if not run.reverted]

    @property
    def _files(self) -> list[File]:
        return [one for run in self.told for one in run.taken]

    def writes(self) -> dict[Name, list[Write]]:
        """All writes of each object."""
        found: dict[Name, list[Write]] = {}
        for one in self._files:
            for name, write in one.writes:
                found.setdefault(name, []).append(write)
        return found

    def winners(self, sweeping: Run | None = None) -> dict[Name, CatalogObject]:
        """The live objects; those that one more snapshot would leave."""
        writes = self.writes()
        found: dict[Name, CatalogObject] = {}
        for name, some in writes.items():
            deleted = max(self._deletes(name, sweeping), default=(-END, 0))
            alive = [write for write in some if write.moment > max(deleted, _left_out(name, write, writes))]
            if alive:
                found[name] = max(alive, key=lambda write: write.rank).obj
        return found

    def _deletes(self, name: Name, sweeping: Run | None) -> Iterator[Moment]:
        for one in self._files:
            yield from (moment for other, moment in one.deletes if other == name)
        for run in self.told:
            if (run.swept or run is sweeping) and not run.holds(name):
                yield (run.last, END)

    def shown(self) -> dict[Name, Shown]:
        """The live objects, and whether they wait."""
        live = self.winners()
        return {name: Shown(obj, any(one not in live for one in _refers(obj))) for name, obj in live.items()}

    def edges(self) -> set[tuple[str, str, int]]:
        """Service, owner and area of every rule that answers."""
        return {
            (one.obj.service_value, one.obj.owner_value, code_of(area))
            for one in self.shown().values()
            if isinstance(one.obj, Responsibility) and not one.waiting
            for area in one.obj.areas
        }

    @property
    def guarded(self) -> bool:
        """Whether a snapshot that would delete much must be confirmed."""
        return any(run.swept for run in self.told)

    def doomed(self, run: Run) -> dict[str, tuple[int, int]]:
        """By kind, how many objects a snapshot would delete and how many there are."""
        live, left = self.winners(), self.winners(run)
        going = Counter(name[0] for name in live if name not in left)
        there = Counter(name[0] for name in live)
        return {kind: (going[kind], there[kind]) for kind in there if going[kind]}

    def objects_to(self, run: Run, few: int) -> bool:
        """Whether so much would go that somebody must say yes."""
        return self.guarded and any(
            going > few and going > SHARE * there for going, there in self.doomed(run).values()
        )


def _left_out(rule: Name, write: Write, writes: dict[Name, list[Write]]) -> Moment:
    """When the unit that carried a rule came without it: it says no more what it said before."""
    said = writes[write.unit] if write.unit is not None else []
    without = (other.moment for other in said if rule[1] not in _named(other.obj))
    return max(without, default=(-END, 0))


def _named(unit: CatalogObject) -> set[str]:
    """The rules inside a unit, also those that were rejected."""
    assert isinstance(unit, Authority | OnlineService)
    return {rule.value for rule in unit.responsibilities} | {value for _, value in unit.withheld}


def _refers(obj: CatalogObject) -> list[Name]:
    match obj:
        case Responsibility():
            service = (EntryKind.SERVICE_ENTRY.value, obj.service_value)
            return [service, (EntryKind(obj.owner_kind).value, obj.owner_value)]
        case Specialisation():
            return [(EntryKind.SERVICE_ENTRY.value, obj.service_value)]
        case _:
            return []
