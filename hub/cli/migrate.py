import secrets
from functools import partial

import click
from sqlalchemy import Connection

from catalog_sync.search.thesaurus_shipped import take_shipped
from hub.cli.running import Databases, run, today
from hub.config import Settings
from hub.errors import ConfigError
from hub.migrations import METADATA, upgrade
from identity.keys import ensure_keys


@click.command("migrate")
def migrate() -> None:
    """Create or upgrade the databases, and keys, cookie secret and pairwise salt where absent."""
    run(_migrate)


async def _migrate(settings: Settings, databases: Databases) -> None:
    await prepare(settings, databases)
    click.echo(f"The databases are ready; secrets are in {settings.data_dir}.")


async def prepare(settings: Settings, databases: Databases) -> None:
    """Bring all three databases and the shipped thesaurus to the newest version and make the secrets that are missing.

    Raises:
        ConfigError: when the data folder can't be made or written.
    """
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        ensure_keys(settings.data_dir, secrets.token_bytes)
    except OSError as error:
        raise ConfigError(
            f"HUB_DATA_DIR is {settings.data_dir}, which can't be used: {error.strerror}."
        ) from error
    for name in METADATA:
        await getattr(databases, name).write(_upgrade_of(name))
    await databases.catalog.write(partial(take_shipped, today=today()))


class _upgrade_of:  # noqa: N801 - used as a function
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, connection: Connection) -> None:
        upgrade(connection, self.name)
