"""The databases' versions: Alembic, one folder of versions for each of the three sets of tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData

from catalog_sync.catalog.tables import metadata as catalog
from catalog_sync.operations import metadata as operations
from hub.documents import tables as document_tables
from identity import account_tables, tables
from identity.broker import tables as broker_tables

METADATA: dict[str, MetaData] = {"catalog": catalog, "identity": tables.metadata, "operations": operations}
IDENTITY_TABLES = (tables, account_tables, broker_tables)
"""The modules that add their tables to the accounts' set when they are imported."""

OPERATIONS_TABLES = (document_tables,)
"""Likewise for the operations' set."""

_HERE = Path(__file__).parent


def configuration(connection: Connection, name: str) -> Config:
    """Alembic's configuration for the database ``catalog``, ``identity`` or ``operations``."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("version_locations", str(_HERE / name))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, metadata=METADATA[name], name=name)
    return config


def upgrade(connection: Connection, name: str) -> None:
    """Create or upgrade one database's tables inside the connection's transaction."""
    command.upgrade(configuration(connection, name), "head")
