"""The judged run: the hub on both databases, and plain engines over the same services and queries."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.postgres import postgres_database
from bench.search.given import Given, judged, texts
from bench.search.hub import answers, fill, opened
from bench.search.listed import listed_services
from bench.search.postgresql_baseline import postgresql
from bench.search.sqlite_baseline import fts5
from bench.search.timing import Times

HUB = "Verbundhub"
Keys = dict[str, list[str]]


def run(given: Given, queries: Path, *, with_postgresql: bool = True) -> tuple[dict[str, Any], list[str]]:
    """The scorer's report of each engine by its name, the hub's first; and notes."""
    asked = texts(queries)
    services = list(listed_services(given.services))
    found, times, took = asyncio.run(_hub(given.catalogue, asked, None))
    engines = {HUB: found} | fts5(services, asked)
    notes = [f"{HUB}: index of {len(services)} services in {took:.1f} s; a query {times.told()}."]
    with postgres_database() if with_postgresql else nullcontext() as url:
        if url is None:
            notes.append("No PostgreSQL: set HUB_TEST_POSTGRES_URL or install the locked packages.")
        else:
            baselines, missing = asyncio.run(postgresql(url, services, asked))
            engines |= baselines
            notes += missing
            other, times, _ = asyncio.run(_hub(given.catalogue, asked, url))
            notes.append(_compared(found, other, times))
    return {name: judged(given.scorer, queries, keys) for name, keys in engines.items()}, notes


def _compared(found: Mapping[str, Sequence[str]], other: Mapping[str, Sequence[str]], times: Times) -> str:
    if different := sorted(name for name in found if found[name] != other[name]):
        return f"{HUB} on PostgreSQL ranks differently: {', '.join(different)}."
    return f"{HUB} on PostgreSQL gives the same ranks; a query {times.told()}."


async def _hub(
    catalogue: Sequence[Path], asked: Mapping[str, str], url: str | None
) -> tuple[Keys, Times, float]:
    with TemporaryDirectory(prefix="verbundhub-search-") as folder:
        async with opened(Path(folder), url) as databases:
            took = await fill(databases, catalogue)
            found, times = await answers(databases, asked)
            return found, times, took
