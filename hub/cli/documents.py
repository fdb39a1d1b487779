"""``verbundhub documents``: what portals ask, imported so that it is asked for by name, or nothing else is run."""

import json
import time
from functools import partial
from pathlib import Path

import click

from hub.cli.running import Databases, run
from hub.config import Settings
from hub.documents import book
from hub.documents.book import Kept, hash_of
from hub.documents.files import check_documents, read_documents
from hub.execution.operations import Operations
from schema.build import build_schema

_DAY = 24 * 3600


@click.group("documents")
def documents() -> None:
    """Trusted documents: operations that portals ask, known by name."""


@documents.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Forget all trusted documents that are not in FILE.")
def import_(*, file: Path, replace: bool) -> None:
    """Import trusted documents from FILE, all or none.

    FILE is a JSON object of ids and texts (graphql-codegen, Relay), Apollo's manifest, or one GraphQL document.
    """

    async def work(settings: Settings, databases: Databases) -> tuple[int, int]:
        texts = read_documents(file)
        checked = Operations(build_schema()._schema)  # noqa: SLF001 - the executable schema has no public name
        check_documents(texts, lambda text: [error.message for error in checked.document(text).errors])
        take = partial(book.take, texts=texts, day=int(time.time() // _DAY), replace=replace)
        return len(texts), await databases.operations.write(take)

    total, new = run(work)
    click.echo(f"{total} trusted documents in {file.name}; {new} of them are new or other than before.")


@documents.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a list of {id, hash, text}.")
def list_(*, as_json: bool) -> None:
    """List all trusted documents."""

    async def work(settings: Settings, databases: Databases) -> list[Kept]:
        return await databases.operations.read(book.listed)

    found = run(work)
    if as_json:
        told = [{"id": one.id, "hash": hash_of(one.text), "text": one.text} for one in found]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.id}  {' '.join(one.text.split())[:80]}")
