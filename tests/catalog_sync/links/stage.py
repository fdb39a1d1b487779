"""A hub with entries that name addresses, a link checker over it, and a clock that the test sets."""

import itertools
from asyncio import sleep
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, select

from catalog_sync.links.checking import LinkChecker
from catalog_sync.links.findings import LinkFindings
from catalog_sync.links.limits import Limits
from catalog_sync.links.outside import Outside
from catalog_sync.operations import link, link_host, link_use
from hub.egress import Egress, Resolve
from hub.probing import LinkProber
from tests.catalog_sync.links.site import Site
from tests.catalog_sync.pipeline.hub import START, Hub
from tests.makers import Name, message, online_service

HOUR, DAY = 3600.0, 86400.0


@dataclass
class Time:
    """A clock that stands until somebody sleeps or the test sets it."""

    now: float = START

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await sleep(0)


def zeros(size: int) -> bytes:
    """No chance: each wait is as short as may be."""
    return next(_numbers).to_bytes(size) if size == 8 else bytes(size)


_numbers = itertools.count(1)


@dataclass
class Stage:
    """What a test of the link checker holds."""

    hub: Hub
    time: Time
    sites: Sequence[Site]
    resolve: Resolve | None = None
    seconds: float = 10.0
    limits: Limits = field(default_factory=Limits)

    def outside(self) -> LinkProber:
        allow = [f"{one.host}:{one.port}" for one in self.sites]
        return LinkProber(Egress(allow, resolve=self.resolve), "https://hub.example", seconds=self.seconds)

    def checker(self, outside: Outside | None = None, **limits: Any) -> LinkChecker:
        stores = self.hub.databases.catalog, self.hub.databases.operations
        return LinkChecker(
            *stores,
            outside or self.outside(),
            self.time,
            zeros,
            limits=replace(self.limits, **limits),
            sleep=self.time.sleep,
        )

    async def deliver(
        self, *urls: str, id: str = "1", source: str = "hessen", agency: str = "L100042"
    ) -> None:
        """Online services, each with one address."""
        writes = [online_service(Name(agency, f"{id}-{number}"), url=url) for number, url in enumerate(urls)]
        report = await self.hub.deliver(message(writes=writes), source=source)
        assert report["counts"]["rejected"] == 0, report

    async def check(self, *urls: str, **limits: Any) -> dict[str, tuple[str | None, str | None]]:
        """Deliver, collect and ask all that is due; gives verdict and answer by path."""
        if urls:
            await self.deliver(*urls)
        checker = self.checker(**limits)
        await checker.collect()
        await checker.round()
        return await self.verdicts()

    async def later(self, seconds: float, **limits: Any) -> dict[str, tuple[str | None, str | None]]:
        """The same, so much later."""
        self.time.now += seconds
        return await self.check(**limits)

    async def rows(self) -> Mapping[str, Row[Any]]:
        """All addresses, by path."""
        found = await self.hub.databases.operations.read(lambda c: c.execute(select(link)).all())
        return {"/" + row.url.split("/", 3)[3]: row for row in found}

    async def verdicts(self) -> dict[str, tuple[str | None, str | None]]:
        return {path: (row.verdict, row.answer) for path, row in (await self.rows()).items()}

    async def uses(self) -> set[tuple[int, str]]:
        """Entry and address."""
        query = select(link_use.c.entry, link.c.url).join(link, link.c.id == link_use.c.link)
        return {
            (row[0], row[1])
            for row in await self.hub.databases.operations.read(lambda c: c.execute(query).all())
        }

    async def host(self, name: str) -> Row[Any]:
        query = select(link_host).where(link_host.c.host == name)
        return await self.hub.databases.operations.read(lambda c: c.execute(query).one())

    def findings(self) -> LinkFindings:
        return LinkFindings(self.hub.databases.operations)
