"""What a change of the index costs those who ask: until it is found, and while much is taken over."""

from time import perf_counter

from sqlalchemy import Connection, func, insert, select, update

from bench.search.inside import Row, Rows
from bench.search.over_http import Asking, seconds_until_found
from bench.search.timing import Times
from catalog_sync.catalog.tables import indexed_service, leika_service, posting, search_state
from catalog_sync.search.indexing import reindex
from hub.cli.running import Databases

_COMMITS = 5
_SECONDS = 5.0
_WORD, _FOUND_BY = "Neuling{}wort", "99999999{:03}000"


async def found_after(databases: Databases, asking: Asking) -> Row:
    """Seconds from the commit of a new service until a search finds it."""
    times = Times()
    for number in range(_COMMITS):
        word, key = _WORD.format(chr(ord("a") + number) * 3), _FOUND_BY.format(number)

        def add(connection: Connection, word: str = word, key: str = key) -> None:
            values = {"leika_key": key, "title": word, "regulatory_types": "[]"}
            connection.execute(insert(leika_service).values(**values))
            reindex(connection, [key])

        await databases.catalog.write(add)
        times.seconds.append(seconds_until_found(asking, word))
    return {"p50": times.milliseconds(0.5), "most": times.milliseconds(1.0)}


async def while_refreshing(databases: Databases, asking: Asking, question: str) -> Rows:
    """How long one question takes in quiet, and while the hub takes over the whole index, or the thesaurus."""
    told = {"in quiet": _asked(asking, question)}
    for name, raise_ in (("the whole index anew", _all_changed), ("the thesaurus anew", _thesaurus_changed)):
        await databases.catalog.write(raise_)
        told[name] = _asked(asking, question)
    return told


def _asked(asking: Asking, question: str) -> Row:
    times, began = Times(), perf_counter()
    while perf_counter() - began < _SECONDS:
        with times.one():
            asking.search(question)
    return {
        "p50": times.milliseconds(0.5),
        "p95": times.milliseconds(0.95),
        "p99": times.milliseconds(0.99),
        "most": times.milliseconds(1.0),
    }


def _next(connection: Connection) -> int:
    now = connection.scalar(select(func.max(search_state.c.changed))) or 0
    connection.execute(update(search_state).values(changed=now + 1))
    return int(now) + 1


def _all_changed(connection: Connection) -> None:
    change = _next(connection)
    connection.execute(update(posting).values(changed=change))
    connection.execute(update(indexed_service).values(changed=change))


def _thesaurus_changed(connection: Connection) -> None:
    connection.execute(update(search_state).values(thesaurus=search_state.c.thesaurus + 1))
