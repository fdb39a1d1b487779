"""Tables of the accounts themselves: who exists, by which ways in, and for which organisations they came."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, SmallInteger, Table, Text

from identity.tables import metadata

account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),  # random; says nothing about the person
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    # As an upstream verified them at the last login; all may be absent:
    Column("name", Text),
    Column("given_name", Text),
    Column("family_name", Text),
    Column("birthdate", Text),  # ISO day
    Column("email", Text),
    Column("email_verified", Boolean),
    Column("street", Text),
    Column("postcode", Text),
    Column("city", Text),
    Column("country", Text),
)

account_link = Table(  # a way in: one person at one upstream
    "account_link",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("upstream", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),  # reached at the last login
    Column("linked_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Index("account_link_by_account", "account_id"),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Text, primary_key=True),  # random, the hub's own; portals see a pairwise one
    Column("issuer", Text, nullable=False),
    Column("key", Text, nullable=False),  # as the upstream names it
    Column("name", Text, nullable=False),
    Column("legal_form", Text),
    Column("register_number", Text),
    Index("organisation_identity", "issuer", "key", unique=True),
)

account_organisation = Table(  # for whom a person came, as their upstream said
    "account_organisation",
    metadata,
    Column("account_id", Text, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", Text, ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
)
