"""The thesaurus in the graph: read by everyone, changed by editors; why a change was refused is part of the answer."""

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from catalog_sync.catalog.language import LanguageTag
from catalog_sync.search.thesaurus_entries import SHIPPED, Entry, Fault, Relation, entry_of, faults
from catalog_sync.search.thesaurus_pages import START, Place, entry_page
from catalog_sync.search.thesaurus_store import KeptEntry, Name, ThesaurusFull, put_one, remove
from identity.thesaurus_editors import EDITOR_LEVEL, EditorAccess
from resolvers.context import Context, Info
from resolvers.errors import BadArgument
from resolvers.paging import MAX_PAGE
from resolvers.views import ConnectionView, EdgeView, PageInfoView

log = logging.getLogger(__name__)

_MAX_BEGINNING = 120


@dataclass(frozen=True, slots=True)
class EntryPut:
    """An entry was added or changed."""

    entry: KeptEntry


@dataclass(frozen=True, slots=True)
class EntryRemoved:
    """An entry was removed."""

    entry: KeptEntry


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that was not made: a word for programs, a sentence, and where a person reaches the level needed."""

    code: str
    message: str
    step_up_url: str | None = None


@dataclass(frozen=True, slots=True)
class Faulty:
    """An entry that is wrong by itself."""

    faults: list[Fault]
    code: str = "BAD_THESAURUS_ENTRY"
    message: str = "The entry was not taken; `faults` says what is wrong and what would be right."


_REFUSALS = {
    EditorAccess.NOT_SIGNED_IN: "The thesaurus is changed by its editors, signed in at the hub (POST, same origin).",
    EditorAccess.ASSURANCE_TOO_LOW: "Editors sign in at level SUBSTANTIAL or higher to change the thesaurus.",
    EditorAccess.FORBIDDEN: (
        "This account is no editor, or the request came with a token: `verbundhub thesaurus grant` lets an account in, "
        "and it signs in at the hub."
    ),
}
_CODES = {
    EditorAccess.NOT_SIGNED_IN: "NOT_SIGNED_IN",
    EditorAccess.ASSURANCE_TOO_LOW: "ASSURANCE_TOO_LOW",
    EditorAccess.FORBIDDEN: "FORBIDDEN_THESAURUS",
}


async def found(
    context: Context,
    parents: Sequence[None],
    *,
    word: str | None = None,
    language: LanguageTag | None = None,
    first: int | None = None,
    after: str | None = None,
) -> list[ConnectionView]:
    """Entries by word; those whose word begins so when one is given."""
    if first is None or not 1 <= first <= MAX_PAGE:
        raise BadArgument("BAD_PAGE_SIZE", f"Say how many: `first`, a number from 1 to {MAX_PAGE}.")
    beginning = word or ""
    if len(beginning) > _MAX_BEGINNING:
        raise BadArgument("BAD_QUERY", f"`word` has more than {_MAX_BEGINNING} characters; no entry has.")
    begin = START if after is None else _place(after)
    page = await entry_page(context.reader, beginning, language or "", begin, first)
    edges = [EdgeView(_cursor(one), one) for one in page.entries]
    info = PageInfoView(
        has_next_page=page.more,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return [ConnectionView(edges, info, page.total)] * len(parents)


async def put_entry(
    root: None,
    info: Info,
    *,
    word: str,
    language: LanguageTag,
    relation: Relation,
    means: list[str] | None = None,
    note: str | None = None,
) -> EntryPut | Refused | Faulty:
    """Add an entry of the editor's, or change it."""
    context = info.context
    editor = await context.editor()
    if editor.access is not EditorAccess.ALLOWED:
        return _refused(context, editor.access)
    given = entry_of(word, language, Relation(relation), means or (), note or "")
    if wrong := faults(given):
        return Faulty(wrong)
    work = partial(put_one, origin=editor.origin, entry=given, today=context.day.isoformat())
    try:
        kept = await context.write(work)
    except ThesaurusFull as error:
        return Refused(error.code, error.sentence)
    log.info("%s put %s %s into the thesaurus", editor.origin, given.relation.value, given.name)
    return EntryPut(kept)


async def remove_entry(
    root: None,
    info: Info,
    *,
    word: str,
    language: LanguageTag,
    relation: Relation,
    origin: str | None = None,
) -> EntryRemoved | Refused:
    """Remove an entry: the editor's own, or that of another origin."""
    context = info.context
    editor = await context.editor()
    if editor.access is not EditorAccess.ALLOWED:
        return _refused(context, editor.access)
    if origin == SHIPPED:
        sentence = (
            "Shipped entries come back with the next version: put the word with the relation NONE instead."
        )
        return Refused("SHIPPED_ENTRY", sentence)
    name: Name = Entry(word, language, Relation(relation), ()).name
    gone = await context.write(partial(remove, origin=origin or editor.origin, name=name))
    if gone is None:
        sentence = (
            "There is no such entry of this origin: `thesaurus(word:)` shows what there is, and whose it is."
        )
        return Refused("UNKNOWN_ENTRY", sentence)
    log.info("%s removed %s of %s from the thesaurus", editor.origin, name, gone.origin)
    return EntryRemoved(gone)


def _refused(context: Context, access: EditorAccess) -> Refused:
    url = None if access is EditorAccess.FORBIDDEN else context.step_up_url(EDITOR_LEVEL.acr)
    return Refused(_CODES[access], _REFUSALS[access], url)


def _cursor(kept: KeptEntry) -> str:
    return urlsafe_b64encode(f"{kept.number}:{kept.entry.folded}".encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        number, colon, folded = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
    except (NoBase64, ValueError):
        colon = ""
    if not colon or not number.isdecimal() or len(number) > 9 or "\0" in folded:  # noqa: PLR2004 - no number is longer
        sentence = f"“{cursor[:40]}” is no cursor of this list: take one that an edge or pageInfo gave."
        raise BadArgument("BAD_CURSOR", sentence)
    return Place(folded, int(number))
