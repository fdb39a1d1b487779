"""Checking links by hand, before ``verbundhub sources check`` says what is wanting."""

import asyncio
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from catalog_sync.links import book
from catalog_sync.links.checking import LinkChecker
from hub.cli.running import Databases
from hub.config import Settings
from hub.egress import Egress
from hub.probing import LinkProber

_ASK_AGAIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Checked:
    """What was asked, what could not be asked now, and how many addresses have which verdict."""

    asked: int
    left: int
    counts: Mapping[str, int]

    def told(self) -> dict[str, Any]:
        """For programs."""
        return {"asked": self.asked, "left": self.left, "counts": dict(self.counts)}

    def sentence(self) -> str:
        """For people."""
        counts = ", ".join(f"{number} {word}" for word, number in self.counts.items() if number)
        later = f"; {self.left} wait until their hosts may be asked again" if self.left else ""
        return f"Asked {self.asked} addresses{later}. Of all: {counts or 'none'}."


async def check_links(settings: Settings, databases: Databases, source: int | None) -> Checked:
    """Ask what is due, and what was not good when it was asked last; of one source, or of all.

    A host that asks for a longer rest is left for later, here as on the schedule.
    """
    egress = Egress(settings.egress_allow)
    prober = LinkProber(egress, settings.issuer)
    checker = LinkChecker(databases.catalog, databases.operations, prober, time.time, secrets.token_bytes)
    try:
        with _bar() as bar:
            step = bar.add_task("collect", total=None)
            heard = partial(_heard, bar, step)
            while not await checker.collect(heard):  # noqa: ASYNC110 - the hub that serves is at it
                await asyncio.sleep(_ASK_AGAIN_SECONDS)
            await checker.again(source)
            step = bar.add_task("links", total=await checker.due(source))
            asked = await checker.round(source, lambda done: bar.update(step, completed=done))
            left = await checker.due(source)
    finally:
        await egress.aclose()
    return Checked(asked, left, await databases.operations.read(partial(book.counts, source=source)))


def _heard(bar: Progress, step: TaskID, done: int, total: int) -> None:
    bar.update(step, completed=done, total=total)


@contextmanager
def _bar() -> Iterator[Progress]:
    """A bar on stderr, where a person looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        yield bar
