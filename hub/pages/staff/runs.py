"""A source's runs as a timeline, and one run's objects."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from catalog_sync.journal import (
    Outcome,
    OutcomeKind,
    Run,
    RunNotice,
    RunState,
    revert_of,
    run_of,
    runs_of,
    runs_to_confirm,
)
from catalog_sync.journal_pages import (
    Progress,
    blocks_of_pages,
    counts_of,
    notices_in,
    outcomes_of,
    progress_of,
)
from catalog_sync.pipeline.foreseen import foreseen_among
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.sources.fetching import fetchings
from catalog_sync.sources.registry import Source, UnknownSource, source_by_key
from hub.pages import language
from hub.pages.staff.access import StaffDoor, Visit
from hub.pages.staff.reasons import sayers

RUNS_A_PAGE = 20
OBJECTS_A_PAGE = 50
NEEDS_SOMEBODY = (OutcomeKind.REJECTED, OutcomeKind.WAITING)
_FILTERS: Mapping[str, tuple[OutcomeKind, ...]] = {
    "open": NEEDS_SOMEBODY,
    "all": tuple(OutcomeKind),
    **{kind.value: (kind,) for kind in (*NEEDS_SOMEBODY, *OutcomeKind)},
}
_DIFFERING = (OutcomeKind.ADDED, OutcomeKind.CHANGED, OutcomeKind.GONE)
_NOTICES = "notices"
"""The filter that shows what was only noted."""
_MICROSECONDS = 1_000_000
_PAGE = re.compile(r"[1-9][0-9]{0,5}")
_UNFINISHED = (RunState.RECEIVING, RunState.RECEIVED, RunState.WORKING)


@dataclass(frozen=True, slots=True)
class Seen:
    """A run and what can be done about it; `reverted_by` is the run that took it back."""

    run: Run
    reverted_by: str | None

    @property
    def confirmable(self) -> bool:
        """Whether its deletions wait for a yes."""
        run = self.run
        return run.state is RunState.TO_CONFIRM and not run.dry_run and self.reverted_by is None

    @property
    def revertible(self) -> bool:
        """Whether there is something to take back."""
        run = self.run
        wrote = run.kept and run.state not in (*_UNFINISHED, RunState.REFUSED) and not run.dry_run
        return wrote and run.reverts is None and self.reverted_by is None


@dataclass(frozen=True, slots=True)
class RunPages:
    """The pages to look at."""

    door: StaffDoor
    pipeline: Pipeline

    async def timeline(self, request: Request, visit: Visit) -> Response:
        """What needs a person first, then all runs, newest first."""
        try:
            source = await self.pipeline.catalog.read(partial(source_by_key, key=visit.source))
        except UnknownSource:
            return self.door.forbidden(request, visit)
        read = self.pipeline.operations.read
        page = _page(request)
        skip = (page - 1) * RUNS_A_PAGE
        fetching = await read(fetchings)
        runs = await read(partial(runs_of, source=visit.source, limit=RUNS_A_PAGE + 1, skip=skip))
        return self.door.render(
            request,
            visit,
            "staff_source.html",
            source=source,
            runs=runs[:RUNS_A_PAGE],
            to_confirm=await read(partial(runs_to_confirm, source=visit.source)),
            number=page,
            more=len(runs) > RUNS_A_PAGE,
            at=moment,
            form_token=self.door.token(visit, "probelauf"),
            age=_age(source, self.pipeline.now()),
            fetching=fetching.get(source.key) if source.index_url else None,
            say=sayers(language.chosen(request)),
        )

    async def one(self, request: Request, visit: Visit) -> Response:
        """A run with its objects; without a wish those that need a person, where there are any."""
        seen = await self.seen(request, visit)
        noted = await self.pipeline.operations.read(partial(counts_of, runs=[seen.run.id]))
        counts = {**filter_counts(seen.run), _NOTICES: noted.get(seen.run.id, {}).get(_NOTICES, 0)}
        wish = request.query_params.get("ergebnis", "")
        chosen = wish if wish in counts else ("open" if counts["open"] else "all")
        page = _page(request)
        read = _notices if chosen == _NOTICES else partial(_objects, kinds=_FILTERS[chosen])
        skip = (page - 1) * OBJECTS_A_PAGE
        objects = await self.pipeline.operations.read(partial(read, run=seen.run.id, skip=skip))
        return self.door.render(
            request,
            visit,
            "staff_run.html",
            seen=seen,
            run=seen.run,
            counts=counts,
            chosen=chosen,
            objects=objects[:OBJECTS_A_PAGE],
            differing=await self._differing(seen.run, objects),
            number=page,
            more=len(objects) > OBJECTS_A_PAGE,
            at=moment,
            say=sayers(language.chosen(request)),
            progress=await self._progress(seen.run),
            took=_took(seen.run, self.pipeline.now()),
        )

    async def _differing(self, run: Run, objects: Sequence[object]) -> set[str]:
        """Those of a page's objects that have a page of what is different: of a dry run, where that is kept."""
        names = {
            f"{one.agency}.{one.kind}.{one.id}"
            for one in objects
            if isinstance(one, Outcome) and one.outcome in _DIFFERING and one.agency and one.kind and one.id
        }
        if not run.dry_run:
            return names
        return await self.pipeline.operations.read(partial(foreseen_among, run=run.id, names=names))

    async def _progress(self, run: Run) -> Progress | None:
        """How far a run is that goes on."""
        if run.state not in _UNFINISHED:
            return None
        found = await self.pipeline.operations.read(partial(progress_of, runs=[run.id]))
        return found.get(run.id, Progress("waiting", 0, 0))

    async def seen(self, request: Request, visit: Visit) -> Seen:
        """The run that the address names.

        Raises:
            HTTPException: 404 where this source has no such run.
        """
        name = request.path_params["run"]
        read = self.pipeline.operations.read
        run = await read(partial(run_of, run=name))
        if run is None or run.source != visit.source:
            raise HTTPException(404)
        return Seen(run, await read(partial(revert_of, run=name)))


