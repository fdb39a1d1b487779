"""All commands, by name; a command's module is loaded when it is asked for, so that a light one starts at once."""

from importlib import import_module

import click

_HOMES = {
    "areas": "hub.cli.areas:areas",
    "clients": "hub.cli.clients:clients",
    "demo": "hub.cli.demo:demo",
    "demo-prepare": "hub.cli.demo_prepare:demo_prepare",
    "documents": "hub.cli.documents:documents",
    "export": "hub.cli.export:export",
    "export-schema": "hub.cli.export_schema:export_schema",
    "migrate": "hub.cli.migrate:migrate",
    "serve": "hub.cli.serve:serve",
    "services": "hub.cli.services:services",
    "sources": "hub.cli.sources:sources",
    "sync": "hub.cli.sync:sync",
    "thesaurus": "hub.cli.thesaurus:thesaurus",
    "webhooks": "hub.cli.webhooks:webhooks",
}


class Commands(click.Group):
    """A group whose commands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, for the help page."""
        return sorted(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        home = _HOMES.get(cmd_name)
        if home is None:
            return None
        module, name = home.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="verbundhub")
def verbundhub() -> None:
    """One graph over Germany's public services, and one login across portals."""
