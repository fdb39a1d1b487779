"""``verbundhub thesaurus``: what people say and what the catalogue says for it, as files."""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import Connection

from catalog_sync.official_files import opened
from catalog_sync.search.thesaurus_check import Checked, Finding, check, vocabulary
from catalog_sync.search.thesaurus_entries import SHIPPED, Entry
from catalog_sync.search.thesaurus_files import BadThesaurus, ReadEntry, read_files, written
from catalog_sync.search.thesaurus_store import Changes, kept_entries, put, replace
from hub.cli.ending import REFUSED
from hub.cli.running import Databases, run, today
from hub.cli.thesaurus_editors import grant, grants, withdraw
from hub.config import Settings

_ORIGIN = "local"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_FILES = click.Path(path_type=Path, exists=True, dir_okay=False)


class _Rehearsed(Exception):  # noqa: N818 - undoes what was done
    """Ends a transaction without keeping it."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self.changes = changes


@click.group("thesaurus")
def thesaurus() -> None:
    """What people say, and what the catalogue says for it."""


thesaurus.add_command(grant)
thesaurus.add_command(grants)
thesaurus.add_command(withdraw)


@thesaurus.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option("--origin", default=_ORIGIN, show_default=True, help="Whose entries these are.")
@click.option("--replace", "whole", is_flag=True, help="Remove the origin's entries that no file has.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_command(
    *, files: tuple[Path, ...], origin: str, whole: bool, dry_run: bool, as_json: bool
) -> None:
    """Take in CSV files: word;language;relation;means;note, phrases of `means` with | between.

    Nothing is taken where anything is wrong; what is, is told with file and line.
    """
    _check_origin(origin)
    entries = [read.entry for read in _read(files, as_json=as_json)]

    def take(connection: Connection) -> Changes:
        done = (replace if whole else put)(connection, origin, entries, today())
        if dry_run:
            raise _Rehearsed(done)
        return done

    async def work(settings: Settings, databases: Databases) -> Changes:
        try:
            return await databases.catalog.write(take)
        except _Rehearsed as rehearsed:
            return rehearsed.changes

    done = run(work)
    if as_json:
        click.echo(json.dumps({"origin": origin, "dryRun": dry_run, **asdict(done)}))
        return
    counts = ", ".join(f"{number} {word}" for word, number in asdict(done).items())
    click.echo(f"{origin}: {counts}{' (nothing was kept)' if dry_run else ''}.")


@thesaurus.command("export")
@click.option(
    "--origin", default=_ORIGIN, show_default=True, help=f"Whose entries; {SHIPPED} for the shipped ones."
)
@click.option("--language", default=None, help="Only those of one language, like de.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def export_command(*, origin: str, language: str | None, file: Path | None) -> None:
    """Write an origin's entries as a file that `import` takes; to standard output without FILE."""

    async def work(settings: Settings, databases: Databases) -> list[Entry]:
        kept = await databases.catalog.read(lambda connection: kept_entries(connection, origin, language))
        return [one.entry for one in kept]

    text = written(run(work))
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")


@thesaurus.command("check")
@click.argument("files", nargs=-1, type=_FILES)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check_command(*, files: tuple[Path, ...], as_json: bool) -> None:
    """Say which entries the catalogue has no words for, which go in circles or are there twice; of FILES, else of all.

    The exit status is 1 where there is anything to be looked at.
    """
    read = [Checked(one.entry, f"{one.file}, line {one.line}") for one in _read(files, as_json=as_json)]

    def judged(connection: Connection) -> list[Finding]:
        kept = [] if files else [Checked(one.entry, one.origin) for one in kept_entries(connection)]
        return check(read or kept, vocabulary(connection))

    async def work(settings: Settings, databases: Databases) -> list[Finding]:
        return await databases.catalog.read(judged)

    found = run(work)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    for one in () if as_json else found:
        click.echo(f"{one.place}: {one.word} ({one.language}): {one.rule}: {one.sentence}")
    if found:
        click.get_current_context().exit(1)
    if not as_json:
        click.echo("Every entry leads to words of the catalogue.")


def _check_origin(origin: str) -> None:
    if origin == SHIPPED:
        raise click.UsageError(
            f"{SHIPPED} is the shipped thesaurus: give your entries an origin of their own."
        )
    if _NAME.fullmatch(origin) is None:
        raise click.UsageError("--origin is up to 60 letters, digits, hyphens, dots and low lines.")


def _read(files: Sequence[Path], *, as_json: bool) -> list[ReadEntry]:
    """The entries of all files; ends the command where anything is wrong in one."""

    async def work(settings: Settings, databases: Databases) -> list[ReadEntry] | BadThesaurus:
        try:
            return read_files(opened(path) for path in files)
        except BadThesaurus as error:
            return error

    found = run(work)
    if isinstance(found, BadThesaurus):
        _tell(found, as_json=as_json)
        sys.exit(REFUSED)
    return found


def _tell(found: BadThesaurus, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"faults": [asdict(one) for one in found.faults], "total": found.total}))
    for one in () if as_json else found.faults:
        click.echo(f"{one.file}, line {one.line}: {one.rule}: {one.sentence}", err=True)
    click.echo(f"verbundhub: {found.total} faults; nothing was taken.", err=True)
