"""``verbundhub demo-prepare``: the demonstration's first step, a process of its own so that later starts skip it."""

import secrets
import time
from pathlib import Path

import click

from catalog_sync.pipeline.run import Pipeline
from catalog_sync.search.indexing import reindex
from catalog_sync.sources.files import files_of
from hub.cli.migrate import prepare
from hub.cli.running import Databases, run
from hub.config import Settings
from hub.demo.layout import Layout
from hub.demo.preparing import Preparation


@click.command("demo-prepare", hidden=True)
@click.option("--port", type=int, required=True)
def demo_prepare(port: int) -> None:
    """Make databases, keys, sample entries and registrations in HUB_DATA_DIR; `verbundhub demo` calls this."""

    async def work(settings: Settings, databases: Databases) -> None:
        await prepare(settings, databases)
        folder, take = settings.data_dir, _Take(databases)
        await Preparation(databases, Layout(port), folder, take, time.time, secrets.token_bytes).run()

    run(work)


class _Take:
    """Takes a file of the sample as `verbundhub sync import` does."""

    def __init__(self, databases: Databases) -> None:
        self._pipeline = Pipeline(
            databases.catalog,
            databases.operations,
            clock=time.time,
            random=secrets.token_bytes,
            reindex=reindex,
        )

    async def __call__(self, source: str, path: Path) -> None:
        await self._pipeline.deliver(source, files_of([path]))
