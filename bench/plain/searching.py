"""Services by words, found as the hub finds them, over a session's connection: what is compared is what follows."""

import json
from collections.abc import Coroutine, Sequence
from typing import Any

from sqlalchemy.orm import Session

from catalog_sync.catalog.reading import Row, Statement
from catalog_sync.search.filtering import Filters
from catalog_sync.search.finding import Found, find_services
from catalog_sync.search.memory import SearchIndex

_INDEX = SearchIndex()


class _Rows:
    """The session's own SQLite connection as the search reads it; nothing is waited for."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection().connection.dbapi_connection

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """Run a statement."""
        given = [values[name] for name in statement.sqlite_names]
        cursor = self._connection.cursor()  # type: ignore[union-attr]
        cursor.execute(statement.sqlite, [json.dumps(one) if isinstance(one, list) else one for one in given])
        found: Sequence[Row] = cursor.fetchall()
        return found


def found(session: Session, words: str) -> Sequence[str]:
    """Keys of the services that answer, best first."""
    answer: Found = _finished(find_services(_Rows(session), _INDEX, words, Filters()))
    return answer.keys


def _finished(work: Coroutine[Any, Any, Any]) -> Any:
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("a search over a session never waits")
