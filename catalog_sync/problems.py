"""Errors of the sync's addresses as problem details (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response


class ProblemError(Exception):
    """What went wrong with a request, with the status that says so.

    Attributes:
        detail: a sentence for the caller.
        members: more of the problem, by name (RFC 9457, section 3.2).
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.members = dict(headers or {}), dict(members or {})

    def response(self) -> Response:
        """The answer."""
        content = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "code": self.code,
            "detail": self.detail,
            **self.members,
        }
        headers = {"Cache-Control": "no-store", **self.headers}
        return Response(
            orjson.dumps(content), self.status.value, headers=headers, media_type="application/problem+json"
        )
