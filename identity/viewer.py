from dataclasses import dataclass

from identity.assurance import AssuranceLevel
from identity.subject import Organisation, Subject


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking the graph: the subject, how sure we are, and for whom they act."""

    subject: Subject
    assurance: AssuranceLevel
    acting_for: Organisation | None = None
