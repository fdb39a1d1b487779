"""Tables of the accounts' database: clients, sessions, what was granted, and what was released.

Moments are microseconds since 1970 UTC. No secret, code or token rests here, only its SHA-256 (`identity.opaque`).
Private signing keys are files and not rows (`identity.keys`).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

metadata = MetaData()

client = Table(  # a portal as OpenID client; columns as in RFC 7591 section 2
    "client",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", Text),  # none for a public client
    Column("token_endpoint_auth_method", Text, nullable=False),
    Column("redirect_uris", Text, nullable=False),  # JSON array
    Column("post_logout_redirect_uris", Text, nullable=False),  # JSON array
    Column("backchannel_logout_uri", Text),
    Column("sector", Text, nullable=False),  # host that the pairwise names are made for
    Column("scopes", Text, nullable=False),  # JSON array; what it may ask for
    Column("id_token_signed_response_alg", Text, nullable=False),
    Column("require_pkce", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id", Text, primary_key=True),  # stays when the secret changes, so that portals stay known
    Column("secret_hash", Text, nullable=False, unique=True),  # of the cookie
    Column("account_id", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),  # all four of the newest event of logging in
    Column("authenticated_at", BigInteger, nullable=False),  # epoch seconds, as `auth_time` goes out
    Column("upstream", Text, nullable=False),
    Column("acting_for", Text),  # JSON object of an Organisation
    Column("created_at", BigInteger, nullable=False),
    Column("begun_at", BigInteger, nullable=False),  # when the newest event reached us
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("session_by_account", "account_id"),
    Index("session_by_expiry", "expires_at"),
)

session_client = Table(  # the portals that know a session; each by a name of its own
    "session_client",
    metadata,
    Column("session_id", Text, ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("client_id", Text, ForeignKey("client.client_id", ondelete="CASCADE"), primary_key=True),
    Column("sid", Text, nullable=False, unique=True),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("told_at", BigInteger),  # when the portal was told that the session ended
    Column("told", Text),  # and how that went: signed_out, failed, unsupported
)

consent = Table(
    "consent",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("client.client_id", ondelete="CASCADE"), primary_key=True),
    Column("asked", Text, nullable=False),  # JSON array of claims the person has decided about
    Column("granted", Text, nullable=False),  # JSON array of those given
    Column("given_at", BigInteger, nullable=False),
)

interaction = Table(  # an authorization request that waits for a person
    "interaction",
    metadata,
    Column("id_hash", Text, primary_key=True),
    Column("browser_hash", Text, nullable=False),  # another browser can't go on with it
    Column("client_id", Text, ForeignKey("client.client_id", ondelete="CASCADE"), nullable=False),
    Column("params", Text, nullable=False),  # JSON object, as asked
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Index("interaction_by_expiry", "expires_at"),
)

authorization_code = Table(
    "authorization_code",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("client.client_id", ondelete="CASCADE"), nullable=False),
    Column("session_id", Text, ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("scope", Text, nullable=False),  # space between, as on the wire
    Column("claims", Text, nullable=False),  # JSON array of the claims granted
    Column("nonce", Text),
    Column("code_challenge", Text),
    Column("level", SmallInteger, nullable=False),
    Column("authenticated_at", BigInteger, nullable=False),
    Column("acting_for", Text),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Index("authorization_code_by_expiry", "expires_at"),
)

access_token = Table(
    "access_token",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("code_hash", Text, nullable=False),  # what it was made from: reuse of that revokes this
    Column("client_id", Text, ForeignKey("client.client_id", ondelete="CASCADE"), nullable=False),
    Column("session_id", Text, ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("claims", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("acting_for", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("access_token_by_code", "code_hash"),
    Index("access_token_by_expiry", "expires_at"),
)

release = Table(  # what left the hub about whom, for the person to read
    "release",
    metadata,
    Column("account_id", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("purpose", Text, nullable=False),  # login, userinfo, graph
    Column("level", SmallInteger, nullable=False),
    Column("grant_hash", Text, nullable=False),  # the token or code it was released for
    Column("released_at", BigInteger, nullable=False),
    Index("release_by_account", "account_id", "released_at"),
    Index("release_by_grant", "grant_hash"),
)

source_token = Table(
    "source_token",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("source", Text, nullable=False),  # the source's key in the catalogue
    Column("scope", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("source_token_by_source", "source"),
)

source_staff = Table(  # who may see a source's runs and act on them
    "source_staff",
    metadata,
    Column("source", Text, primary_key=True),  # the source's key in the catalogue
    Column("account_id", Text, primary_key=True),
    Column("granted_at", BigInteger, nullable=False),
    Index("source_staff_by_account", "account_id"),
)

thesaurus_editor = Table(  # who may change the thesaurus
    "thesaurus_editor",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("granted_at", BigInteger, nullable=False),
)
