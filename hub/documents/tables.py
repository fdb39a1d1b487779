"""Documents that are asked for by a name instead of by their text; among the operations, for portals bring them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from catalog_sync.operations import metadata

_Key = String(collation="C").with_variant(String(), "sqlite")

document = Table(
    "document",
    metadata,
    Column("id", _Key, primary_key=True),  # what clients name it by: a hash, or what their tool made up
    Column("hash", _Key, nullable=False),  # SHA-256 of the text, hexadecimal
    Column("text", Text, nullable=False),
    Column("trusted", Boolean, nullable=False),  # imported by an operator; the others were sent by clients
    Column("size", Integer, nullable=False),  # bytes of the text
    Column("used_on", BigInteger, nullable=False),  # days since 1970 (UTC) of the last use that was noticed
    Index("document_by_hash", "hash"),
    Index("document_by_use", "trusted", "used_on"),
)
