"""Tables of the third database: raw deliveries, runs and their outcomes. Never exported with the catalogue.

Times are microseconds since 1970 (UTC). What a run did to each object rests in blocks, as the catalogue's batch marker
holds it: a snapshot of millions of unchanged objects would else cost more to journal than to read.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

_Key = String(collation="C").with_variant(String(), "sqlite")

sync_run = Table(
    "sync_run",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("source", _Key, nullable=False),
    Column("mode", String(8), nullable=False),  # delta or snapshot
    Column("dry_run", Boolean, nullable=False),
    Column("state", String(12), nullable=False),  # catalog_sync.journal.RunState
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("added", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("gone", Integer, nullable=False, default=0),
    Column("waiting", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
    Column("refused", Text, nullable=False, default="[]"),  # JSON array of journal.Refusal
    Column("notices", Text, nullable=False, default="[]"),  # JSON array of sentences about the run as a whole
    # Of a snapshot that waits to be confirmed: kind -> [how many would go, how many there are], JSON.
    Column("doomed", Text),
    Column("confirmed", Boolean, nullable=False, default=False),
    Column("reverts", _Key),  # the run that this one takes back
    Column(
        "retention", String(8), nullable=False, server_default="kept"
    ),  # kept, pruning, pruned: journal.Run.kept
    Index("sync_run_by_source", "source", "created_at"),
)

sync_file = Table(  # one file of a delivery
    "sync_file",
    metadata,
    Column("run", _Key, ForeignKey("sync_run.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("packed", Boolean, nullable=False),  # gzip, as it came
)

sync_chunk = Table(  # the bytes as they came, in pieces: no file is held in memory
    "sync_chunk",
    metadata,
    Column("run", _Key, primary_key=True),
    Column("file", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # zlib
)

sync_outcomes = Table(
    "sync_outcomes",
    metadata,
    Column("run", _Key, ForeignKey("sync_run.id", ondelete="CASCADE"), primary_key=True),
    Column("batch", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # catalog_sync.journal.Block
    # How many of each it holds, so that a page of some kind unpacks those blocks only that have it:
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("notices", Integer, nullable=False),
)

pull = Table(  # when a source is fetched next, and how often in a row that failed
    "pull",
    metadata,
    Column("source", _Key, primary_key=True),
    Column("due_at", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("reason", Text),
)

pull_file = Table(  # with what to ask whether a source's index (0) and files have changed
    "pull_file",
    metadata,
    Column("source", _Key, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
)

sync_lease = Table(  # whose turn it is: two deliveries of one source never interleave
    "sync_lease",
    metadata,
    Column("source", _Key, primary_key=True),
    Column("run", _Key, nullable=False),
    Column("holder", _Key, nullable=False, unique=True),  # pipeline.process, and which of its turns
    Column("beat_at", BigInteger, nullable=False),  # the holder's last sign of life
    Column("step", String(8)),  # what it is at: read or write; bytes or records done, and how many there are
    Column("done", BigInteger),
    Column("total", BigInteger),
)

webhook = Table(  # a receiver that is called when the catalogue changes; the feed is its queue
    "webhook",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("url", Text, nullable=False),
    Column("area", String(12)),  # AreaKey; null: all
    Column("secret", Text, nullable=False),  # whsec_...: needed for every signature, so kept as it is
    Column("created_at", BigInteger, nullable=False),
    Column("cursor", _Key, nullable=False),  # up to where it has heard
    Column("message_id", _Key),  # the message under way, the same in every attempt
    Column("message", Text),
    Column("message_cursor", _Key),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False, server_default="0"),
    Column("dead_at", BigInteger),  # since when the message is a dead letter
    Column("last_error", Text),
    Column("delivered_at", BigInteger),
    Column("holder", _Key),  # the process that calls it
    Column("held_until", BigInteger, nullable=False, server_default="0"),
)
