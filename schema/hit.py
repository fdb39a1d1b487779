"""What a search tells beside its hits."""

import datetime as dt

import strawberry

from catalog_sync.catalog.language import LanguageTag
from schema.enums import AssuranceLevel, Audience, Field, How, Match
from schema.fields import value
from schema.service import LifeSituation, Service


@strawberry.type
class AudienceCount:
    """An audience, and how many hits are for it."""

    value: Audience
    count: int


@strawberry.type
class LifeSituationCount:
    """A life situation, and how many hits belong to it."""

    value: LifeSituation
    count: int


@strawberry.type(description="Themenfeld: one of 14, as `policyField` takes it.")
class PolicyFieldCount:
    """A policy field, and how many hits belong to it."""

    value: str
    count: int


@strawberry.type
class OnlineCount:
    """Whether hits are online at the place, and how many."""

    value: bool
    count: int


@strawberry.type
class AssuranceLevelCount:
    """A level of assurance, and how many hits can be started with it: those of lower levels too."""

    value: AssuranceLevel
    count: int


@strawberry.type(description="How many hits have each value, with all other filters applied; the most first.")
class Facets:
    """Counts to filter by."""

    audiences: list[AudienceCount]
    life_situations: list[LifeSituationCount]
    policy_fields: list[PolicyFieldCount]
    online: list[OnlineCount] | None = strawberry.field(
        description="At `area`, or at the place that the question names; null without."
    )
    assurance_levels: list[AssuranceLevelCount]


@strawberry.type(
    description="An entry of the thesaurus that led from what was asked to what the catalogue says."
)
class ThesaurusWord:
    """A thesaurus entry."""

    word: str
    language: LanguageTag
    origin = value(lambda root: root.origin or None, str | None)
    changed_on = value(
        lambda root: dt.date.fromisoformat(root.changed_on) if root.changed_on else None, dt.date | None
    )


@strawberry.type(description="One part of the question: a word, or several that belong together.")
class WhyPart:
    """One part of a question."""

    asked = value(lambda root: root.asked, str)
    matched = value(
        lambda root: root.matched,
        str | None,
        description="What answers it, as it is written; null where nothing does.",
    )
    fields = value(lambda root: root.fields, list[Field], description="Where that stands.")
    how = value(lambda root: root.how, How | None)
    thesaurus = value(lambda root: root.entry, ThesaurusWord | None)


@strawberry.type(description="Why a service is a hit.")
class Why:
    """Why a service is a hit."""

    score = value(lambda root: root.explanation.score, float, description="0 to 1.")
    match = value(lambda root: root.explanation.match, Match)
    relative: Service | None = strawberry.field(description="The hit that it follows.")
    parts = value(lambda root: root.explanation.parts, list[WhyPart])


@strawberry.type(description="A piece of a text.")
class Segment:
    """A piece of a text."""

    text: str
    matched: bool


@strawberry.type(description="Plain texts in pieces: put together they are the whole text.")
class Highlights:
    """A hit's texts in pieces."""

    title: list[Segment]
    summary: list[Segment]


@strawberry.type(description="A text that may be meant, and the service that it leads to.")
class Suggestion:
    """A text that may be meant."""

    text: str
    service: Service
