"""Fetching sources on their schedule: what came whole is delivered as a snapshot, what did not changes nothing.

A source that fails is tried again, later each time; after three failures in a row its breaker is open, and it is
tried once a period until it answers. Others go on.
"""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, delete, insert, select, update

from catalog_sync.catalog.tables import source as sources
from catalog_sync.errors import StoreAwayError
from catalog_sync.operations import pull, pull_file
from catalog_sync.pipeline.process import own_process
from catalog_sync.pipeline.report import Json
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.turns import Turns
from catalog_sync.sources.fetching import BREAKER
from catalog_sync.sources.registry import Source, source_by_key
from catalog_sync.sources.remote import Fetched, Fetcher, PullFailed, Remote, Validators

_FIRST_RETRY_SECONDS = 60
_FETCH_SECONDS = 2 * 3600.0
"""For a whole delivery; a host that drips must not keep its source for days, one long file after the other."""

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought: the report of its run, or none where nothing had changed."""

    report: Json | None


class Puller:
    """Fetches the sources that have an index address.

    Args:
        fetch_seconds: for all files of a delivery together.
    """

    def __init__(
        self, pipeline: Pipeline, fetcher: Fetcher, *, fetch_seconds: float = _FETCH_SECONDS
    ) -> None:
        self._pipeline = pipeline
        self._fetcher = fetcher
        self._fetch_seconds = fetch_seconds
        self._turns = Turns(pipeline.operations, lambda: pipeline.now() / _MICROSECONDS, own_process())

    async def due(self) -> list[str]:
        """The sources whose time has come."""
        fetched = select(sources.c.key).where(sources.c.index_url.is_not(None))
        keys = await self._pipeline.catalog.read(lambda c: list(c.scalars(fetched.order_by(sources.c.key))))
        later = select(pull.c.source).where(pull.c.due_at > self._pipeline.now())
        waiting = await self._pipeline.operations.read(lambda c: set(c.scalars(later)))
        return [key for key in keys if key not in waiting]

    async def pull(self, key: str, *, by_hand: bool = False) -> Pulled | None:
        """Fetch one source; None where another process has done so meanwhile.

        Raises:
            UnknownSource: where there is none.
            PullFailed: where its delivery could not be fetched whole; the journal has a failed run that says why.
        """
        source = await self._pipeline.catalog.read(partial(source_by_key, key=key))
        if source.index_url is None:
            raise PullFailed(
                f"Source {key} has no index address; `verbundhub sources change --index` gives one."
            )
        async with self._turns.turn(f"pull:{key}", key):
            if not by_hand and key not in await self.due():
                return None
            try:
                return await self._fetch(source, source.index_url)
            except PullFailed as error:
                await self._failed(source, error.sentence)
                await self._pipeline.fail(key, error.sentence)
                raise
            except StoreAwayError:
                raise  # that says nothing of the source
            except Exception:
                await self._failed(source, "The hub failed at this delivery; see its log.")
                raise

    async def _fetch(self, source: Source, index_url: str) -> Pulled:
        known = await self._pipeline.operations.read(partial(_known, source=source.key))
        if known and known[0].url != index_url:
            known = []
        with ExitStack() as stack:
            remote = Remote(self._fetcher, self._pipeline.sizes, stack)
            fetched = await self._whole(remote, index_url, known)
            if fetched is None:
                await self._succeeded(source, None)
                await self._pipeline.catalog.write(partial(_fresh, key=source.key, now=self._pipeline.now()))
                return Pulled(None)
            report = await self._pipeline.deliver(source.key, fetched.files, mode="snapshot")
        if (why := _not_whole(report)) is None:
            await self._succeeded(source, fetched)
        else:
            await self._failed(source, why, forget=True)
        return Pulled(report)

    async def _whole(self, remote: Remote, index_url: str, known: list[Validators]) -> Fetched | None:
        try:
            async with asyncio.timeout(self._fetch_seconds):
                return await remote.fetch(index_url, known)
        except TimeoutError as error:
            sentence = f"{index_url} and its files took longer than {self._fetch_seconds:g} seconds."
            raise PullFailed(sentence) from error

    async def _succeeded(self, source: Source, fetched: Fetched | None) -> None:
        due_at = self._pipeline.now() + (source.every_seconds or 0) * _MICROSECONDS
        await self._pipeline.operations.write(
            partial(_note_success, source=source.key, due_at=due_at, fetched=fetched)
        )

    async def _failed(self, source: Source, reason: str, *, forget: bool = False) -> None:
        """Note a failure; `forget` where something was taken all the same, so that next time everything is fetched."""
        now, every = self._pipeline.now(), source.every_seconds or 0
        await self._pipeline.operations.write(
            partial(_note_failure, source=source.key, now=now, every=every, reason=reason, forget=forget)
        )


def _not_whole(report: Json) -> str | None:
    """Why a delivery that came was not taken in whole, if it was not: a file that is cut or damaged may heal."""
    if not report["refused"]:
        return None
    first = report["refused"][0]
    return f"{len(report['refused'])} of its files could not be read; {first['file']}: {first['reason']}"


def _known(connection: Connection, source: str) -> list[Validators]:
    rows = connection.execute(
        select(pull_file.c.url, pull_file.c.etag, pull_file.c.modified)
        .where(pull_file.c.source == source)
        .order_by(pull_file.c.ordinal)
    ).all()
    return [Validators(row.url, row.etag, row.modified) for row in rows]


def _note_success(connection: Connection, source: str, due_at: int, fetched: Fetched | None) -> None:
    connection.execute(delete(pull).where(pull.c.source == source))
    connection.execute(insert(pull).values(source=source, due_at=due_at, failures=0))
    if fetched is None:
        return
    connection.execute(delete(pull_file).where(pull_file.c.source == source))
    rows = [
        {"source": source, "ordinal": number, "url": one.url, "etag": one.etag, "modified": one.modified}
        for number, one in enumerate(fetched.validators)
    ]
    if rows:
        connection.execute(insert(pull_file), rows)


def _note_failure(
    connection: Connection, source: str, now: int, every: int, reason: str, *, forget: bool
) -> None:
    failures = 1 + (connection.scalar(select(pull.c.failures).where(pull.c.source == source)) or 0)
    later = _FIRST_RETRY_SECONDS * 2 ** (failures - 1)
    wait = every if failures >= BREAKER else min(later, every)
    connection.execute(delete(pull).where(pull.c.source == source))
    row = {"source": source, "due_at": now + wait * _MICROSECONDS, "failures": failures, "reason": reason}
    connection.execute(insert(pull).values(row))
    if forget:
        connection.execute(delete(pull_file).where(pull_file.c.source == source))


def _fresh(connection: Connection, key: str, now: int) -> None:
    connection.execute(update(sources).where(sources.c.key == key).values(fresh_at=now))
