"""Reading parameters from outside: each at most once, no control characters, bounded in size."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

MOST_CHARACTERS = 16_384
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MOST_BYTES = 65_536
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one request.

    Attributes:
        values: those that came once and were not empty (RFC 6749 section 3.1: empty is as good as absent).
        doubled: names that came more than once; which value was meant nobody can say.
        garbled: names whose value has control characters.
    """

    values: Mapping[str, str]
    doubled: frozenset[str]
    garbled: frozenset[str]
    too_long: bool

    @property
    def unusable(self) -> frozenset[str]:
        """Names whose value can't be trusted."""
        return self.doubled | self.garbled


def read(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Sort pairs of name and value into usable ones and others."""
    values: dict[str, str] = {}
    doubled: set[str] = set()
    garbled: set[str] = set()
    length = 0
    for name, value in pairs:
        length += len(name) + len(value)
        if name in values:
            doubled.add(name)
        if _CONTROL.search(value):
            garbled.add(name)
        values[name] = value
    usable = {name: value for name, value in values.items() if value and name not in doubled | garbled}
    return Parameters(usable, frozenset(doubled), frozenset(garbled), length > MOST_CHARACTERS)


def of_query(request: Request) -> Parameters:
    """Those of the address."""
    return read(request.query_params.multi_items())


async def of_form(request: Request) -> Parameters | None:
    """Those of a form's body (RFC 6749 appendix B); None for a body of another type or above 64 kB."""
    pairs = await form_pairs(request)
    return read(pairs) if pairs is not None else None


async def form_pairs(request: Request) -> list[tuple[str, str]] | None:
    """Name and value of each field of a form's body, in order; None for a body of another type or above 64 kB."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
