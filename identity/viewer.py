from dataclasses import dataclass

from identity.assurance import AssuranceLevel
from identity.subject import Organisation, Subject


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking the graph: the subject, how sure we are, and for whom they act.

    Attributes:
        step_up_url: where the person goes to reach a higher level; ``{acr}`` stands for the level's `acr` and
            ``{next}`` for the encoded address to come back to. None where the asking portal has its own way.
    """

    subject: Subject
    assurance: AssuranceLevel
    acting_for: Organisation | None = None
