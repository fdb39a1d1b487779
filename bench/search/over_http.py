"""The same over HTTP: one connection that asks, waits and asks again, of a hub that is a process of its own."""

import json
from collections.abc import Iterable, Mapping
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.data.described import Described
from bench.search.asked import kinds_of_questions
from bench.search.inside import FIRST, Rows, prefixes
from bench.search.timing import Times
from bench.servers import Server, free_port, start

_SEARCH = f"""query ($text: String!) {{
  services(query: $text, first: {FIRST}) {{ totalCount edges {{ node {{ leikaKey title }} }} }} }}"""
_SUGGEST = "query ($text: String!) { suggestions(prefix: $text) { text service { leikaKey } } }"
_PLACE = "query ($text: String!) { areas(query: $text, first: 10) { edges { node { ars name } } } }"


def hub(folder: Path, url: str | None) -> Server:
    """The hub over these databases, as `verbundhub serve` runs it."""
    environ = {"HUB_DATA_DIR": str(folder), "HUB_RATE_LIMIT": "off"}
    if url is not None:
        environ |= {f"HUB_{name}_URL": url for name in ("CATALOG", "IDENTITY", "OPERATIONS")}
    return start("hub", ["hub", "serve", "--port"], environ, folder, port=free_port())


class Asking:
    """One connection to a hub."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(self, query: str, text: str) -> Any:
        """The data of an answer."""
        body = json.dumps({"query": query, "variables": {"text": text}})
        self._connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        answer = json.loads(self._connection.getresponse().read())
        if "errors" in answer:
            raise ValueError(f"{text!r}: {answer['errors']}")
        return answer["data"]

    def search(self, text: str) -> list[str]:
        """The keys of the first hits."""
        return [edge["node"]["leikaKey"] for edge in self.ask(_SEARCH, text)["services"]["edges"]]


def over_http(server: Server, data: Described, places: Mapping[str, Iterable[str]], each: int) -> Rows:
    """Search, suggestions and places; with the CPU time that the server took, on average."""
    asking = Asking(server)
    questions = [text for some in kinds_of_questions(data, each).values() for text in some]
    told = {}
    for name, query, texts in (
        ("search", _SEARCH, questions),
        ("suggestions", _SUGGEST, prefixes(data, each)),
        ("place", _PLACE, [text for some in places.values() for text in some]),
    ):
        asking.ask(query, "Anmeldung")
        times, cpu = Times(), server.cpu()
        for text in texts:
            with times.one():
                asking.ask(query, text)
        spent = (server.cpu() - cpu) / len(texts) * 1e3
        told[name] = {"p50": times.milliseconds(0.5), "p95": times.milliseconds(0.95), "cpu mean": spent}
    return told


def seconds_until_found(asking: Asking, word: str) -> float:
    """How long a word that was just committed is not found."""
    began = perf_counter()
    while not asking.search(word):
        pass
    return perf_counter() - began
