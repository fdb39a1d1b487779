"""The search's index, written in the transaction that changes the catalogue, and the words that editors add to it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from catalog_sync.catalog.tables.columns import Identity, Key, metadata

posting = Table(  # which services a token names, and in which fields
    "posting",
    metadata,
    Column("token", Key, primary_key=True),
    Column("services", LargeBinary, nullable=False),  # search.postings: sorted, 8 bytes a service
    Column("count", Integer, nullable=False),  # how many services; none: the token is gone
    Column(
        "strong", Boolean, nullable=False
    ),  # in a title, a keyword, a bundle's name: offered as a completion
    Column("surface", Text, nullable=False),  # a word as written, folded, that it stands for
    Column(
        "changed", BigInteger, nullable=False
    ),  # search_state.changed of the last transaction that wrote it
    Index("posting_changed", "changed"),
    sqlite_with_rowid=False,
)

indexed_service = Table(  # what the index holds of each service
    "indexed_service",
    metadata,
    Column("leika_key", String(14), primary_key=True),
    Column("analyzer", SmallInteger, nullable=False),  # version of the analyzer that read it
    Column(
        "taken", LargeBinary, nullable=False
    ),  # msgpack, service_rows: what it was read from, so that more can be added
    Column("titles", Text, nullable=False),  # JSON: of each title its stems; none: the service is gone
    Column("names", Text, nullable=False),  # JSON: languages and titles as written, the catalogue's first
    Column(
        "spellings", Text, nullable=False
    ),  # JSON: other words as written, for who is asked "did you mean"
    Column("marks", Text, nullable=False),  # JSON: what it is filtered and counted by, documents.MARKS
    Column("bundle_id", Text),
    Column("words", LargeBinary, nullable=False),  # msgpack: token -> fields
    Column("changed", BigInteger, nullable=False),
    Index("indexed_service_changed", "changed"),
    Index("indexed_service_analyzer", "analyzer"),
    sqlite_with_rowid=False,
)

search_state = Table(  # one row
    "search_state",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("changed", BigInteger, nullable=False),  # raised by every transaction that changes the index
    Column("thesaurus", BigInteger, nullable=False),  # raised by every transaction that changes the thesaurus
    Column("shipped", String(64)),  # SHA-256 of the shipped thesaurus that was taken in last
)

thesaurus_entry = Table(  # what people say -> what the catalogue says
    "thesaurus_entry",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("folded", Key, nullable=False),  # the word so that all its spellings are one
    Column("word", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("relation", String(8), nullable=False),  # same, use, related, none
    Column("means", Text, nullable=False),  # JSON array of phrases, best first
    Column("note", Text),
    Column("origin", Key, nullable=False),  # verbundhub, a name given by import, an editor's opaque name
    Column("changed_on", String(10), nullable=False),  # day
    Column("analyzer", SmallInteger, nullable=False),  # version of the analyzer that read it
    Column(
        "analysed", Text, nullable=False
    ),  # JSON: spoken, surfaces, stems, meant of thesaurus_entries.Analysed
    UniqueConstraint("folded", "language", "relation", "origin", name="thesaurus_word"),
    Index("thesaurus_entry_origin", "origin"),
)
