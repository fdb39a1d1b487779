"""Whether each file of a delivery can be read to its end, before anything of it is taken.

It is read by the very reader that reads it again, so that the two cannot differ; only conversion is left out. That
costs a quarter of a reading, and lets the writing begin while the rest of it goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

from msgspec import Struct

from catalog_sync.outcomes import Refusal
from catalog_sync.pipeline.fetch import Bounded, refusal_of
from catalog_sync.pipeline.read import Reader
from catalog_sync.sources.incoming import Incoming
from catalog_sync.xzufi.reader import MessageReader
from catalog_sync.xzufi.refused import RefusedFile

_EVERY = 200


class Judged(Struct, array_like=True):
    """A file: how many elements were read, and why it is refused."""

    elements: int = 0
    refusal: Refusal | None = None


def judge(reader: Reader, files: Sequence[Incoming]) -> Mapping[int, Judged]:
    """Read all files, by their number in the delivery."""
    total, done = sum(one.size for one in files), 0
    found: dict[int, Judged] = {}
    for number, incoming in enumerate(files):
        found[number] = Judged()
        try:
            with closing(Bounded(incoming, reader.sizes)) as stream:
                for _ in _elements(reader, stream):
                    if found[number].elements % _EVERY == 0:
                        reader.progress("read", done + stream.consumed, total)
                    found[number].elements += 1
        except (RefusedFile, OSError) as error:
            found[number].refusal = refusal_of(incoming.name, error)
        done += incoming.size
    return found


def _elements(reader: Reader, stream: Bounded) -> Iterator[object]:
    """The message's head and its elements, as `Reader` counts them."""
    message = MessageReader(stream, limits=reader.limits, known=reader.known.number)
    yield message.head
    yield from message
