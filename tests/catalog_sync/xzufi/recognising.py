"""What a reader says that knows some objects by their bytes, beside one that reads everything."""

from collections.abc import Collection
from io import BytesIO
from typing import Any

from catalog_sync.xzufi.delivered import NEVER_KNOWN, Converted, Delivered, Recognised, Writing
from catalog_sync.xzufi.reader import MessageReader
from catalog_sync.xzufi.refused import RefusedFile


class Drip:
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = BytesIO(data), size

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(min(size, self._size) if size >= 0 else self._size)


def told(one: Delivered) -> Any:
    """What a delivered value says; an object that is recognised says where it stood, and its bytes."""
    if isinstance(one, Recognised):
        return ("came", one.position, one.line, one.delivered_hash)
    if not isinstance(one, Writing):
        return one
    converted = one.convert()
    inside = (
        (converted.obj, converted.notices, converted.rejected)
        if isinstance(converted, Converted)
        else converted
    )
    return (one.position, one.line, one.delivered_hash, one.kind, one.agency, one.value, inside)


def outcome(data: bytes, known: Collection[bytes] = (), size: int = 2**20) -> tuple[list[Any], Any]:
    """All that a message brings, in order, and how it was refused."""
    found: list[Any] = []
    try:
        reader = MessageReader(Drip(data, size), known=lambda came: 7 if came in known else None)
        found += map(told, reader)
    except RefusedFile as refused:
        return found, (refused.rule, refused.sentence, refused.line)
    return found, None


def passed_over(full: list[Any], known: Collection[bytes]) -> list[Any]:
    """The same, of a reader that knows these bytes."""
    return [
        ("came", *one[:3]) if isinstance(one, tuple) and len(one) > 4 and one[2] in known else one
        for one in full
    ]


def hashes(data: bytes) -> set[bytes]:
    """What of a message is known when it comes again."""
    found = {one[2] for one in outcome(data)[0] if isinstance(one, tuple)}
    return found - {NEVER_KNOWN}


def agree(data: bytes, known: Collection[bytes], size: int = 2**20) -> None:
    """Both readers say the same; what is refused is refused by both, in the same line."""
    full, why = outcome(data, (), size)
    some, why_not = outcome(data, known, size)
    recognised = [one for one in some if isinstance(one, tuple) and one[0] == "came"]
    assert {one[3] for one in recognised} <= set(known)
    assert (why is None, why and why[0]) == (why_not is None, why_not and why_not[0])
    if why is None:
        assert some == passed_over(full, {one[3] for one in recognised})
