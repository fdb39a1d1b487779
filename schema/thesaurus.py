"""The thesaurus as the graph shows it, and what changing it may come to."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from catalog_sync.catalog.language import LanguageTag
from catalog_sync.search.thesaurus_entries import Fault, Relation
from catalog_sync.search.thesaurus_store import KeptEntry
from resolvers import thesaurus
from schema.fields import value

if TYPE_CHECKING:
    from schema.connections import PageInfo

strawberry.enum(
    Relation,
    name="ThesaurusRelation",
    description="SAME: both directions; USE: from the word to the catalogue's; RELATED: likewise, more weakly; "
    "NONE: what is shipped of the word is switched off.",
)


@strawberry.type(description="What people say, and what the catalogue says for it.")
class ThesaurusEntry:
    """An entry of the thesaurus."""

    word = value(lambda root: root.entry.word, str)
    language = value(lambda root: root.entry.language, LanguageTag)
    relation = value(lambda root: root.entry.relation, Relation)
    means = value(
        lambda root: list(root.entry.means), list[str], description="The catalogue's words, best first."
    )
    note = value(lambda root: root.entry.note or None, str | None)
    origin: str = strawberry.field(description="verbundhub for the shipped ones, else who entered it.")
    changed_on: str = strawberry.field(description="Day of the last change, YYYY-MM-DD.")

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Rows of the thesaurus."""
        return isinstance(row, KeptEntry)


@strawberry.type
class ThesaurusEntryEdge:
    """One entry of a page."""

    cursor: str
    node: ThesaurusEntry


@strawberry.type
class ThesaurusEntryConnection:
    """A page of entries."""

    edges: list[ThesaurusEntryEdge]
    page_info: Annotated["PageInfo", strawberry.lazy("schema.connections")]
    total_count: int


@strawberry.type(description="The entry as it is now.")
class ThesaurusEntryPut:
    """An entry was added or changed."""

    entry: ThesaurusEntry

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """What putting gives."""
        return isinstance(row, thesaurus.EntryPut)


@strawberry.type(description="The entry as it was.")
class ThesaurusEntryRemoved:
    """An entry was removed."""

    entry: ThesaurusEntry

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """What removing gives."""
        return isinstance(row, thesaurus.EntryRemoved)


@strawberry.type(description="The change was not made; docs/errors.md lists the codes.")
class ThesaurusRefusal:
    """A change that was not made."""

    code: str
    message: str
    step_up_url: str | None = strawberry.field(description="Where the person signs in surely enough.")

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Refusals."""
        return isinstance(row, thesaurus.Refused)


@strawberry.type(description="One thing that is wrong with an entry.")
class ThesaurusFault:
    """What is wrong, and what would be right."""

    field: str
    rule: str
    message = value(lambda root: root.sentence, str)

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Faults."""
        return isinstance(row, Fault)


@strawberry.type(description="The entry is wrong by itself; nothing was changed.")
class ThesaurusFaults:
    """All that is wrong with an entry."""

    code: str
    message: str
    faults: list[ThesaurusFault]

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Faulty entries."""
        return isinstance(row, thesaurus.Faulty)


PutThesaurusEntryPayload = Annotated[
    ThesaurusEntryPut | ThesaurusRefusal | ThesaurusFaults, strawberry.union("PutThesaurusEntryPayload")
]
RemoveThesaurusEntryPayload = Annotated[
    ThesaurusEntryRemoved | ThesaurusRefusal, strawberry.union("RemoveThesaurusEntryPayload")
]