def _objects(
    connection: Connection, *, run: str, kinds: Collection[OutcomeKind], skip: int
) -> Sequence[Outcome]:
    return outcomes_of(connection, run, kinds, skip=skip, limit=OBJECTS_A_PAGE + 1)


def _notices(connection: Connection, *, run: str, skip: int) -> Sequence[RunNotice]:
    blocks = blocks_of_pages(connection, [run], [_NOTICES], skip, OBJECTS_A_PAGE + 1)
    return notices_in(blocks.get(run), skip, OBJECTS_A_PAGE + 1)


def filter_counts(run: Run) -> dict[str, int]:
    """How many objects each filter shows."""
    return {name: sum(run.counts.get(kind.value, 0) for kind in kinds) for name, kinds in _FILTERS.items()}


def _age(source: Source, now: int) -> dict[str, Any] | None:
    """How old a source's data are, as the templates write a span."""
    if source.fresh_at is None:
        return None
    return rough_span((now - source.fresh_at) // _MICROSECONDS)


def _took(run: Run, now: int) -> dict[str, Any]:
    return rough_span(((run.finished_at or now) - run.created_at) // _MICROSECONDS)


def rough_span(seconds: int) -> dict[str, Any]:
    """A span in its largest unit, as the templates write one (the graph's Duration)."""
    for unit, length in (("DAY", 86400), ("HOUR", 3600), ("MINUTE", 60)):
        if seconds >= length:
            return {"amount": seconds // length, "unit": unit}
    return {"amount": max(seconds, 0), "unit": "SECOND"}


def moment(micros: int) -> datetime:
    """A time of the journal for the templates."""
    return datetime.fromtimestamp(micros / _MICROSECONDS, UTC)


def _page(request: Request) -> int:
    said = request.query_params.get("seite", "1")
    return int(said) if _PAGE.fullmatch(said) else 1
