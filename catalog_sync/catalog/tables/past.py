"""What happened to the catalogue, in order: the feed of changes, and by it the catalogue of any day.

A row of `change` says that from its position on another version of an object answers, or none. Positions have no gaps:
whoever writes them is the catalogue's only writer until the transaction ends (`ledger.hold`).
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, String, Table, Text

from catalog_sync.catalog.tables.columns import Identity, Key, metadata

change = Table(
    "change",
    metadata,
    Column("pos", Identity, primary_key=True, autoincrement=False),
    Column("entry_id", Identity, nullable=False),
    Column("action", SmallInteger, nullable=False),  # chronicle.Action
    Column("version_id", Identity),  # what answers from here on; null: nothing
    Column(
        "at", BigInteger, nullable=False
    ),  # when, microseconds since 1970, UTC; never less than the row before
    Column("run", Key, nullable=False),
    Column("areas", Text, nullable=False),  # JSON array of AreaCodes in which an answer may differ
    Index("change_by_entry", "entry_id", "pos"),
    Index("change_by_time", "at"),
)

past_leika = Table(  # which entries ever described a service
    "past_leika",
    metadata,
    Column("leika_key", String(14), primary_key=True),
    Column("entry_id", Identity, primary_key=True),
    sqlite_with_rowid=False,
)

past_reference = Table(  # which rules and specialisations ever named an entry
    "past_reference",
    metadata,
    Column("named_id", Identity, primary_key=True),
    Column("entry_id", Identity, primary_key=True),
    sqlite_with_rowid=False,
)

deletion = Table(  # every delete that was delivered, so that a run's can be taken back
    "deletion",
    metadata,
    Column("entry_id", Identity, primary_key=True),
    Column("run", Key, primary_key=True),
    Column("message_at", BigInteger, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("reverted", Boolean, nullable=False, default=False),
    Index("deletion_by_run", "run", "entry_id"),
    sqlite_with_rowid=False,
)

holding = (
    Table(  # which runs held a version, at which message times: what is left of it when one is taken back
        "holding",
        metadata,
        Column("version_id", Identity, primary_key=True),
        Column("run", Key, primary_key=True),
        Column("message_at", BigInteger, primary_key=True),
        Column("position", BigInteger, primary_key=True),
        sqlite_with_rowid=False,
    )
)

swept = Table(  # the snapshots after which a source was swept
    "swept",
    metadata,
    Column("run", Key, primary_key=True),
    Column("source_id", Identity, nullable=False),
    Column("last_at", BigInteger, nullable=False),  # its latest message time
    sqlite_with_rowid=False,
)

spared = Table(  # what a snapshot named though it could not be taken: it is not missing there
    "spared",
    metadata,
    Column("entry_id", Identity, primary_key=True),
    Column("run", Key, primary_key=True),
    sqlite_with_rowid=False,
)

carried = Table(  # units that carried a rule: all that left it out again, and all but entry.carrier_id
    "carried",
    metadata,
    Column("unit_id", Identity, primary_key=True),
    Column("rule_id", Identity, primary_key=True),
    Column("withdrawn_at", BigInteger),  # the unit's newest message without the rule; null: all have it
    Column("withdrawn_position", Integer),
    Index("carried_by_rule", "rule_id"),
    sqlite_with_rowid=False,
)
