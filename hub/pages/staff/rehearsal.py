"""A file uploaded for a dry run: the exact difference, and nothing written to the catalogue."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, replace

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from catalog_sync.intake import Intake
from catalog_sync.pipeline.steps import Mode
from catalog_sync.sources.push import Received, TooLarge, receive
from hub.pages.staff.access import StaffDoor, Visit

_FORM_BYTES = 16 * 1024
"""What the form's other fields and the borders between them may have beside the file."""
_PIECE = 64 * 1024
_LONGEST_NAME = 200


class _TooMuchError(MultiPartException):
    """More bytes than may come."""


@dataclass(frozen=True, slots=True)
class RehearsalPage:
    """Takes the form of the source's first page."""

    door: StaffDoor
    intake: Intake

    async def take(self, request: Request, visit: Visit) -> Response:
        """Make the dry run and lead to its page; a large file's run goes on while the page is shown."""
        try:
            form = await self._form(request)
        except MultiPartException as error:
            too_much = isinstance(error, _TooMuchError)
            return self._refused(
                request, visit, "too-large" if too_much else "no-file", 413 if too_much else 400
            )
        try:
            token, file = form.get("form_token"), form.get("file")
            if not self.door.is_ours(visit, "probelauf", token if isinstance(token, str) else ""):
                return self.door.render(request, visit, "staff_refused.html", 403)
            if not isinstance(file, UploadFile) or not file.filename or not file.size:
                return self._refused(request, visit, "no-file", 400)
            mode: Mode = "snapshot" if form.get("mode") == "snapshot" else "delta"
            run = await self._rehearse(visit, await self._received(file), mode)
        except TooLarge:
            return self._refused(request, visit, "too-large", 413)
        finally:
            await form.close()
        return self.door.go(f"{visit.path}/laeufe/{run}?ergebnis=all")

    async def _form(self, request: Request) -> FormData:
        limit = self.intake.pipeline.sizes.wire + _FORM_BYTES
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            raise MultiPartException("A file comes as multipart/form-data.")
        announced = request.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            raise _TooMuchError("More bytes than may come.")
        body = _bounded(request.stream(), limit)
        parser = MultiPartParser(request.headers, body, max_files=1, max_fields=4, max_part_size=_FORM_BYTES)
        return await parser.parse()

    async def _received(self, file: UploadFile) -> Received:
        name = (file.filename or "")[-_LONGEST_NAME:]
        packed = name.lower().endswith(".gz")
        received = await receive(
            _pieces(file),
            content_type="application/gzip" if packed else "application/xml",
            encoding="",
            sizes=self.intake.pipeline.sizes,
        )
        return replace(received, incoming=replace(received.incoming, name=name))

    async def _rehearse(self, visit: Visit, received: Received, mode: Mode) -> str:
        pipeline = self.intake.pipeline
        handed_on = False
        try:
            delivery = await pipeline.accept(visit.source, [received.incoming], mode=mode, dry_run=True)
            if received.incoming.size > pipeline.sizes.synchronous:
                self.intake.work_later(delivery, received)
                handed_on = True
            else:
                await pipeline.work(delivery)
        finally:
            if not handed_on:
                received.discard()
        return delivery.run.id

    def _refused(self, request: Request, visit: Visit, why: str, status: int) -> Response:
        most = self.intake.pipeline.sizes.wire // (1024 * 1024)
        return self.door.render(request, visit, "staff_no_rehearsal.html", status, why=why, most=most)


async def _bounded(stream: AsyncIterator[bytes], limit: int) -> AsyncGenerator[bytes, None]:
    came = 0
    async for piece in stream:
        came += len(piece)
        if came > limit:
            raise _TooMuchError("More bytes than may come.")
        yield piece


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE):
        yield piece
