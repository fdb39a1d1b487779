"""``python -m catalog_sync.pipeline.reading_process``: reads one delivery for another process (`beside`).

It is told by that process what to read, and ends with it: once nobody hears how far it is, it goes.
"""

import os
import pickle
import sys
from functools import partial
from typing import BinaryIO

import msgspec

from catalog_sync.pipeline.beside import HandedFile, Order, Read, Said
from catalog_sync.pipeline.collecting import considerate
from catalog_sync.pipeline.read import Reader
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
        with considerate():
            reading = reader.read([_incoming(one) for one in order.files], spool)
        spool.flush()
        file.flush()
    told = {name: getattr(reading, name) for name in Read.__struct_fields__}
    _say(Said(read=Read(**told)))


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
