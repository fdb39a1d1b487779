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

strawberry.enum(AreaLevel, description="Ebene: how large an area is.")
strawberry.enum(AssuranceLevel, description="Vertrauensniveau: how surely somebody is who they say (eIDAS).")
strawberry.enum(EntryKind, description="Objektart: what kind of object an office delivers.")
strawberry.enum(AddressKind, description="Anschrifttyp: what an address is for.")
strawberry.enum(ContactChannel, description="Kommunikationskanal: how one reaches an office.")
strawberry.enum(ResponsibilityRole, description="Rolle: as what an authority is named.")
strawberry.enum(Audience, description="Leistungsadressat: for whom a service is.")
strawberry.enum(StartReason, description="Why one may start online, or may not.")
strawberry.enum(TextModuleKind, description="Textmodul: which part of a description a text is.")
strawberry.enum(FeeKind, description="Gebührenart: how a fee is set.")
strawberry.enum(DeadlineKind, description="Fristart: how a deadline is given.")
strawberry.enum(TimeUnit, description="Zeiteinheit of a span.")
strawberry.enum(Field, name="SearchField", description="Where a word that was asked for stands.")
strawberry.enum(How, name="MatchedBy", description="How a word that was asked for was found.")
strawberry.enum(
    Match, name="HitMatch", description="Whether a hit answers itself, or follows a relative that does."
)
strawberry.enum(SubjectKind, description="In which capacity somebody is signed in.")

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
