"""Pages of runs and of what became of their objects, for several sources or runs in one statement."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    and_,
    cast,
    func,
    or_,
    select,
)

from catalog_sync.journal import Outcome, OutcomeKind, Run, RunNotice, again, read_run, unpack_block
from catalog_sync.operations import sync_lease, sync_outcomes, sync_run

Place = tuple[int, str]
"""Where a run stands among a source's: when it was opened, and its id."""

_ENDED = sync_run.c.finished_at.is_not(None) & sync_run.c.dry_run.is_(False)


def newest_ended(connection: Connection, sources: Collection[str]) -> dict[str, Run]:
    """Each source's newest run that has ended and was no dry run."""
    return {source: runs[0] for source, runs in _newest(connection, sources, 1, _ENDED).items()}


def pages_of_runs(
    connection: Connection, sources: Collection[str], after: Place | None, limit: int
) -> dict[str, list[Run]]:
    """Each source's runs behind a place, newest first, at most so many."""
    if after is None:
        return _newest(connection, sources, limit)
    at, id_ = after
    older = or_(sync_run.c.created_at < at, and_(sync_run.c.created_at == at, sync_run.c.id < id_))
    return _newest(connection, sources, limit, older)


def _newest(
    connection: Connection, sources: Collection[str], limit: int, *more: ColumnElement[bool]
) -> dict[str, list[Run]]:
    order = (sync_run.c.created_at.desc(), sync_run.c.id.desc())
    place = func.row_number().over(partition_by=sync_run.c.source, order_by=order).label("place")
    mine = select(sync_run, place).where(sync_run.c.source.in_(sources), *more).subquery()
    query = select(mine).where(mine.c.place <= limit).order_by(mine.c.source, mine.c.place)
    found: dict[str, list[Run]] = {}
    for row in connection.execute(query):
        found.setdefault(row.source, []).append(read_run(row))
    return found


def numbers_of_runs(connection: Connection, sources: Collection[str]) -> dict[str, int]:
    """How many runs each source had."""
    query = select(sync_run.c.source, func.count()).where(sync_run.c.source.in_(sources))
    return {source: number for source, number in connection.execute(query.group_by(sync_run.c.source))}  # noqa: C416 - a row is no tuple of two for the type checker


def reverts_of(connection: Connection, runs: Collection[str]) -> dict[str, str]:
    """The runs that took others back, by these."""
    query = select(sync_run.c.reverts, sync_run.c.id).where(sync_run.c.reverts.in_(runs))
    return {row.reverts: row.id for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is that goes on: its step (``read``: bytes, ``write``: records), done and in all."""

    step: str
    done: int
    total: int


def progress_of(connection: Connection, runs: Collection[str]) -> dict[str, Progress]:
    """How far runs are, those that somebody works at."""
    held = select(sync_lease).where(sync_lease.c.run.in_(runs), sync_lease.c.step.is_not(None))
    return {row.run: Progress(row.step, row.done, row.total) for row in connection.execute(held)}


@dataclass(frozen=True, slots=True)
class Blocks:
    """Packed blocks that hold a page's objects, and how many such objects stand before the first of them.

    `again` where they are another run's, whose bytes came once more.
    """

    content: list[bytes]
    before: int
    again: bool = False

    def objects(self) -> Iterator[Outcome]:
        """What they say of objects."""
        for content in self.content:
            yield from (
                map(again, unpack_block(content).objects) if self.again else unpack_block(content).objects
            )


def blocks_of_pages(
    connection: Connection, runs: Collection[str], columns: Collection[str], skip: int, limit: int
) -> dict[str, Blocks]:
    """The blocks of each run that hold the objects behind the first `skip`, at most `limit` of them.

    Those of a run that only said again what another had said are that one's: all its objects are unchanged.

    Args:
        connection: of the operations' database.
        runs: whose.
        columns: what is counted: outcomes by their names, or ``notices``.
        skip: how many are passed over.
        limit: how many are wanted.
    """
    repeats = _repeats(connection, runs)
    found = _blocks(connection, set(runs) - repeats.keys(), columns, skip, limit)
    if repeats and OutcomeKind.UNCHANGED.value in columns:
        first = _blocks(connection, set(repeats.values()), [kind.value for kind in OutcomeKind], skip, limit)
        found |= {run: replace(first[of], again=True) for run, of in repeats.items() if of in first}
    return found


def _repeats(connection: Connection, runs: Collection[str]) -> dict[str, str]:
    """Those that only said again what another had said, and which one."""
    query = select(sync_run.c.id, sync_run.c.same_as).where(
        sync_run.c.id.in_(runs), sync_run.c.same_as.is_not(None)
    )
    return {row.id: row.same_as for row in connection.execute(query)}


def _blocks(
    connection: Connection, runs: Collection[str], columns: Collection[str], skip: int, limit: int
) -> dict[str, Blocks]:
    there: ColumnElement[int] = sum((sync_outcomes.c[name] for name in columns), start=cast(0, Integer))
    until = func.sum(there).over(partition_by=sync_outcomes.c.run, order_by=sync_outcomes.c.batch)
    counted = (
        select(sync_outcomes.c.run, sync_outcomes.c.batch, there.label("there"), until.label("until"))
        .where(sync_outcomes.c.run.in_(runs), there > 0)
        .subquery()
    )
    query = (
        select(counted.c.run, counted.c.until - counted.c.there, sync_outcomes.c.content)
        .join(
            sync_outcomes,
            and_(sync_outcomes.c.run == counted.c.run, sync_outcomes.c.batch == counted.c.batch),
        )
        .where(counted.c.until > skip, counted.c.until - counted.c.there < skip + limit)
        .order_by(counted.c.run, counted.c.batch)
    )
    found: dict[str, Blocks] = {}
    for run, before, content in connection.execute(query):
        found.setdefault(run, Blocks([], int(before))).content.append(bytes(content))
    return found


def counts_of(connection: Connection, runs: Collection[str]) -> dict[str, dict[str, int]]:
    """What was written of runs so far: how many objects of each outcome, and ``notices``."""
    names = [*(kind.value for kind in OutcomeKind), "notices"]
    sums = [func.sum(sync_outcomes.c[name]) for name in names]
    query = select(sync_outcomes.c.run, *sums).where(sync_outcomes.c.run.in_(runs))
    rows = connection.execute(query.group_by(sync_outcomes.c.run))
    found = {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in rows}
    ended = select(sync_run.c.id, sync_run.c.unchanged).where(sync_run.c.id.in_(_repeats(connection, runs)))
    unchanged = OutcomeKind.UNCHANGED.value
    return found | {row.id: {unchanged: row.unchanged} for row in connection.execute(ended)}


def objects_in(blocks: Blocks | None, kinds: Collection[OutcomeKind], skip: int, limit: int) -> list[Outcome]:
    """The page's objects, in the order of the delivery."""
    if blocks is None:
        return []
    found = [one for one in blocks.objects() if one.outcome in kinds]
    return found[skip - blocks.before :][:limit]


def notices_in(blocks: Blocks | None, skip: int, limit: int) -> list[RunNotice]:
    """The page's notices, in the order of the delivery."""
    if blocks is None:
        return []
    found = [one for content in blocks.content for one in unpack_block(content).notices]
    return found[skip - blocks.before :][:limit]


def outcomes_of(
    connection: Connection, run: str, kinds: Collection[OutcomeKind], *, skip: int, limit: int
) -> list[Outcome]:
    """What became of one run's objects that ended in one of these ways."""
    blocks = blocks_of_pages(connection, [run], [kind.value for kind in kinds], skip, limit)
    return objects_in(blocks.get(run), kinds, skip, limit)
