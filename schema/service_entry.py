import datetime as dt
from typing import Annotated

import strawberry

from catalog_sync.catalog.keys import EntryId, LeikaKey
from catalog_sync.catalog.language import LanguageTag
from catalog_sync.catalog.records import ServiceEntryRecord, SpecialisationRecord
from catalog_sync.quality.rules import QualityRule
from resolvers import areas, entries, quality
from resolvers import regulatory_types as types
from resolvers import responsibilities as rules
from resolvers.identifiers import global_id
from resolvers.views import moment
from schema.area import Area
from schema.enums import AssuranceLevel
from schema.fields import OPERATIONS, relation, value, weighing
from schema.node import Node
from schema.online_service import OnlineServiceOffer
from schema.responsibility import Responsibility
from schema.source import Source
from schema.text import Deadline, Duration, Fee, Provenance, TextModule


@strawberry.type(description="Typisierung: who makes the rule and who executes it.")
class RegulatoryType:
    """Who makes the rule and who executes it; the row is the code."""

    code = value(lambda root: root, str, description="As delivered: 2, 3a, 4b, 2/3.")
    label = value(types.label, str)


@strawberry.type(description="Fassung: a version of an entry, and when answers were made of it.")
class EntryVersion:
    """A version of an entry while it answered."""

    version = value(lambda root: root.label, str | None, description="The office's own label.")
    changed_at = value(lambda root: moment(root.changed_at), dt.datetime | None)
    received_at = value(lambda root: moment(root.received_at), dt.datetime)
    begins = value(
        lambda root: moment(root.begins), dt.datetime, name="from", description="Since when it answered."
    )
    ends = value(
        lambda root: moment(root.ends), dt.datetime | None, name="until", description="Null while it does."
    )
    source = value(entries.version_source, Source)
    run = value(lambda root: root.run, str, description="Whose doing it was that it answered.")


@strawberry.type(description="Leistungsbeschreibung: one office's description as delivered.")
class ServiceEntry(Node):
    """One office's description as delivered."""

    id = value(lambda root: global_id("ServiceEntry", str(root.entry_id)), strawberry.ID)
    entry_id: EntryId
    source = value(entries.source, Source)
    leika_keys = value(lambda root: root.head.leika_keys, list[LeikaKey])
    languages = value(
        lambda root: root.head.languages, list[LanguageTag], description="With text of their own."
    )
    title = value(entries.title, str | None)
    title_language = value(entries.title_language, LanguageTag | None)
    modules = relation(entries.modules, list[TextModule], weights=weighing(size=8))
    fees = relation(entries.fees, list[Fee])
    deadlines = relation(entries.deadlines, list[Deadline])
    processing_times = relation(entries.processing_times, list[Duration])
    keywords = relation(entries.keywords, list[str])
    regulatory_types = value(lambda root: root.head.regulatory_types, list[RegulatoryType])
    required_assurance = value(entries.required_assurance, AssuranceLevel | None)
    valid_in = value(areas.of_head, list[Area], description="Where it holds.")
    valid_from = value(entries.valid_from, dt.date | None)
    valid_until = value(entries.valid_until, dt.date | None)
    responsibilities = relation(rules.of_entries, list[Responsibility])
    online_services = relation(rules.offers_of_entries, list[OnlineServiceOffer])
    provenance = value(entries.provenance, Provenance)
    versions = relation(
        entries.versions, list[EntryVersion], description="All that ever answered, the oldest first."
    )
    quality = relation(
        quality.of_entries,
        list[QualityRule],
        description="What its office should look at; of a past moment only what stands in the entry itself.",
        scope=OPERATIONS,
    )

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, ServiceEntryRecord)


@strawberry.type(description="Spezialisierung: a local office's change to one entry in some areas.")
class ServiceSpecialisation(Node):
    """A local office's change to one entry in some areas."""

    id = value(lambda root: global_id("ServiceSpecialisation", str(root.entry_id)), strawberry.ID)
    entry_id: EntryId
    entry = relation(
        entries.specialised_entry, Annotated["ServiceEntry", strawberry.lazy("schema.service_entry")] | None
    )
    areas = value(areas.of_head, list[Area])
    modules = relation(entries.modules, list[TextModule], weights=weighing(size=8))
    provenance = value(entries.provenance, Provenance)

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, SpecialisationRecord)
