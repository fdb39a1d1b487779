"""``verbundhub demo``: hub, two stand-in state portals and a stand-in identity provider, with sample entries."""

import asyncio
import os
import time
from pathlib import Path

import click

from hub.cli.ending import USAGE, fail
from hub.demo.layout import Layout
from hub.demo.programs import ProgramEndedError
from hub.demo.runner import check_ports, missing_assets, own_folder, prepared, programs, run_programs
from hub.errors import HubError

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
            state, fresh = prepared(layout, folder, os.environ, click.echo)
            made = programs(layout, folder, state, os.environ, fresh=fresh)
            asyncio.run(run_programs(made, layout, since, click.echo))
    except ProgramEndedError as error:
        fail(str(error), _FAILED)
    except HubError as error:
        fail(str(error), USAGE)
