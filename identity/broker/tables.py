"""Tables of logins that are under way at an upstream."""

from sqlalchemy import BigInteger, Boolean, Column, Index, SmallInteger, Table, Text

from identity.tables import metadata

pending_login = Table(
    "pending_login",
    metadata,
    Column("state_hash", Text, primary_key=True),  # the state itself is only in the browser's address
    Column(
        "browser_hash", Text, nullable=False
    ),  # of the short-lived cookie: another browser can't finish it
    Column("upstream", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),  # PKCE
    Column("interaction", Text),  # the portal's request that waits for this login
    Column("next", Text),  # or the page of the hub
    Column("wanted", SmallInteger, nullable=False),  # AssuranceLevel; 0 is any
    Column("fresh", Boolean, nullable=False),  # the person must act now
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Index("pending_login_by_expiry", "expires_at"),
)
