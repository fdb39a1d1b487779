"""Alembic runs this file; connection and metadata come from the caller, so that no address is read here."""

from alembic import context

options = context.config.attributes
context.configure(
    connection=options["connection"],
    target_metadata=options["metadata"],
    # Several sets of tables may share one PostgreSQL database: each counts its versions in a table of its own.
    version_table=f"alembic_version_{options['name']}",
    include_name=lambda name, kind, _: kind != "table" or name in options["metadata"].tables,
    render_as_batch=options["connection"].dialect.name == "sqlite",
)
context.run_migrations()
