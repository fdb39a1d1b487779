"""All commands, by name."""

import click

from hub.cli.areas import areas
from hub.cli.clients import clients
from hub.cli.demo import demo
from hub.cli.export_schema import export_schema
from hub.cli.migrate import migrate
from hub.cli.serve import serve
from hub.cli.services import services
from hub.cli.sources import sources
from hub.cli.sync import sync


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="verbundhub")
def verbundhub() -> None:
    """One graph over Germany's public services, and one login across portals."""


for command in (areas, clients, demo, export_schema, migrate, serve, services, sources, sync):
    verbundhub.add_command(command)
