"""Entities that other graphs name by their keys, for a gateway (Apollo Federation 2): all of one request at once.

A gateway sends representations, each a type and a key of it. The client's variables are read, never changed: another
executor may come back to them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog_sync.catalog.keys import EntryId, EntryKind, parse_ars, parse_leika_key
from catalog_sync.errors import CatalogError
from resolvers.context import Context
from resolvers.errors import BadArgument
from resolvers.identifiers import entry_id_of, flat_id_of, parse_global_id

MAX_REPRESENTATIONS = 1000
"""As many as one page of a gateway may need: 100 services with ten authorities each."""


@dataclass(frozen=True, slots=True)
class Representation:
    """What a gateway says of an entity: its type, and the keys among its fields; what else it tells is not needed."""

    type_name: str | None
    keys: tuple[tuple[str, str | None], ...] = ()


def representation_of(sent: Any) -> Representation:
    """Read a representation (`_Any`); whatever is wrong with it is told where its entity would stand."""
    if not isinstance(sent, Mapping) or not isinstance(type_name := sent.get("__typename"), str):
        return Representation(None)
    keys = ((key, sent[key]) for key in KEYS.get(type_name, ()) if key in sent)
    return Representation(
        type_name, tuple((key, text if isinstance(text, str) else None) for key, text in keys)
    )


def _by_id(type_name: str, parse: Callable[[str], str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        found, name = parse_global_id(text)
        if found != type_name:
            raise _bad(f"The id is one of the type {found}; the representation says {type_name}.")
        return parse(name)

    return read


def _entry(kind: EntryKind, type_name: str) -> Mapping[str, Callable[[str], EntryId]]:
    return {
        "id": lambda text: entry_id_of(text, kind, type_name),
        "entryId": lambda text: flat_id_of(text, kind),
    }


KEYS: Mapping[str, Mapping[str, Callable[[str], str | EntryId]]] = {
    "Area": {"id": _by_id("Area", parse_ars), "ars": parse_ars},
    "Authority": _entry(EntryKind.AUTHORITY, "Authority"),
    "OnlineService": _entry(EntryKind.ONLINE_SERVICE, "OnlineService"),
    "Service": {"id": _by_id("Service", parse_leika_key), "leikaKey": parse_leika_key},
}
"""The entity types; of each the fields that are a key (`@key`), and how a key is read."""


def _bad(sentence: str) -> BadArgument:
    return BadArgument("BAD_REPRESENTATION", sentence)


async def entities(
    context: Context, parents: Sequence[None], *, representations: list[Representation]
) -> list[list[Any]]:
    """What the representations name, in their order: null for what is not there, an error for what is no name.

    Raises:
        BadArgument: TOO_LARGE for too many of them.
    """
    if len(representations) > MAX_REPRESENTATIONS:
        sentence = f"There are {len(representations)} representations; {MAX_REPRESENTATIONS} are allowed. Ask in parts."
        raise BadArgument("TOO_LARGE", sentence)
    names = [_name(one) for one in representations]
    asked = list(zip(representations, names, strict=True))
    services = await context.reader.services(_of(asked, "Service"))
    entries = await context.reader.entries_by_id(name for name in names if isinstance(name, EntryId))
    found: Mapping[str, Callable[[Any], Any]] = {"Area": context.areas.get, "Service": services.get}
    answers = [
        name if isinstance(name, Exception) else found.get(one.type_name or "", entries.get)(name)
        for one, name in asked
    ]
    return [answers] * len(parents)


def _of(asked: Iterable[tuple[Representation, Any]], type_name: str) -> list[str]:
    return [name for one, name in asked if one.type_name == type_name and isinstance(name, str)]


def _name(one: Representation) -> str | EntryId | BadArgument:
    """The name in a representation, or what is wrong with it."""
    try:
        return _read(one)
    except BadArgument as error:
        return error
    except CatalogError as error:
        return BadArgument(error.code, error.sentence)


def _read(one: Representation) -> str | EntryId:
    if one.type_name is None:
        raise _bad(
            'A representation is an object with its type, like {"__typename": "Service", "leikaKey": "99…"}.'
        )
    if (readers := KEYS.get(one.type_name)) is None:
        raise _bad(f"“{one.type_name[:40]}” is no entity of this graph; there are {', '.join(KEYS)}.")
    if not one.keys:
        raise _bad(f"A representation of {one.type_name} brings one of its keys: {', '.join(readers)}.")
    names = set()
    for key, text in one.keys:
        if text is None:
            raise _bad(f"The key {key} of a representation is a text.")
        names.add(readers[key](text))
    if len(names) > 1:
        raise _bad(f"The keys of this representation name different things: {', '.join(map(str, names))}.")
    return names.pop()
