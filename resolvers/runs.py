"""A source's deliveries and what became of their objects: told to the source itself and to its staff."""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from catalog_sync.catalog.keys import EntryId, EntryKind
from catalog_sync.catalog.records import SourceRecord
from catalog_sync.journal import Outcome, OutcomeKind, Refusal, Run, RunNotice
from catalog_sync.journal_pages import (
    Blocks,
    Place,
    Progress,
    blocks_of_pages,
    counts_of,
    newest_ended,
    notices_in,
    numbers_of_runs,
    objects_in,
    pages_of_runs,
    progress_of,
    reverts_of,
)
from resolvers.context import Context
from resolvers.errors import BadArgument
from resolvers.paging import MAX_PAGE, Page
from resolvers.source_access import closed_to, refusals
from resolvers.views import EdgeView, PageInfoView, moment

_MOST_OBJECTS = 1000
"""That one field of an operation may ask for, over all runs: each block of the journal must be unpacked."""


@dataclass(frozen=True, slots=True)
class RunsView:
    """A page of a source's runs; the total is counted when it is asked for."""

    source: str
    edges: Sequence[EdgeView]
    page_info: PageInfoView


@dataclass(frozen=True, slots=True)
class PartView:
    """A page of what a run's blocks hold; `columns` name what is counted."""

    run: Run
    columns: Sequence[str]
    edges: Sequence[EdgeView]
    page_info: PageInfoView


async def last(context: Context, parents: Sequence[SourceRecord]) -> list[Run | None]:
    """The newest run that has ended and was no dry run: its totals are told to everybody."""
    found = await context.journal.read(partial(newest_ended, sources={parent.key for parent in parents}))
    return [found.get(parent.key) for parent in parents]


async def of_sources(
    context: Context, parents: Sequence[SourceRecord], first: int, after: str | None = None
) -> list[RunsView | BadArgument]:
    """A page of each source's runs, newest first; an error of its own for each that may not be seen."""
    _check_size(first)
    place = None if after is None else _place(after)
    closed = await refusals(context, {parent.key for parent in parents})
    open_ = {parent.key for parent in parents} - closed.keys()
    read = partial(pages_of_runs, sources=open_, after=place, limit=first + 1)
    found = await context.journal.read(read) if open_ else {}
    return [
        closed.get(parent.key) or _runs_view(parent.key, found.get(parent.key, []), first, after is not None)
        for parent in parents
    ]


def _runs_view(source: str, found: Sequence[Run], first: int, before: bool) -> RunsView:
    edges = [EdgeView(_cursor(f"{run.created_at}:{run.id}"), run) for run in found[:first]]
    return RunsView(source, edges, _page_info(edges, more=len(found) > first, before=before))


async def total(context: Context, parents: Sequence[RunsView]) -> list[int]:
    """How many runs each source had."""
    found = await context.journal.read(partial(numbers_of_runs, sources={one.source for one in parents}))
    return [found.get(one.source, 0) for one in parents]


async def objects(
    context: Context,
    parents: Sequence[Run],
    first: int,
    after: str | None = None,
    outcomes: list[OutcomeKind] | None = None,
) -> list[PartView | BadArgument]:
    """A page of what became of each run's objects, in the order of the delivery; of some outcomes, or of all."""
    kinds = list(OutcomeKind) if outcomes is None else list(dict.fromkeys(outcomes))
    cut = partial(objects_in, kinds=kinds)
    return await _parts(context, parents, [kind.value for kind in kinds], cut, Page(first, after))


async def notices(
    context: Context, parents: Sequence[Run], first: int, after: str | None = None
) -> list[PartView | BadArgument]:
    """A page of what was left out while its object was kept, in the order of the delivery."""
    return await _parts(context, parents, ["notices"], notices_in, Page(first, after))


async def _parts(
    context: Context,
    parents: Sequence[Run],
    columns: Sequence[str],
    cut: Callable[..., list[Any]],
    page: Page,
) -> list[PartView | BadArgument]:
    first, skip = page.first or 0, 0 if page.after is None else _number(page.after)
    _check_size(first)
    runs = {parent.id for parent in parents}
    if len(runs) * first > _MOST_OBJECTS:
        raise BadArgument(
            "TOO_LARGE",
            f"This asks for {first} of {len(runs)} runs each; together it can be {_MOST_OBJECTS}. Ask for fewer.",
        )
    closed = await refusals(context, {parent.source for parent in parents})
    wanted = {parent.id for parent in parents if parent.source not in closed} if columns else set()
    read = partial(blocks_of_pages, runs=wanted, columns=columns, skip=skip, limit=first + 1)
    blocks = await context.journal.read(read) if wanted else {}
    cut_page = partial(cut, skip=skip, limit=first + 1)
    found = await asyncio.to_thread(_cut_all, blocks, cut_page) if blocks else {}
    return [
        closed.get(parent.source) or _part_view(parent, columns, found.get(parent.id, []), first, skip)
        for parent in parents
    ]


