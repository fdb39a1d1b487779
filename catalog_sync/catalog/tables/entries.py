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
    text,
)

from catalog_sync.catalog.tables.columns import Identity, Key, metadata

_CARRIED = text("carrier_id IS NOT NULL")

source = Table(
    "source",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("agencies", Text, nullable=False),  # JSON array of agency ids
    Column("areas", Text, nullable=False),  # JSON array of AreaKeys that it may write
    Column("index_url", Text),
    Column("every_seconds", Integer),
    Column(
        "shrink", Text, nullable=False, server_default="{}"
    ),  # JSON: kind or * -> part that may go unasked
    Column("created_at", BigInteger, nullable=False),
    Column("last_run", Text),  # the newest finished run and when it ended
    Column("fresh_at", BigInteger),
    Column("steady_run", Text),  # nothing has happened to its objects since this run (catalog.steady)
    Column("steady_reader", Text),  # how that one was read
    Column("swept_at", BigInteger),  # latest message time of its newest snapshot; null: it has sent none
)

entry = Table(
    "entry",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("kind", SmallInteger, nullable=False),  # EntryKind.number
    Column("agency", Key, nullable=False),
    Column("value", Key, nullable=False),
    Column("live", Boolean, nullable=False, default=False),  # delivered and not deleted
    Column("waiting", Boolean, nullable=False, default=False),  # live, but names an object that is not
    Column("source_id", Identity),  # whose delivery wrote the winning version
    Column("deleted_at", BigInteger),  # time of the newest message that deleted it
    Column("deleted_position", Integer),
    Column("version_id", Identity),  # the winning version
    Column("carrier_id", Identity),  # the last of the units that carried a rule; others are in `carried`
    # What every answer about it needs, of the winning version:
    Column("version_label", Text),
    Column("changed_at", BigInteger),  # geaendertDatumZeit as delivered; null where none was
    Column("received_at", BigInteger),
    Column("approved_at", Text),
    Column("head", LargeBinary),  # JSON, catalog.stored.*Head: names or titles and the small facts
    UniqueConstraint("kind", "agency", "value", name="entry_identity"),
    Index("entry_by_source", "source_id", "kind"),
    Index("entry_by_carrier", "carrier_id", sqlite_where=_CARRIED, postgresql_where=_CARRIED),
)

body = Table(  # what only a detailed answer needs: fees, deadlines, links, addresses, hours
    "body",
    metadata,
    Column("entry_id", Identity, primary_key=True),
    Column("facts", LargeBinary, nullable=False),  # JSON, catalog.stored.*Facts
    sqlite_with_rowid=False,
)

text_module = Table(
    "text_module",
    metadata,
    Column("entry_id", Identity, primary_key=True),
    Column("ordinal", Integer, primary_key=True),  # the order in which the office shows them
    Column("code", String(8), nullable=False),
    Column("language", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("links", LargeBinary),  # JSON array of model.Link, the module's, in each of its languages
    sqlite_with_rowid=False,
)

version = Table(
    "version",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("entry_id", Identity, nullable=False),
    Column("content_hash", LargeBinary(16), nullable=False),  # over the payload
    Column(
        "delivered_hash", LargeBinary(16), nullable=False
    ),  # over the element as it came; of a rule inside a unit held.mark_of
    Column("changed_at", BigInteger),  # geaendertDatumZeit, null where none was delivered
    Column("message_at", BigInteger, nullable=False),  # erstelltDatumZeit of the newest message that held it
    Column("position", Integer, nullable=False),  # in that message
    Column("received_at", BigInteger, nullable=False),  # when it came first
    Column("source_id", Identity, nullable=False),
    Column("run", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # zlib of the model object as JSON
    Column("reverted", Boolean, nullable=False, default=False),  # all runs that held it were taken back
    Index("version_by_entry", "entry_id"),
)

entry_leika = Table(  # which entries describe a service
    "entry_leika",
    metadata,
    Column("leika_key", String(14), primary_key=True),
    Column("entry_id", Identity, primary_key=True),
    Index("entry_leika_by_entry", "entry_id"),
    sqlite_with_rowid=False,
)

entry_area = Table(  # where a description or a specialisation holds, its source's areas filled in
    "entry_area",
    metadata,
    Column("entry_id", Identity, primary_key=True),
    Column("area", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

specialises = Table(  # which specialisations change an entry
    "specialises",
    metadata,
    Column("service_id", Identity, primary_key=True),
    Column("entry_id", Identity, primary_key=True),
    Index("specialises_by_entry", "entry_id"),
    sqlite_with_rowid=False,
)

rule = Table(  # a responsibility's references, also while one of them is missing
    "rule",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("service_id", Identity, nullable=False),
    Column("owner_id", Identity, nullable=False),
    Column("role", SmallInteger, nullable=False),  # 1 competent authority, 3 contact point, 0 online service
    Column("areas", Text, nullable=False),  # JSON array of AreaCodes
    Index("rule_by_service", "service_id"),
    Index("rule_by_owner", "owner_id"),
)

edge = Table(  # the rules that may answer: rule, service and owner are live; one row an area
    "edge",
    metadata,
    Column("service_id", Identity, primary_key=True),
    Column("area", BigInteger, primary_key=True),
    Column("role", SmallInteger, primary_key=True),
    Column("owner_id", Identity, primary_key=True),
    Column("rule_id", Identity, primary_key=True),
    sqlite_with_rowid=False,
)


sync_batch = Table(  # the marker that a batch of a run is in the catalogue, and what its outcomes were
    "sync_batch",
    metadata,
    Column("run", Key, primary_key=True),
    Column("batch", Integer, primary_key=True),
    Column("outcomes", LargeBinary, nullable=False),
    Column("until", BigInteger),  # number of the last element of the delivery in it; null: of a sweep
    sqlite_with_rowid=False,
)

state = Table(  # one row
    "state",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("position", BigInteger, nullable=False),  # raised by every transaction that changes an answer
    Column("areas_version", BigInteger, nullable=False),
    Column("feed", BigInteger, nullable=False, server_default="0"),  # the newest position in `change`
    Column(
        "epoch", String(16), nullable=False, server_default=""
    ),  # which catalogue the feed's positions belong to
)
