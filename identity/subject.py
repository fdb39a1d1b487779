from dataclasses import dataclass
from enum import Enum


class SubjectKind(Enum):
    """In which capacity somebody is signed in."""

    CITIZEN = "citizen"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A business for which a person acts; `id` is pairwise for a portal, as a subject's is."""

    id: str
    name: str
    legal_form: str | None = None
    register_number: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whoever is signed in, as the asking party may know them.

    Attributes:
        id: for a portal its pairwise `sub` (OpenID Connect Core, section 8); for the hub's own pages the account's.
        name: only where it was granted to the asking party.
    """

    id: str
    name: str | None
    kind: SubjectKind
