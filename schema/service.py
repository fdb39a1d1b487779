import strawberry

from catalog_sync.catalog.keys import LeikaKey
from catalog_sync.catalog.language import LanguageTag
from catalog_sync.catalog.records import ServiceRecord
from resolvers import descriptions, services, starting
from resolvers import responsibilities as rules
from resolvers.identifiers import global_id
from schema.enums import AssuranceLevel, Audience, StartReason
from schema.fields import VIEWER, relation, value, weighing
from schema.node import Node
from schema.online_service import OnlineService, OnlineServiceOffer
from schema.responsibility import Responsibility
from schema.scalars import Url
from schema.service_entry import RegulatoryType, ServiceEntry
from schema.text import Deadline, Duration, Fee, Link, Provenance, TextModule


@strawberry.type(description="OZG-Leistung: a bundle of services of the catalogue.")
class OzgBundle:
    """A bundle of services."""

    id = value(lambda root: root.number, strawberry.ID)
    name: str


@strawberry.type(description="Lebens- oder Unternehmenslage: the event in a person's or a firm's life.")
class LifeSituation:
    """An event in a person's or a firm's life."""

    id = value(lambda root: root.number, strawberry.ID)
    name: str


@strawberry.type(description="What a person in a place should read: all layers merged, module by module.")
class ServiceDescription:
    """What a person in a place should read."""

    title: str
    language: LanguageTag = strawberry.field(description="Of the title.")
    machine_translated: bool
    modules = relation(descriptions.modules, list[TextModule], weights=weighing(size=8))
    fees = relation(descriptions.fees, list[Fee])
    deadlines = relation(descriptions.deadlines, list[Deadline])
    processing_times = relation(descriptions.processing_times, list[Duration])
    legal_bases = relation(descriptions.legal_bases, list[Link], description="Handlungsgrundlagen, as links.")
    required_documents = relation(descriptions.required_documents, TextModule | None)
    keywords = relation(descriptions.keywords, list[str])
    provenance: Provenance = strawberry.field(description="Of the most specific layer used.")
    alternatives = value(
        descriptions.alternatives,
        list[ServiceEntry],
        description="Entries for an equally large area that did not win.",
    )


@strawberry.type(description="Whether the subject signed in may start now, and if not, what to do.")
class StartDecision:
    """Whether the subject signed in may start now."""

    allowed: bool
    reason: StartReason
    required: AssuranceLevel | None
    current: AssuranceLevel | None
    step_up_url: Url | None
    online_service: OnlineService | None


@strawberry.type(description="Leistung: what an administration does for someone, named by a LeiKa key.")
class Service(Node):
    """A service of the national catalogue."""

    id = value(lambda root: global_id("Service", root.leika_key), strawberry.ID)
    leika_key: LeikaKey
    title = relation(services.title, str)
    regulatory_types = relation(services.regulatory_types, list[RegulatoryType])
    ozg_bundle = relation(services.ozg_bundle, OzgBundle | None)
    life_situations = relation(services.life_situations, list[LifeSituation])
    audiences = relation(services.audiences, list[Audience])
    entries = relation(
        services.entries,
        list[ServiceEntry],
        description="Who describes it; with an area what holds there, most specific first.",
    )
    description = relation(
        descriptions.of_services, ServiceDescription | None, description="The merged answer.", lasting=True
    )
    responsibilities = relation(rules.of_services, list[Responsibility], lasting=True)
    online_services = relation(rules.offers_of_services, list[OnlineServiceOffer])
    required_assurance = relation(
        starting.required_assurance,
        AssuranceLevel | None,
        description="The area's online service's, else the merged description's.",
    )
    viewer_can_start = relation(
        starting.viewer_can_start,
        StartDecision,
        description="Matched against the subject signed in.",
        scope=VIEWER,
    )

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, ServiceRecord)
