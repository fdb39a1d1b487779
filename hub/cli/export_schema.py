import click

from schema.build import build_schema


@click.command("export-schema")
def export_schema() -> None:
    """Print the graph's schema (SDL)."""
    click.echo(build_schema().as_str())
