"""What reads the index anew in a process of its own, which may be killed in the middle of a transaction."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe

from sqlalchemy import Connection

from hub.database import Database, open_database
from hub.reindexing import Reindexing


@dataclass
class Mortal:
    """A database whose process is killed in a transaction, with its work done and not committed."""

    inner: Database
    left: int

    async def write(self, work: Callable[[Connection], int]) -> int:
        """Pass it on."""
        self.left -= 1

        def inside(connection: Connection) -> int:
            done = work(connection)
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return await self.inner.write(inside)


def read_anew(url: str, pipe: Pipe, dies_in: int = 0) -> None:
    """Bring the index up to date, a service a transaction, as soon as told; tell how many there were.

    Args:
        url: of the catalogue's database.
        pipe: to the test.
        dies_in: number of the transaction; 0: never.
    """

    async def work() -> int:
        catalog = open_database(url)
        try:
            return await Reindexing(Mortal(catalog, dies_in or -1), batch=1).round()
        finally:
            await catalog.close()

    pipe.send("ready")
    pipe.recv()
    pipe.send(asyncio.run(work()))
