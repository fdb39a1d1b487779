"""What official lists say: areas (Destatis), the LeiKa catalogue with its OZG bundles and situations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from catalog_sync.catalog.tables.columns import Key, metadata

area = Table(
    "area",
    metadata,
    Column("code", BigInteger, primary_key=True),  # AreaCode: of the key, so that one place is one row
    Column("ars", String(12), nullable=False),
    Column("name", Text, nullable=False),
    Column("levels", SmallInteger, nullable=False),  # bits, 1 << index in AreaLevel: Hamburg is three of them
    Column("valid_from", Text),
    Column("valid_until", Text),  # the last day on which an official list had it; null: it exists
    Column(
        "part", Boolean, nullable=False, default=False
    ),  # a city's part (Ortsteil, Stadtbezirk), no municipality
    Column("population", Integer),
    Column("seat_postcode", String(5)),
    Column("sort_name", Text, nullable=False),  # folded: lower case, umlauts spelled out
    Column("earlier_names", Text),  # JSON array of [last day, name], the oldest first; null: none is known
    Index("area_by_name", "sort_name"),
)

area_successor = Table(
    "area_successor",
    metadata,
    Column("code", BigInteger, primary_key=True),
    Column("successor", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

area_postcode = Table(
    "area_postcode",
    metadata,
    Column("postcode", String(5), primary_key=True),
    Column("code", BigInteger, primary_key=True),
    Column("place", Text),  # the place name that the list gives beside it
    Index("area_postcode_by_area", "code"),
    sqlite_with_rowid=False,
)

area_list = Table(  # every list as it was imported: the three tables above are derived from all of them
    "area_list",
    metadata,
    Column("digest", Key, primary_key=True),  # SHA-256 of what was read, so that one list is one row
    Column("kind", Text, nullable=False),  # areas, changes, postcodes
    Column("name", Text, nullable=False),  # the file's name, for notices
    Column("as_of", Text, nullable=False),
    Column("position", Integer, nullable=False),  # the order of import, which decides between equal dates
    Column("content", LargeBinary, nullable=False),  # zlib of JSON, areas.listed
    sqlite_with_rowid=False,
)

leika_service = Table(  # the national catalogue
    "leika_service",
    metadata,
    Column("leika_key", String(14), primary_key=True),
    Column("title", Text, nullable=False),
    Column("regulatory_types", Text, nullable=False),  # JSON array of codes as listed
    Column("bundle_id", Text, ForeignKey("ozg_bundle.id")),
    Column("legal_basis", Text),
    sqlite_with_rowid=False,
)

ozg_bundle = Table(
    "ozg_bundle",
    metadata,
    Column("id", Key, primary_key=True),  # OZG number, such as 10513
    Column("name", Text, nullable=False),
    sqlite_with_rowid=False,
)

bundle_situation = Table(
    "bundle_situation",
    metadata,
    Column("bundle_id", Key, ForeignKey("ozg_bundle.id"), primary_key=True),
    Column("situation_id", Key, ForeignKey("life_situation.id"), primary_key=True),
    sqlite_with_rowid=False,
)

life_situation = Table(
    "life_situation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Text, nullable=False),
    Column("policy_field", Text),
    sqlite_with_rowid=False,
)
