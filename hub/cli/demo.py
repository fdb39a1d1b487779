"""``verbundhub demo``: hub, two stand-in state portals and a stand-in identity provider, with sample entries."""

import asyncio
import os
import secrets
import time
from pathlib import Path

import click

from catalog_sync.errors import CatalogError
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.search.indexing import reindex
from catalog_sync.sources.files import files_of
from hub.cli.migrate import prepare
from hub.cli.running import USAGE, Databases, fail, open_databases
from hub.demo.layout import Layout
from hub.demo.preparing import Preparation
from hub.demo.programs import ProgramEndedError
from hub.demo.runner import check_ports, demo_settings, missing_assets, own_folder, programs, run_programs
from hub.demo.state import State
from hub.errors import HubError
from identity.errors import IdentityError

_LAST_PORT = 65_532
_FAILED = 1


@click.command("demo")
@click.option(
    "--port",
    type=click.IntRange(1024, _LAST_PORT),
    default=8000,
    show_default=True,
    help="The hub's port; the portals and the identity provider take the three after it.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Where its databases, keys and logs are.",
)
def demo(port: int, folder: Path) -> None:
    """Run the demonstration on this machine until Ctrl-C."""
    since = time.monotonic()
    layout, folder = Layout(port), folder.resolve()
    try:
        with own_folder(folder):
            check_ports(layout)
            if sentence := missing_assets():
                click.echo(sentence, err=True)
            click.echo(f"Preparing the demonstration in {folder} ...")
            state = asyncio.run(_prepared(layout, folder))
            asyncio.run(run_programs(programs(layout, folder, state, os.environ), layout, since, click.echo))
    except ProgramEndedError as error:
        fail(str(error), _FAILED)
    except HubError as error:
        fail(str(error), USAGE)
    except (CatalogError, IdentityError) as error:
        fail(error.sentence, _FAILED)


async def _prepared(layout: Layout, folder: Path) -> State:
    settings = demo_settings(layout, folder)
    async with open_databases(settings) as databases:
        await prepare(settings, databases)
        take = _Take(databases)
        return await Preparation(databases, layout, folder, take, time.time, secrets.token_bytes).run()


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
