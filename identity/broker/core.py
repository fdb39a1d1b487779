"""Logging in at an upstream, whatever it speaks."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from identity.account import Accounts, Identified
from identity.authentication import Authentication
from identity.broker.errors import (
    AnswerRefusedError,
    BrokerError,
    LevelNotReachedError,
    StateRefusedError,
    UnknownUpstreamError,
    UpstreamUnavailableError,
)
from identity.broker.pending import PendingLogin, PendingLogins
from identity.broker.purpose import Purpose
from identity.broker.upstream import Upstream


class Speaker(Protocol):
    """One upstream in its own language."""

    @property
    def upstream(self) -> Upstream:
        """Its settings."""
        ...

    async def origin(self) -> str:
        """Where people are sent. Raises UpstreamUnavailableError."""
        ...

    async def address(self, state: str, pending: PendingLogin) -> str:
        """The address to send somebody to. Raises UpstreamUnavailableError."""
        ...

    async def identify(self, answer: Mapping[str, str], pending: PendingLogin) -> Identified:
        """Who came back, at no lower level than the purpose's. Raises BrokerError."""
        ...


@dataclass(frozen=True, slots=True)
class WayToLogIn:
    """A button on the login page; `origin` is None while the upstream can't be reached."""

    upstream: Upstream
    origin: str | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody has logged in, and for what."""

    authentication: Authentication
    purpose: Purpose


class Broker:
    """Sends people to an upstream and takes them back."""

    def __init__(self, speakers: Iterable[Speaker], pending: PendingLogins, accounts: Accounts) -> None:
        self._speakers = {speaker.upstream.id: speaker for speaker in speakers}
        self._pending = pending
        self._accounts = accounts

    @property
    def upstreams(self) -> tuple[Upstream, ...]:
        """All upstreams, in the settings' order."""
        return tuple(speaker.upstream for speaker in self._speakers.values())

    async def ways(self) -> list[WayToLogIn]:
        """All ways to log in, and which of them can be reached now."""
        origins = await asyncio.gather(*(_origin(speaker) for speaker in self._speakers.values()))
        return [WayToLogIn(*way) for way in zip(self.upstreams, origins, strict=True)]

    async def start(self, upstream_id: str, purpose: Purpose, browser: str) -> str:
        """Begin a login of this browser; returns the address to send it to.

        Raises:
            UnknownUpstreamError: no upstream has that id.
            LevelNotReachedError: that upstream never reaches the level.
            UpstreamUnavailableError: it does not answer.
        """
        speaker = self._speaker(upstream_id)
        if purpose.wanted > speaker.upstream.highest:
            raise LevelNotReachedError(purpose.wanted, speaker.upstream.highest)
        await speaker.origin()  # nothing is remembered for an upstream that is down
        state, pending = await self._pending.begin(upstream_id, purpose, browser)
        return await speaker.address(state, pending)

    async def finish(
        self, upstream_id: str, answer: Sequence[tuple[str, str]], browser: str | None
    ) -> Arrival:
        """Take somebody back.

        The state is spent before anything else is looked at, so that no answer is tried twice.

        `answer` are the parameters of the callback, in order and with repetitions; `browser` is the value that `start`
        was given, as this browser's cookie says it.

        Raises:
            BrokerError: with its `purpose`, once it is certain that the answer is this browser's.
        """
        speaker = self._speaker(upstream_id)
        parameters = dict(answer)
        if len(parameters) < len(answer):  # RFC 6749, section 3.1: none may come twice
            raise AnswerRefusedError("A parameter of the answer comes twice.")
        if "state" not in parameters:
            raise StateRefusedError("The answer has no state.")
        pending = await self._pending.spend(parameters["state"], upstream_id, browser)
        try:
            identified = await speaker.identify(parameters, pending)
        except BrokerError as error:
            error.purpose = pending.purpose
            raise
        return Arrival(await self._authentication(identified), pending.purpose)

    async def _authentication(self, identified: Identified) -> Authentication:
        account = await self._accounts.find_or_create(identified)
        return Authentication(
            account_id=account.id,
            level=identified.level,
            authenticated_at=identified.authenticated_at,
            upstream=identified.upstream,
            acting_for=account.organisation,
        )

    def _speaker(self, upstream_id: str) -> Speaker:
        speaker = self._speakers.get(upstream_id)
        if speaker is None:
            raise UnknownUpstreamError("There is no such identity provider.")
        return speaker


async def _origin(speaker: Speaker) -> str | None:
    try:
        return await speaker.origin()
    except UpstreamUnavailableError:
        return None
