"""What a source's staff may do about a run: confirm its deletions, or take it back; each after a page that asks."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from catalog_sync.errors import CatalogError
from catalog_sync.intake import Intake
from hub.pages.language import chosen
from hub.pages.staff.access import StaffDoor, Visit
from hub.pages.staff.reasons import sayers
from hub.pages.staff.runs import RunPages, Seen, moment
from identity.provider import parameters

Deed = Literal["freigeben", "zuruecknehmen"]
_PATIENCE_SECONDS = 8.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeedPages:
    """The pages that ask, and what they lead to."""

    door: StaffDoor
    intake: Intake
    runs: RunPages
    deed: Deed

    async def ask(self, request: Request, visit: Visit) -> Response:
        """Say what would happen, and ask."""
        seen = await self.runs.seen(request, visit)
        return self._page(request, visit, seen)

    async def do(self, request: Request, visit: Visit) -> Response:
        """Do it; what takes longer goes on, and the run's page tells how far it is."""
        seen = await self.runs.seen(request, visit)
        params = await parameters.of_form(request) or parameters.read(())
        token = params.values.get("form_token", "")
        if not self.door.is_ours(visit, self._subject(seen), token):
            return self.door.render(request, visit, "staff_refused.html", 403)
        pipeline = self.intake.pipeline
        work = pipeline.confirm if self.deed == "freigeben" else pipeline.revert
        try:
            report = await self._patiently(work(seen.run.id))
        except CatalogError as error:
            return self._page(request, visit, seen, 409, objection=error.sentence)
        except LookupError as error:
            raise HTTPException(404) from error
        run = report["run"] if report else seen.run.id
        return self.door.go(f"{visit.path}/laeufe/{run}")

    async def _patiently(self, work: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any] | None:
        """The report, or None where it is not there in a few seconds."""
        task = asyncio.create_task(work)
        self.intake.keep(task)
        done, _ = await asyncio.wait([task], timeout=_PATIENCE_SECONDS)
        if done:
            return task.result()
        task.add_done_callback(_log_failure)
        return None

    def _page(
        self, request: Request, visit: Visit, seen: Seen, status: int = 200, objection: str | None = None
    ) -> Response:
        return self.door.render(
            request,
            visit,
            "staff_deed.html",
            status,
            deed=self.deed,
            seen=seen,
            run=seen.run,
            possible=seen.confirmable if self.deed == "freigeben" else seen.revertible,
            objection=objection,
            form_token=self.door.token(visit, self._subject(seen)),
            at=moment,
            say=sayers(chosen(request)),
        )

    def _subject(self, seen: Seen) -> str:
        return f"{seen.run.id} {self.deed}"


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a run failed after its page was gone", exc_info=error)
