import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import orjson

_QUERIES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parent / "queries").glob("*.graphql"))
}
_UNAUTHORIZED = 401


class GraphError(Exception):
    """The hub could not be asked, or refused the question; `codes` are the ``extensions.code`` of its errors."""

    def __init__(self, sentence: str, codes: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the graph, as the page shows it at its foot."""

    name: str
    text: str
    variables: str
    milliseconds: float
    codes: tuple[str, ...]


@dataclass(slots=True)
class Conversation:
    """The questions of one page. The token is the signed-in person's; it is let go when the hub refuses it."""

    client: httpx2.AsyncClient
    address: str
    token: str | None = None
    expired: bool = False
    asked: list[Asked] = field(default_factory=list)
    timer: Callable[[], float] = time.perf_counter

    async def ask(self, name: str, **variables: Any) -> dict[str, Any]:
        """Ask one of the portal's queries and get its data; fields that failed are null in it.

        Raises:
            GraphError: no answer, or an answer without any data.
        """
        begun = self.timer()
        answer = await self._post(name, variables)
        if answer.status_code == _UNAUTHORIZED and self.token:
            self.token, self.expired = None, True
            answer = await self._post(name, variables)
        data, codes = _read(answer)
        shown = orjson.dumps(variables, option=orjson.OPT_INDENT_2).decode()
        self.asked.append(Asked(name, _QUERIES[name].strip(), shown, (self.timer() - begun) * 1000, codes))
        if data is None:
            raise GraphError(f"The hub refused the query {name}.", codes)
        return data

    async def _post(self, name: str, variables: dict[str, Any]) -> httpx2.Response:
        headers = {"accept": "application/graphql-response+json, application/json;q=0.9"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = {"query": _QUERIES[name], "operationName": name, "variables": variables}
        try:
            return await self.client.post(self.address, json=body, headers=headers)
        except httpx2.HTTPError as error:
            raise GraphError("The hub did not answer.") from error


def query_texts() -> dict[str, str]:
    """All queries that the portal asks, by name."""
    return dict(_QUERIES)


def _read(answer: httpx2.Response) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    try:
        body = orjson.loads(answer.content)
    except orjson.JSONDecodeError as error:
        raise GraphError(f"The hub answered with status {answer.status_code} and no JSON.") from error
    if not isinstance(body, dict):
        raise GraphError(f"The hub answered with status {answer.status_code} and no GraphQL answer.")
    errors = [e for e in body.get("errors") or () if isinstance(e, dict)]
    codes = tuple(str((error.get("extensions") or {}).get("code", "")) for error in errors)
    data = body.get("data")
    return (data if isinstance(data, dict) else None), codes
