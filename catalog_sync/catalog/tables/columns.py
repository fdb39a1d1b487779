from sqlalchemy import BigInteger, Integer, MetaData, String

metadata = MetaData()

Identity = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number: SQLite counts up by itself only for its own INTEGER."""

Key = String(collation="C").with_variant(String(), "sqlite")
"""A text that is compared and ordered by code point on both databases."""
