"""The databases are made by migrations: they must say what the tables say."""

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine

from hub.migrations import METADATA, configuration, upgrade
from tests.conftest import Databases


@pytest.mark.parametrize("name", METADATA)
def test_migrations_make_what_the_tables_say(name: str) -> None:
    with create_engine("sqlite://").begin() as connection:
        upgrade(connection, name)
        command.check(configuration(connection, name))


@pytest.mark.parametrize("name", METADATA)
async def test_a_second_upgrade_changes_nothing(name: str, databases: Databases) -> None:
    def again(connection: Connection) -> None:
        upgrade(connection, name)
        command.check(configuration(connection, name))

    await getattr(databases, name).write(again)
