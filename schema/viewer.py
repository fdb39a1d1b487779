import strawberry

from resolvers import viewers
from schema.enums import AssuranceLevel, SubjectKind
from schema.fields import value


@strawberry.type(description="Whoever is signed in; the id is one that no other portal knows.")
class Subject:
    """Whoever is signed in."""

    id: str
    name: str | None
    kind: SubjectKind


@strawberry.type(description="Unternehmen: for whom a person acts.")
class Organisation:
    """A business for which a person acts."""

    id: str
    name: str
    legal_form: str | None
    register_number: str | None


@strawberry.type(description="Who is asking.")
class Viewer:
    """Who is asking."""

    subject: Subject
    assurance = value(viewers.assurance, AssuranceLevel)
    acting_for: Organisation | None
