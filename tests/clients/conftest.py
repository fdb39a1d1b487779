"""A hub that listens, with a small catalogue, for everything of this folder."""

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.catalogues import LAHN_DILL, WETZLAR, empty, files_in, opened, template
from tests.clients.programs import serving
from tests.makers import authority, message, online_service, rule, service

__all__ = ["template"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for all of them: the hub is started once."""
    for item in items:
        if "clients" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("clients"))


@dataclass(frozen=True, slots=True)
class RunningHub:
    """A hub that listens."""

    address: str
    folder: Path

    @property
    def graph(self) -> str:
        return f"{self.address}/graphql"

    def deliver(self, sent: bytes) -> None:
        """Deliver a message as Hesse; the hub tells of it by itself."""
        with ThreadPoolExecutor(1) as thread:  # the caller may be inside a running event loop
            thread.submit(asyncio.run, _delivered(self.folder, sent)).result()


async def _delivered(folder: Path, sent: bytes) -> None:
    async with opened(files_in(folder)) as (catalog, operations):
        await empty(catalog, operations, folder).deliver("hessen", sent)


def first_delivery() -> bytes:
    """One service with an authority and an online service, for two places."""
    return message(
        writes=[
            service("1", title={"de": "Personalausweis beantragen", "en": "Apply for an identity card"}),
            service("2", "99050012104000", title="Gewerbe anmelden"),
            authority("buergerbuero", name="Bürgerbüro Wetzlar"),
            authority("gewerbeamt", name="Gewerbeamt"),
            online_service("antrag"),
            rule("r1", "buergerbuero", "1", [WETZLAR]),
            rule("r2", "gewerbeamt", "2", [LAHN_DILL]),
            rule("r3", "antrag", "1", [LAHN_DILL], online=True),
        ]
    )


@pytest.fixture(scope="session")
def hub(template: Path, sqlite_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """The hub as `verbundhub serve` runs it."""
    folder = tmp_path_factory.mktemp("hub")
    shutil.copytree(sqlite_files, folder, dirs_exist_ok=True)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(partial(asyncio.run, _delivered(folder, first_delivery()))).result()
    with serving(folder) as address:
        yield RunningHub(address, folder)
