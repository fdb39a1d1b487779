"""Reading what services say: the LeiKa catalogue, and of their descriptions those that are asked for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from sqlalchemy import Connection, bindparam, select

from catalog_sync.catalog import stored
from catalog_sync.catalog.bulk import fetch, fetch_of
from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import (
    body,
    bundle_situation,
    entry,
    entry_leika,
    leika_service,
    life_situation,
    ozg_bundle,
    text_module,
)
from catalog_sync.search.document import (
    LIFE_SITUATION,
    POLICY_FIELD,
    TEXTS_READ,
    Beginning,
    Document,
)
from catalog_sync.search.fields import Field

Described = tuple[int, int | None]
"""A description as the index has read it: number of the entry, and of its winning version."""

_LISTED = Statement(
    select(
        leika_service.c.leika_key,
        leika_service.c.title,
        leika_service.c.legal_basis,
        leika_service.c.bundle_id,
        ozg_bundle.c.name,
    )
    .outerjoin(ozg_bundle, ozg_bundle.c.id == leika_service.c.bundle_id)
    .where(listed(leika_service.c.leika_key, "keys"))
)
_SITUATIONS = Statement(
    select(
        bundle_situation.c.bundle_id,
        life_situation.c.id,
        life_situation.c.name,
        life_situation.c.policy_field,
    )
    .join(life_situation, life_situation.c.id == bundle_situation.c.situation_id)
    .where(listed(bundle_situation.c.bundle_id, "bundles"))
)
_DESCRIBED = Statement(
    select(entry_leika.c.leika_key, entry.c.id, entry.c.version_id)
    .join(entry, entry.c.id == entry_leika.c.entry_id)
    .where(listed(entry_leika.c.leika_key, "keys"), entry.c.live)
)
_HEADS = Statement(
    select(entry.c.id, entry.c.head, body.c.facts)
    .outerjoin(body, body.c.entry_id == entry.c.id)
    .where(listed(entry.c.id, "numbers"))
)
_ORDINAL = text_module.c.ordinal
_TEXTS = Statement(
    select(text_module.c.entry_id, _ORDINAL, text_module.c.html).where(
        listed(text_module.c.entry_id, "numbers"),
        _ORDINAL.between(bindparam("start", type_=_ORDINAL.type), bindparam("last", type_=_ORDINAL.type)),
    )
)
_STEPS = ((0, 3), (4, 9), (10, 2_000_000_000))
"""Text modules that are read at once: the first ones mostly hold all that is wanted."""


def listed_documents(connection: Connection, keys: Collection[str]) -> dict[str, Document]:
    """What the LeiKa catalogue says of those of these services that it has."""
    found: dict[str, Document] = {}
    rows = fetch(connection, _LISTED, keys=list(keys))
    situations = defaultdict(list)
    for bundle, *situation in fetch(
        connection, _SITUATIONS, bundles=sorted({row[3] for row in rows if row[3]})
    ):
        situations[bundle].append(situation)
    for key, title, legal_basis, bundle, bundle_name in rows:
        document = found[key] = Document(bundle)
        document.add_title(title)
        document.listed_title = title
        if bundle_name:
            document.add_spelled(bundle_name, Field.BUNDLE)
        for number, name, policy_field in situations[bundle]:
            document.add(name, Field.SITUATION)
            document.marks.add(f"{LIFE_SITUATION}{number}")
            if policy_field:
                document.marks.add(f"{POLICY_FIELD}{policy_field}")
        document.add_law(legal_basis or "")
    return found


def descriptions_of(connection: Connection, keys: Collection[str]) -> dict[str, tuple[Described, ...]]:
    """The live descriptions of services, in the order in which they are read."""
    found: dict[str, list[Described]] = defaultdict(list)
    for key, number, version in fetch(connection, _DESCRIBED, keys=list(keys)):
        found[key].append((number, version))
    return {key: tuple(sorted(some)) for key, some in found.items()}


def add_descriptions(
    connection: Connection,
    documents: Mapping[str, tuple[Document, Sequence[Described]]],
    read: Mapping[str, int],
) -> None:
    """Read descriptions into the documents of their services.

    Args:
        connection: that reads.
        documents: of each service its document, and all its descriptions in order.
        read: of how many of these the document has the words already.
    """
    wanted = {
        key: [number for number, _ in described[read.get(key, 0) :]]
        for key, (_, described) in documents.items()
    }
    with_text = {key: numbers[: max(TEXTS_READ - read.get(key, 0), 0)] for key, numbers in wanted.items()}
    heads = _heads(connection, set(chain.from_iterable(wanted.values())))
    texts = _texts(connection, set(chain.from_iterable(with_text.values())))
    for key, (document, _) in documents.items():
        for number in wanted[key]:
            document.add_description(*heads[number])
        for number in with_text[key]:
            document.add_text(texts[number])


def _heads(
    connection: Connection, numbers: Collection[int]
) -> dict[int, tuple[stored.ServiceHead, list[str]]]:
    """Of each entry its head, and its keywords."""
    return {
        number: (stored.service_head(head), _keywords(facts))
        for number, head, facts in fetch_of(connection, _HEADS, "numbers", sorted(numbers))
    }


def _keywords(facts: bytes | None) -> list[str]:
    return [keyword.text for keyword in stored.service_facts(facts).keywords] if facts else []


def _texts(connection: Connection, numbers: Collection[int]) -> dict[int, dict[str, str]]:
    """The words with which the text of each entry begins."""
    found = {number: Beginning() for number in numbers}
    for start, last in _STEPS:
        short = sorted(number for number, one in found.items() if one.left > 0)
        rows = fetch_of(connection, _TEXTS, "numbers", short, start=start, last=last)
        for number, _, html in sorted(map(tuple, rows)):
            found[number].take(html)
    return {number: one.words() for number, one in found.items()}
