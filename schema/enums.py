"""The domain's enumerations as the graph shows them."""

import strawberry

from catalog_sync.catalog.keys import AreaLevel, EntryKind
from identity.assurance import AssuranceLevel
from identity.subject import SubjectKind
from resolvers.authorities import AddressKind, ContactChannel
from resolvers.hits import Field, How, Match
from resolvers.responsibilities import ResponsibilityRole
from resolvers.services import Audience
from resolvers.starting import StartReason
from resolvers.texts import DeadlineKind, FeeKind, TextModuleKind, TimeUnit

strawberry.enum(AreaLevel, description="Ebene eines Gebiets.")
strawberry.enum(AssuranceLevel, description="Vertrauensniveau (eIDAS): codes 10, 20, 30, 40.")
strawberry.enum(EntryKind, description="Art eines Objekts: LB, OE, OD, ZS, SP.")
strawberry.enum(AddressKind, description="Anschrifttyp.")
strawberry.enum(ContactChannel, description="Kommunikationskanal.")
strawberry.enum(ResponsibilityRole, description="Rolle: zuständige Stelle (01) oder Ansprechpunkt (03).")
strawberry.enum(Audience, description="Leistungsadressat.")
strawberry.enum(StartReason, description="Warum man online beginnen kann, oder nicht.")
strawberry.enum(TextModuleKind, description="Textmodul einer Leistungsbeschreibung.")
strawberry.enum(FeeKind, description="Art einer Gebühr: fest, frei oder in einem Rahmen.")
strawberry.enum(DeadlineKind, description="Art einer Frist: Dauer oder Stichtag.")
strawberry.enum(TimeUnit, description="Zeiteinheit.")
strawberry.enum(Field, name="SearchField", description="Wo ein gefragtes Wort steht.")
strawberry.enum(How, name="MatchedBy", description="Auf welchem Weg ein gefragtes Wort gefunden wurde.")
strawberry.enum(
    Match, name="HitMatch", description="Ob ein Treffer selbst antwortet oder einem verwandten folgt."
)
strawberry.enum(SubjectKind, description="In welcher Eigenschaft jemand angemeldet ist.")

__all__ = [
    "AddressKind",
    "AreaLevel",
    "AssuranceLevel",
    "Audience",
    "ContactChannel",
    "DeadlineKind",
    "EntryKind",
    "FeeKind",
    "Field",
    "How",
    "Match",
    "ResponsibilityRole",
    "StartReason",
    "SubjectKind",
    "TextModuleKind",
    "TimeUnit",
]
