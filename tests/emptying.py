"""What a test left in tables on a server, gone again.

`TRUNCATE` of all tables makes a new file for each of them and for each of their indexes, some hundreds for every test;
most tests fill a handful of tables with a handful of rows.
"""

from sqlalchemy import Connection, text

from hub.migrations import METADATA

_LARGE_BYTES = 1 << 20
_EMPTY = """
DO $$
DECLARE
  name text;
  filled boolean;
BEGIN
  FOREACH name IN ARRAY ARRAY[{tables}]::text[] LOOP
    IF pg_relation_size(format('%I', name)::regclass) > {large} THEN
      EXECUTE format('TRUNCATE %I CASCADE', name);
    ELSIF pg_relation_size(format('%I', name)::regclass) > 0 THEN
      EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
      IF filled THEN
        EXECUTE format('DELETE FROM %I', name);
      END IF;
    END IF;
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


def empty_tables(connection: Connection, name: str) -> None:
    """Empty all tables of one set on PostgreSQL, those that name others first; identities begin anew."""
    tables = ", ".join(f"'{table.name}'" for table in reversed(METADATA[name].sorted_tables))
    if tables:
        connection.execute(text(_EMPTY.format(tables=tables, large=_LARGE_BYTES)))
