"""``python -m catalog_sync.pipeline.reading_process``: reads one delivery for another process (`beside`).

It is told by that process what to read, and ends with it: once nobody hears how far it is, it goes.
"""

import os
import pickle
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import BinaryIO

import msgspec

from catalog_sync.pipeline.beside import HandedFile, Order, Read, Said
from catalog_sync.pipeline.collecting import considerate
from catalog_sync.pipeline.judging import judge
from catalog_sync.pipeline.read import Reader, Reading
from catalog_sync.pipeline.spool import Spool
from catalog_sync.sources.incoming import Incoming

_NICE = 5
"""Reading gives way to answering."""


def main() -> None:
    """Read what standard input orders; say on standard output what came of it."""
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the process that started this one
    os.nice(_NICE)
    reader = Reader(order.scope, order.known, order.arrival, order.sizes, _say_progress)
    with os.fdopen(order.spool, "w+b") as file, Spool(file) as spool:
        files = [_incoming(one) for one in order.files]
        with considerate():
            reading = _read_ahead(reader, files, spool) if order.ahead else reader.read(files, spool)
        size = spool.mark()
        file.flush()
    _say(Said(spooled=size, read=_told(reading)))


def _read_ahead(reader: Reader, files: Sequence[Incoming], spool: Spool) -> Reading:
    """Judge all files, then take those that are well; what is taken may be written at once.

    Raises:
        RefusedFile, OSError: where a file is not any more what it was.
    """
    judged = judge(reader, files)
    reading = Reading(spool)
    reading.refused = [one.refusal for one in judged.values() if one.refusal is not None]
    reading.items = sum(one.elements for one in judged.values() if one.refusal is None)
    _say(Said(judged=_told(reading)))
    reading.items = 0
    reader = replace(reader, progress=lambda *_: _say(Said(spooled=spool.mark())))
    for number, incoming in enumerate(files):
        if judged[number].refusal is None:
            reader.take(number, incoming, reading, (0, 0))
        else:
            reading.elements += judged[number].elements
    return reading


def _told(reading: Reading) -> Read:
    return Read(**{name: getattr(reading, name) for name in Read.__struct_fields__})


def _say_progress(step: str, done: int, total: int) -> None:
    _say(Said(step, done, total))


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


def _incoming(handed: HandedFile) -> Incoming:
    return Incoming(handed.name, partial(_opened, handed), handed.packed, handed.size)


def _opened(handed: HandedFile) -> BinaryIO:
    if handed.error is not None:
        raise OSError(*handed.error)
    stream = os.fdopen(os.dup(handed.descriptor), "rb")
    stream.seek(0)
    return stream


if __name__ == "__main__":
    main()
