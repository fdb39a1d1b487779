"""Answers where a request found nothing, or something failed: a page for a person, a sentence for a program."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from catalog_sync.problems import ProblemError
from hub.errors import UnavailableError
from hub.pages import errors
from hub.pages.rendering import Pages

log = logging.getLogger(__name__)


def handlers(pages: Pages, new_id: Callable[[], str]) -> dict[Any, Any]:
    """What answers instead, by status or exception; `new_id` names a failure for the log and for who asked."""
    return {
        404: _not_found(pages),
        405: _not_allowed,
        500: _failed(pages, new_id),
        UnavailableError: _away(pages),
        ClientDisconnect: _gone_away,
    }


def _away(pages: Pages) -> Callable[[Request, Exception], Response]:
    """What cannot be served while a database does not answer: nothing of it was taken, and it may be asked again."""

    def handler(request: Request, error: Exception) -> Response:
        told = error if isinstance(error, UnavailableError) else UnavailableError()
        headers = {"Retry-After": str(told.retry_after_seconds)}
        if errors.wants_page(request):
            return errors.unavailable(pages, request, headers)
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return ProblemError(status, told.code, str(told), headers=headers).response()

    return handler


def _not_found(pages: Pages) -> Callable[[Request, Exception], Response]:
    def handler(request: Request, error: Exception) -> Response:
        if errors.wants_page(request):
            return errors.not_found(pages, request)
        return PlainTextResponse("Not found.\n", 404)

    return handler


def _not_allowed(request: Request, error: Exception) -> Response:
    allowed = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return PlainTextResponse(f"This address does not take {request.method}.\n", 405, headers=allowed)


def _gone_away(request: Request, error: Exception) -> Response:
    """The other side left before its request was whole: nothing of ours failed, and nobody reads the answer."""
    return PlainTextResponse("The request was not whole.\n", 400)


def _failed(pages: Pages, new_id: Callable[[], str]) -> Callable[[Request, Exception], Response]:
    def handler(request: Request, error: Exception) -> Response:
        number = new_id()
        log.error("request %s failed", number, exc_info=error)
        if errors.wants_page(request):
            return errors.failed(pages, request, number)
        return PlainTextResponse(f"Something went wrong on our side. Name the request {number}.\n", 500)

    return handler
