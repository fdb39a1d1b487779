"""What one run made of one object, field by field."""

import asyncio
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from catalog_sync.catalog.keys import EntryId, parse_entry_id
from catalog_sync.catalog.turning import Turn, turn_of
from catalog_sync.errors import BadEntryId
from catalog_sync.pipeline.foreseen import foreseen_turn
from hub.pages.language import Language, chosen
from hub.pages.staff import fields
from hub.pages.staff.access import StaffDoor, Visit
from hub.pages.staff.runs import RunPages, moment
from hub.pages.staff.words import Part, compared

_MOST_FIELDS = 200
"""Of one object on one page; a unit may carry thousands of rules, each of which has its own page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field that differs; both sides in parts, empty where it was not there."""

    label: str
    before: list[Part]
    after: list[Part]


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """The page of one object of one run."""

    door: StaffDoor
    runs: RunPages

    async def show(self, request: Request, visit: Visit) -> Response:
        """Old and new value of every field that this run changed."""
        seen = await self.runs.seen(request, visit)
        named = _named(request.query_params.get("id", ""))
        pipeline, run = self.runs.pipeline, seen.run
        if run.dry_run:
            turn = await pipeline.operations.read(partial(foreseen_turn, run=run.id, named=named))
        else:
            turn = await pipeline.catalog.read(partial(turn_of, run=run.id, named=named))
        if turn is None:
            raise HTTPException(404)
        rows = await asyncio.to_thread(rows_of, chosen(request), turn)
        return self.door.render(
            request,
            visit,
            "staff_object.html",
            run=seen.run,
            named=named,
            turn=turn,
            rows=rows[:_MOST_FIELDS],
            more=len(rows) > _MOST_FIELDS,
            at=moment,
        )


def _named(said: str) -> EntryId:
    try:
        return parse_entry_id(said)
    except BadEntryId as error:
        raise HTTPException(404) from error


def rows_of(language: Language, turn: Turn) -> list[Row]:
    """The fields that differ, in the order in which the object has them."""
    old, new = fields.values(language, turn.before), fields.values(language, turn.after)
    names = list(dict.fromkeys([*new, *old]))
    return [
        Row(fields.label(language, name), *compared(old.get(name, ""), new.get(name, "")))
        for name in names
        if old.get(name) != new.get(name)
    ]
