import strawberry

from resolvers import thesaurus
from schema.fields import value
from schema.thesaurus import PutThesaurusEntryPayload, RemoveThesaurusEntryPayload


@strawberry.type
class Mutation:
    """What editors change; each answer is what was done or why not."""

    put_thesaurus_entry = value(
        thesaurus.put_entry,
        PutThesaurusEntryPayload,
        description="Add or change an entry of the editor's who is signed in.",
    )
    remove_thesaurus_entry = value(
        thesaurus.remove_entry,
        RemoveThesaurusEntryPayload,
        description="Remove an entry; of the editor's own origin where none is named.",
    )
