"""Tables of the third database: deliveries, runs, webhooks, what links answer. Never exported with the catalogue.

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
_Number = BigInteger().with_variant(Integer(), "sqlite")

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
    Column("bytes_of", _Key),  # its very bytes are kept with this run
    Column(
        "same_as", _Key
    ),  # it ended without being read: all that it says this run had said (pipeline.repeat)
    Column(
        "retention", String(8), nullable=False, server_default="kept"
    ),  # kept, pruning, pruned: journal.Run.kept
    Index("sync_run_by_source", "source", "created_at"),
    Index("sync_run_by_bytes", "bytes_of"),
    Index("sync_run_by_same", "same_as"),
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

sync_foreseen = (
    Table(  # what a dry run would make of each object (pipeline.foreseen); kept as long as bytes are
        "sync_foreseen",
        metadata,
        Column("run", _Key, ForeignKey("sync_run.id", ondelete="CASCADE"), primary_key=True),
        Column("object", _Key, primary_key=True),  # catalog.keys.EntryId
        Column("before", LargeBinary),  # contents as `version.payload` holds them
        Column("after", LargeBinary),
    )
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

link = Table(  # an address that live entries name, without its fragment, and what was found there
    "link",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("digest", LargeBinary(16), nullable=False, unique=True),  # of the address
    Column("url", Text, nullable=False),
    Column("host", _Key, nullable=False),
    Column("verdict", String(8)),  # catalog_sync.links.verdicts.Verdict; null: not asked yet
    Column("answer", String(16)),  # an HTTP status, or a word of links.verdicts.Trouble
    Column("target", Text),  # of one that moved: where to
    Column("since", BigInteger),  # since when it is so; of one that fails: since the first failure
    Column("checked_at", BigInteger),
    Column("failures", Integer, nullable=False, server_default="0"),  # a day or more apart
    Column("missing", Integer, nullable=False, server_default="0"),  # how often in a row it was not there
    Column("counted_at", BigInteger, nullable=False, server_default="0"),  # when one of them was counted last
    Column("due_at", BigInteger, nullable=False),
    Index("link_by_host", "host", "due_at"),
    Index("link_by_verdict", "verdict"),
)

link_use = Table(  # which entries name it
    "link_use",
    metadata,
    Column("entry", BigInteger, primary_key=True, autoincrement=False),  # number in the catalogue
    Column("link", _Number, ForeignKey("link.id", ondelete="CASCADE"), primary_key=True),
    Column("source", BigInteger, nullable=False),  # number in the catalogue
    Column("host", _Key, nullable=False),
    Column("place", String(40), nullable=False),  # where in the entry: links.extracting
    Index("link_use_by_link", "link", "source"),
    Index("link_use_by_source", "source", "host"),
)

link_host = Table(  # whose turn it is to ask a host, and until when nobody may
    "link_host",
    metadata,
    Column("host", _Key, primary_key=True),
    Column("due_at", BigInteger),  # of the first of its links; null: there are none
    Column("rest_until", BigInteger, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),  # visits in a row that were broken off
    Column("holder", _Key),
    Column("held_until", BigInteger, nullable=False, server_default="0"),
    Index("link_host_by_due", "due_at"),
)

link_robots = Table(  # what a site lets the link checker do (RFC 9309)
    "link_robots",
    metadata,
    Column("origin", _Key, primary_key=True),
    Column("fetched_at", BigInteger, nullable=False),
    Column("failing_since", BigInteger),  # since when it can't be read; null: it was
    Column("rules", Text, nullable=False),  # JSON of links.robots.Robots
)

link_state = Table(  # one row: up to where the catalogue's links were collected
    "link_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("cursor", _Key, nullable=False),
)
