"""Reading parameters from outside: each at most once, no control characters, bounded in size."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

MOST_CHARACTERS = 16_384
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
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
    """Those of a form's body (RFC 6749 appendix B); None when the body is of another type."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        return None
    form = await request.form(max_fields=100)
    return read((name, value) for name, value in form.multi_items() if isinstance(value, str))
