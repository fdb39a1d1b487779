"""Where portals push their messages and read what became of them (sync.md, In)."""

from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog_sync.errors import StoreAwayError
from catalog_sync.intake import Intake
from catalog_sync.journal import runs_of
from catalog_sync.pipeline.receiving import NotReceived
from catalog_sync.pipeline.report import Json, summary
from catalog_sync.pipeline.run import Delivery
from catalog_sync.pipeline.steps import Mode
from catalog_sync.problems import ProblemError
from catalog_sync.sources.push import Received, TooLarge, UnsupportedBody, check_types, receive, too_large
from catalog_sync.sources.registry import UnknownSource, source_by_key

CATALOG_WRITE = "catalog:write"
_CHALLENGE = 'Bearer realm="sync"'
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_MODES: dict[str, Mode] = {"delta": "delta", "snapshot": "snapshot"}

Handler = Callable[[Request], Awaitable[Response]]


def routes(intake: Intake) -> list[Route]:
    """The addresses below /sync."""
    answers: tuple[tuple[str, str, Callable[..., Awaitable[Response]]], ...] = (
        ("/sync/{source}/messages", "POST", post_message),
        ("/sync/{source}/runs", "GET", get_runs),
        ("/sync/{source}/runs/{run}", "GET", get_run),
    )
    return [
        Route(path, _answering(partial(work, intake)), methods=[method]) for path, method, work in answers
    ]


def _answering(work: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        try:
            return await work(request)
        except ProblemError as problem:
            return problem.response()

    return answer


async def post_message(intake: Intake, request: Request) -> Response:
    """Take one message."""
    source = await allowed_source(intake, request)
    mode, dry_run = _mode(request), _dry_run(request)
    received = await _body(intake, request)
    large = received.incoming.size > intake.pipeline.sizes.synchronous
    handed_on = False
    try:
        delivery = await _accept(intake, source, received, mode, dry_run=dry_run)
        if large:
            intake.work_later(delivery, received)
            handed_on = True
            return _accepted(delivery)
        try:
            await intake.pipeline.work(delivery)
        except StoreAwayError:
            intake.work_later(
                delivery, received, again=True
            )  # it is kept, so it is owed, whatever is answered now
            handed_on = True
            raise
    finally:
        if not handed_on:
            received.discard()
    return _reported(await intake.pipeline.report(delivery.run.id))


async def _accept(intake: Intake, source: str, received: Received, mode: Mode, *, dry_run: bool) -> Delivery:
    try:
        return await intake.pipeline.accept(source, [received.incoming], mode=mode, dry_run=dry_run)
    except NotReceived as error:
        headers = {"Retry-After": "1"}
        status = HTTPStatus.SERVICE_UNAVAILABLE
        raise ProblemError(status, error.code, error.sentence, headers=headers) from error


async def get_runs(intake: Intake, request: Request) -> Response:
    """A source's runs, newest first, without their objects."""
    source = await allowed_source(intake, request)
    runs = await intake.pipeline.operations.read(partial(runs_of, source=source))
    return _json({"runs": [summary(run) for run in runs]})


async def get_run(intake: Intake, request: Request) -> Response:
    """One run with all its objects."""
    source = await allowed_source(intake, request)
    run = request.path_params["run"]
    try:
        told = await intake.pipeline.report(run)
    except LookupError:
        told = {"source": None}
    if told["source"] != source:
        raise ProblemError(HTTPStatus.NOT_FOUND, "UNKNOWN_RUN", "This source has no such run.")
    return _json(told)


async def allowed_source(intake: Intake, request: Request) -> str:
    """The source that the request may write.

    A source's existence is told to nobody but itself.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _unauthorised("This address needs the source's token: Authorization: Bearer vhs_...")
    grant = await intake.verifier.verify(token.strip())
    if grant is None:
        raise _unauthorised("The token is unknown or was revoked.", ', error="invalid_token"')
    source: str = request.path_params["source"]
    if grant.source != source:
        raise ProblemError(HTTPStatus.FORBIDDEN, "FOREIGN_TOKEN", "The token is another source's.")
    if CATALOG_WRITE not in grant.scopes:
        challenge = f'{_CHALLENGE}, error="insufficient_scope", scope="{CATALOG_WRITE}"'
        detail = f"The token has no scope {CATALOG_WRITE}."
        headers = {"WWW-Authenticate": challenge}
        raise ProblemError(HTTPStatus.FORBIDDEN, "INSUFFICIENT_SCOPE", detail, headers=headers)
    try:
        await intake.pipeline.catalog.read(partial(source_by_key, key=source))
    except UnknownSource as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, error.code, "There is no such source any more.") from error
    return source


def _unauthorised(detail: str, why: str = "") -> ProblemError:
    headers = {"WWW-Authenticate": _CHALLENGE + why}
    return ProblemError(HTTPStatus.UNAUTHORIZED, "UNAUTHORISED", detail, headers=headers)


def _mode(request: Request) -> Mode:
    said = request.query_params.get("mode", "delta")
    if said not in _MODES:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "BAD_MODE", "mode is delta (the default) or snapshot.")
    return _MODES[said]


def _dry_run(request: Request) -> bool:
    said = request.query_params.get("dry_run", "false").lower()
    if said not in _FLAGS:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "BAD_DRY_RUN", "dry_run is true or false (the default).")
    return _FLAGS[said]


async def _body(intake: Intake, request: Request) -> Received:
    sizes = intake.pipeline.sizes
    content_type = request.headers.get("content-type", "")
    encoding = request.headers.get("content-encoding", "")
    announced = request.headers.get("content-length", "")
    try:
        check_types(content_type, encoding)
        if announced.isdigit() and int(announced) > sizes.wire:
            raise too_large(sizes)
        return await receive(request.stream(), content_type=content_type, encoding=encoding, sizes=sizes)
    except UnsupportedBody as error:
        status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        headers = {"Accept-Encoding": "gzip, identity"}
        raise ProblemError(status, error.code, error.sentence, headers=headers) from error
    except TooLarge as error:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        raise ProblemError(status, error.code, error.sentence) from error


def _accepted(delivery: Delivery) -> Response:
    run = delivery.run
    answer = _json({**summary(run), "state": "received"}, HTTPStatus.ACCEPTED)
    answer.headers["Location"] = f"/sync/{run.source}/runs/{run.id}"
    return answer


def _reported(told: Json) -> Response:
    if not told["refused"]:
        return _json(told)
    refusal: dict[str, Any] = told["refused"][0]
    passed = refusal["rule"] == "limit-passed"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if passed else HTTPStatus.UNPROCESSABLE_ENTITY
    members = {key: refusal[key] for key in ("rule", "line", "remedy")} | {"run": told["run"]}
    raise ProblemError(status, "REFUSED_FILE", refusal["reason"], members=members)


def _json(content: Json, status: HTTPStatus = HTTPStatus.OK) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(content), status.value, headers=headers, media_type="application/json")
