"""Databases made anew for each process that is killed, and the processes themselves."""

import asyncio
import multiprocessing
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from hub.migrations import METADATA
from tests.catalog_sync.kills import child
from tests.catalog_sync.kills.child import Urls

PATIENCE_SECONDS = 60.0
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([child.__name__])


@dataclass(frozen=True)
class Files:
    """SQLite: each time copies of files."""

    folder: Path
    empty: Path

    def template(self, name: str) -> Urls:
        """Databases that are filled once."""
        return self._copied(self.empty, self.folder / name)

    @contextmanager
    def fresh(self, template: Urls) -> Iterator[Urls]:
        """Databases as they were when they had been filled."""
        made = self._copied(_path(template["catalog"]).parent, self.folder / uuid.uuid4().hex)
        try:
            yield made
        finally:
            shutil.rmtree(_path(made["catalog"]).parent)

    def _copied(self, origin: Path, target: Path) -> Urls:
        target.mkdir(exist_ok=True)
        for name in METADATA:
            shutil.copy(origin / f"{name}.db", target / f"{name}.db")
        return {name: f"sqlite:///{target / name}.db" for name in METADATA}


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")


@dataclass(frozen=True)
class Server:
    """PostgreSQL: each time a database made after one that was filled."""

    url: str

    def template(self, name: str) -> Urls:
        """A database that is filled once; it goes when the server does."""
        return self._made(self.url, f"hub_kill_{name}_{uuid.uuid4().hex[:8]}")

    @contextmanager
    def fresh(self, template: Urls) -> Iterator[Urls]:
        """A database as it was when it had been filled."""
        name = f"hub_killed_{uuid.uuid4().hex[:12]}"
        try:
            yield self._made(template["catalog"], name)
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Give a database's room back."""
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _made(self, template: str, name: str) -> Urls:
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{make_url(template).database}"')
        return dict.fromkeys(
            METADATA, make_url(self.url).set(database=name).render_as_string(hide_password=False)
        )

    def _administer(self, statement: str) -> None:
        asyncio.run(_statement(make_url(self.url).set(database="postgres"), statement))


async def _statement(url: Any, statement: str) -> None:
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


Place = Files | Server


@contextmanager
def process(work: Callable[..., None], *arguments: Any) -> Iterator[tuple[BaseProcess, Pipe]]:
    """A process of its own, and what it tells."""
    ours, theirs = _context.Pipe(duplex=False)
    started = _context.Process(target=work, args=(*arguments, theirs))
    started.start()
    theirs.close()
    try:
        yield started, ours
    finally:
        started.kill()
        started.join()
        started.close()
        ours.close()


def told(pipe: Pipe) -> list[tuple[str, Any]]:
    """All that a process tells until it ends."""
    found = []
    while pipe.poll(PATIENCE_SECONDS):
        try:
            found.append(pipe.recv())
        except EOFError:
            return found
    raise TimeoutError(f"the process has not ended; it told {[name for name, _ in found]}")


def prepared(place: Place, scene: str) -> Urls:
    """What is there before a scene."""
    urls = place.template(scene)
    done = _context.Process(target=child.prepare, args=(urls, scene))
    done.start()
    done.join()
    assert done.exitcode == 0
    done.close()
    return urls


def left_by(urls: Urls, scene: str) -> child.Left:
    """What is left of a process that is gone, by the next one."""
    with process(child.recover, urls, scene) as (_, pipe):
        found = heard(pipe)
    assert isinstance(found, child.Left)
    return found


def heard(pipe: Pipe) -> Any:
    """The next thing that a process tells."""
    assert pipe.poll(PATIENCE_SECONDS), "the process tells nothing"
    return pipe.recv()
