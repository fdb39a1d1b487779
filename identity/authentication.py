from dataclasses import dataclass

from identity.assurance import AssuranceLevel
from identity.subject import Organisation


@dataclass(frozen=True, slots=True)
class Authentication:
    """One event of somebody proving who they are at an upstream identity provider; a session is begun with it.

    Attributes:
        account_id: the hub's own account, never shown to a portal.
        level: the lower of what the upstream said and what that upstream may claim at most.
        authenticated_at: when the person acted at the upstream, epoch seconds (`auth_time`, Core section 2).
        upstream: the id of the upstream in the settings.
        acting_for: the business for which the person came; its id is the hub's own, made pairwise before a portal
            sees it.
    """

    account_id: str
    level: AssuranceLevel
    authenticated_at: int
    upstream: str
    acting_for: Organisation | None = None
