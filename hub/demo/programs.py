"""The demonstration's programs as children: started, waited for, watched, and ended by their own ids."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx2

from hub.errors import HubError

_START_SECONDS = 45.0
_END_SECONDS = 6.0
_POLL_SECONDS = 0.05
_LAST_LINES = 15
_OK = 200


@dataclass(frozen=True, slots=True)
class Program:
    """One program to run.

    Attributes:
        ready: address that answers 200 when the program can be used.
        environ: its whole environment.
        log: file that gets what it writes.
    """

    name: str
    command: tuple[str, ...]
    environ: dict[str, str] = field(repr=False)
    ready: str
    log: Path


class ProgramEndedError(HubError):
    """A program ended by itself, or was not ready in time; the sentence holds its last lines."""


class Programs:
    """A group of running programs: as an asynchronous context it leaves none behind."""

    def __init__(self, programs: Sequence[Program], patience: float = _END_SECONDS) -> None:
        self._programs = programs
        self._patience = patience
        self._running: list[tuple[Program, Process]] = []

    async def __aenter__(self) -> Self:
        try:
            for program in self._programs:
                self._running.append((program, await _start(program)))
        except BaseException:
            await self._end_all()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end_all()

    async def ready(self, seconds: float = _START_SECONDS) -> None:
        """Wait until every program answers.

        Raises:
            ProgramEndedError: one ended before, or took too long.
        """
        async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
            await asyncio.gather(
                *(_answering(client, program, process, seconds) for program, process in self._running)
            )

    async def watch(self) -> None:
        """Wait until a program ends by itself, which none should.

        Raises:
            ProgramEndedError: always, naming it.
        """
        waiting = {asyncio.create_task(process.wait()): program for program, process in self._running}
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        ended = done.pop()
        raise ProgramEndedError(_ended(waiting[ended], ended.result()))

    async def _end_all(self) -> None:
        await asyncio.gather(*(_end(process, self._patience) for _, process in self._running))
        self._running.clear()


async def _start(program: Program) -> Process:
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("wb") as log:
        # A session of its own: Ctrl-C in the terminal reaches the runner only, which then ends all in order.
        return await asyncio.create_subprocess_exec(
            *program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=program.environ,
            start_new_session=True,
        )


async def _answering(client: httpx2.AsyncClient, program: Program, process: Process, seconds: float) -> None:
    ends = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < ends:
        if process.returncode is not None:
            raise ProgramEndedError(_ended(program, process.returncode))
        with suppress(httpx2.HTTPError):
            if (await client.get(program.ready)).status_code == _OK:
                return
        await asyncio.sleep(_POLL_SECONDS)
    raise ProgramEndedError(f"{program.name} was not ready after {seconds:.0f} s.{_last_lines(program)}")


async def _end(process: Process, patience: float) -> None:
    """Ask the process and what it started to end, then make them."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)  # its own group, by the id that we were given at its start
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # workers that outlived it


def _ended(program: Program, status: int) -> str:
    how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
    return f"{program.name} {how}.{_last_lines(program)}"


def _last_lines(program: Program) -> str:
    try:
        lines = program.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
    except OSError:
        return ""
    shown = "".join(f"\n    {line}" for line in lines)
    return f" All of its output: {program.log}{shown}" if lines else ""
