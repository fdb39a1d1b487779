"""Where a portal proves that both sides hold the same: ``GET /sync/{source}/digest`` (sync.md, Out: check)."""

from functools import partial
from http import HTTPStatus

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog_sync.digests.comparing import AT_ONCE
from catalog_sync.digests.holdings import Holdings
from catalog_sync.digests.tree import BadPrefix, check_prefix
from catalog_sync.digests.wire import told
from catalog_sync.endpoints import allowed_source
from catalog_sync.intake import Intake
from catalog_sync.problems import ProblemError


def digest_routes(intake: Intake, holdings: Holdings) -> list[Route]:
    """The address of digests; `intake` knows whose token a request has."""
    return [Route("/sync/{source}/digest", partial(get_digest, intake, holdings), methods=["GET"])]


async def get_digest(intake: Intake, holdings: Holdings, request: Request) -> Response:
    """The nodes of the prefixes asked for; without one, of everything."""
    try:
        source = await allowed_source(intake, request)
        prefixes = _prefixes(request)
        content = orjson.dumps(told(source, await holdings.nodes(source, prefixes)))
    except ProblemError as problem:
        return problem.response()
    return Response(content, headers={"Cache-Control": "no-store"}, media_type="application/json")


def _prefixes(request: Request) -> list[str]:
    asked = list(dict.fromkeys(request.query_params.getlist("prefix"))) or [""]
    if len(asked) > AT_ONCE:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST, "BAD_PREFIX", f"At most {AT_ONCE} prefixes are answered at once."
        )
    try:
        return [check_prefix(prefix) for prefix in asked]
    except BadPrefix as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, error.code, error.sentence) from error