def _cut_all(blocks: Mapping[str, Blocks], cut: Callable[[Blocks], list[Any]]) -> dict[str, list[Any]]:
    return {run: cut(some) for run, some in blocks.items()}


def _part_view(run: Run, columns: Sequence[str], found: Sequence[Any], first: int, skip: int) -> PartView:
    edges = [EdgeView(_cursor(f"o{skip + number}"), one) for number, one in enumerate(found[:first], 1)]
    return PartView(run, columns, edges, _page_info(edges, more=len(found) > first, before=skip > 0))


async def part_total(context: Context, parents: Sequence[PartView]) -> list[int]:
    """How many there are in all, or so far."""
    found = await context.journal.read(partial(counts_of, runs={parent.run.id for parent in parents}))
    return [sum(found.get(one.run.id, {}).get(name, 0) for name in one.columns) for one in parents]


async def refused(context: Context, parents: Sequence[Run]) -> list[Sequence[Refusal] | BadArgument]:
    """The files that were refused whole."""
    return await closed_to(context, parents, lambda run: run.refused)


async def sentences(context: Context, parents: Sequence[Run]) -> list[Sequence[str] | BadArgument]:
    """What is to be said of each run as a whole."""
    return await closed_to(context, parents, lambda run: run.notices)


async def progress(context: Context, parents: Sequence[Run]) -> list[Progress | None]:
    """How far each is; null for one that nobody works at now."""
    going = {run.id for run in parents if run.finished_at is None}
    found = await context.journal.read(partial(progress_of, runs=going)) if going else {}
    return [found.get(run.id) for run in parents]


async def reverted_by(context: Context, parents: Sequence[Run]) -> list[str | None]:
    """The run that took each back."""
    found = await context.journal.read(partial(reverts_of, runs={run.id for run in parents}))
    return [found.get(run.id) for run in parents]


def began_at(root: Run) -> datetime | None:
    """When it was opened."""
    return moment(root.created_at)


def finished_at(root: Run) -> datetime | None:
    """When it ended; null while it has not."""
    return moment(root.finished_at)


def count(root: Run, kind: OutcomeKind) -> int:
    """How many of its objects ended so."""
    return root.counts.get(kind.value, 0)


def entry_id(root: Outcome | RunNotice) -> EntryId | None:
    """The flat identifier; null where a part of it is missing."""
    if root.kind is None or root.agency is None or root.id is None:
        return None
    return EntryId(root.agency, EntryKind(root.kind), root.id)


def kind_of(root: Outcome | RunNotice) -> EntryKind | None:
    """What it is; null for an element of no known kind."""
    return None if root.kind is None else EntryKind(root.kind)


def _check_size(first: int) -> None:
    if not 1 <= first <= MAX_PAGE:
        raise BadArgument("BAD_PAGE_SIZE", f"`first` is {first}; it can be 1 to {MAX_PAGE}.")


def _page_info(edges: Sequence[EdgeView], *, more: bool, before: bool) -> PageInfoView:
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return PageInfoView(more, before, *ends)


def _cursor(said: str) -> str:
    return urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _said(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (NoBase64, ValueError):
        return ""


def _place(cursor: str) -> Place:
    at, _, run = _said(cursor).partition(":")
    if not (at.isascii() and at.isdecimal() and run) or len(at) > 18:  # noqa: PLR2004 - no moment is later
        raise _no_cursor(cursor)
    return int(at), run


def _number(cursor: str) -> int:
    said = _said(cursor)
    digits = said.removeprefix("o")
    if said == digits or not (digits.isascii() and digits.isdecimal()) or len(digits) > 9:  # noqa: PLR2004
        raise _no_cursor(cursor)
    return int(digits)


def _no_cursor(cursor: str) -> BadArgument:
    return BadArgument(
        "BAD_CURSOR", f"“{cursor[:40]}” is no cursor of this list: take one that an edge or pageInfo gave."
    )
