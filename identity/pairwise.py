"""The names by which portals know people and businesses: another one for each sector (Core section 8.1)."""

import hashlib
import hmac
from dataclasses import dataclass, replace

from identity.opaque import b64url
from identity.subject import Organisation


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Makes pairwise names from the hub's own ids by HMAC-SHA256, so that no table of them is needed."""

    salt: bytes

    def subject(self, sector: str, account_id: str) -> str:
        """The `sub` of an account for a sector."""
        return self._name("account", sector, account_id)

    def organisation(self, sector: str, organisation: Organisation) -> Organisation:
        """The organisation under the name that a sector knows it by."""
        return replace(organisation, id=self._name("organisation", sector, organisation.id))

    def _name(self, kind: str, sector: str, own: str) -> str:
        message = f"{kind}\0{sector}\0{own}".encode()
        return b64url(hmac.new(self.salt, message, hashlib.sha256).digest())
