import click

from schema.build import build_schema
from schema.federation import subgraph_sdl


@click.command("export-schema")
@click.option(
    "--subgraph", is_flag=True, help="As composers of Apollo Federation read it, with keys of entities."
)
def export_schema(*, subgraph: bool) -> None:
    """Print the graph's schema (SDL)."""
    click.echo(subgraph_sdl().rstrip() if subgraph else build_schema().as_str())
