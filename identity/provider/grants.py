from dataclasses import dataclass

from identity.assurance import AssuranceLevel
from identity.provider.clients import Client
from identity.subject import Organisation


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for, all of it bound to the login at which the code was made.

    Attributes:
        granted: attributes that may be told.
        authenticated_at: epoch seconds (`auth_time`).
    """

    code_hash: str
    client: Client
    session_id: str
    account_id: str
    scopes: tuple[str, ...]
    granted: tuple[str, ...]
    nonce: str | None
    level: AssuranceLevel
    authenticated_at: int
    acting_for: Organisation | None
