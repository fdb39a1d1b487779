"""A catalogue on SQLite copied to PostgreSQL, table by table: quicker than taking all deliveries once more."""

from pathlib import Path

import asyncpg
from sqlalchemy import create_engine, select

from hub.database import open_database
from hub.migrations import METADATA, upgrade


async def copy_catalogue(file: Path, address: str) -> None:
    """Make the catalogue's tables in an empty database, and fill them from a file."""
    database = open_database(address)
    try:
        await database.write(lambda connection: upgrade(connection, "catalog"))
    finally:
        await database.close()
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(
            "SET session_replication_role = replica"
        )  # constraints hold in the file already
        with create_engine(f"sqlite:///{file}").connect() as reading:
            for table in METADATA["catalog"].sorted_tables:
                names = [column.name for column in table.columns]
                records = [tuple(row) for row in reading.execute(select(table))]
                await connection.execute(f'TRUNCATE "{table.name}" CASCADE')
                await connection.copy_records_to_table(table.name, records=records, columns=names)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
