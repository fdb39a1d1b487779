"""Everything that has to be there before the demonstration's programs start; done once, checked at every start."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec
from sqlalchemy import Connection

from catalog_sync.areas.importing import import_areas
from catalog_sync.areas.recognition import read_sources
from catalog_sync.leika.importing import import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.search.indexing import reindex_all
from catalog_sync.sources.registry import UnknownSource, add_source, source_by_key
from hub.database import Database
from hub.demo import sample
from hub.demo.layout import Layout
from hub.demo.offices import (
    OFFICES,
    PORTALS,
    Office,
    client_name,
    portal_file,
    portal_settings,
    upstreams,
)
from hub.demo.state import State, keep_state, read_state, stamp, write_private
from identity.opaque import Clock, Random, micros, new_secret
from identity.provider import clients
from identity.provider.clients import Registration
from identity.source_tokens import SourceTokens

TakeMessage = Callable[[str, Path], Awaitable[None]]
"""Takes one XZuFi file as a delivery of a source, as `verbundhub sync import` does."""


class Databases(Protocol):
    """The open databases."""

    @property
    def catalog(self) -> Database:
        """Entries, areas, services."""
        ...

    @property
    def identity(self) -> Database:
        """Clients and tokens."""
        ...


@dataclass(frozen=True, slots=True)
class Preparation:
    """One start's preparation.

    Attributes:
        folder: where databases, keys, files for the programs and the remembered state are.
    """

    databases: Databases
    layout: Layout
    folder: Path
    take: TakeMessage
    clock: Clock
    random: Random

    async def run(self) -> State:
        """Prepare what is missing; a second start finds all of it."""
        state = read_state(self.folder)
        await self._catalogue(state)
        await self._tokens(state)
        await self._clients(state)
        state.upstream_secret = state.upstream_secret or new_secret(self.random)
        write_private(self.folder / "upstreams.toml", upstreams(self.layout, state).encode())
        for office in PORTALS:
            settings = portal_settings(self.layout, office, state)
            write_private(portal_file(self.folder, office.key), msgspec.json.encode(settings))
        state.port = self.layout.port
        keep_state(self.folder, state)  # last: what stands in it is all there
        return state

    async def _catalogue(self, state: State) -> None:
        mark = stamp()
        if state.stamp == mark and not await self._missing_sources():
            return
        today = datetime.fromtimestamp(self.clock(), UTC).date().isoformat()
        lists = read_sources([sample.AREAS], postcodes=[sample.POSTCODES], today=today)
        await self.databases.catalog.write(partial(import_areas, sources=lists))
        services = read_catalogue([sample.LEIKA, sample.BUNDLES, sample.SITUATIONS])
        await self.databases.catalog.write(partial(import_services, catalogue=services))
        for office in await self._missing_sources():
            await self.databases.catalog.write(partial(_add, office=office, now=micros(self.clock)))
        await self.take(OFFICES[0].key, OFFICES[0].message)
        await self.databases.catalog.write(reindex_all)
        state.stamp = mark

    async def _missing_sources(self) -> list[Office]:
        return await self.databases.catalog.read(
            lambda connection: [o for o in OFFICES if not _there(connection, o)]
        )

    async def _tokens(self, state: State) -> None:
        tokens = SourceTokens(self.databases.identity, self.clock, self.random)
        for office in OFFICES:
            granted = await tokens.verify(state.source_tokens.get(office.key, ""))
            if granted is None or granted.source != office.key:
                state.source_tokens[office.key] = await tokens.issue(office.key)

    async def _clients(self, state: State) -> None:
        for office in PORTALS:
            name = client_name(self.layout, office)
            client_id = state.clients.get(name, ("", ""))[0]
            known = partial(clients.load, client_id=client_id)
            if await self.databases.identity.read(known) is None:
                asked = registration(self.layout, office)
                add = partial(clients.register, asked=asked, random=self.random, now=micros(self.clock))
                client, secret = await self.databases.identity.write(add)
                state.clients[name] = (client.client_id, secret or "")


def registration(layout: Layout, office: Office) -> Registration:
    """A portal as OpenID client of the hub."""
    settings = portal_settings(layout, office, State())
    return Registration(
        name=settings.name,
        redirect_uris=(settings.callback,),
        post_logout_redirect_uris=(settings.signed_out,),
        backchannel_logout_uri=settings.backchannel_logout,
    )


def _there(connection: Connection, office: Office) -> bool:
    try:
        source_by_key(connection, office.key)
    except UnknownSource:
        return False
    return True


def _add(connection: Connection, office: Office, now: int) -> None:
    add_source(connection, office.key, office.name, agencies=[office.agency], areas=[office.area], now=now)
