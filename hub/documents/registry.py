"""From what a request sends to the document that it means: its text, or the name of one that is kept.

Automatic persisted queries: a client names a document by the SHA-256 of its text; where nobody knows it, it sends the
text once beside the hash. Trusted documents: an operator imports what portals ask; the hub may be set to take no other.
"""

from collections.abc import Callable
from typing import Protocol

from hub.database import Database
from hub.documents import book
from hub.documents.book import Kept, hash_of, is_hash
from hub.execution.generations import Generations
from hub.execution.requests import NotRunError, RefusedRequest, Sent
from hub.execution.running import Operation

_REMEMBERED_BYTES = 8 * 1024 * 1024
_BELIEVED_SECONDS = 60.0
"""How long a process may go on trusting a document that an operator has taken away."""
_DAY = 24 * 3600


class Documents(Protocol):
    """What endpoints are handed."""

    async def operation(self, sent: Sent) -> Operation:
        """What a request means.

        Raises:
            RefusedRequest: where its document is not known, or not taken.
        """
        ...

    def stays(self, sent: Sent) -> bool:
        """Whether the same request will always mean the same."""
        ...


class NoDocuments:
    """Where none are kept: every request brings its text."""

    async def operation(self, sent: Sent) -> Operation:
        """See `Documents.operation`."""
        if sent.query is None or sent.document is not None:
            raise NotRunError("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
        return Operation(sent.query, sent.variables, sent.name)

    def stays(self, sent: Sent) -> bool:
        """See `Documents.stays`."""
        return True


class KeptDocuments:
    """The documents of a database, those used lately in memory.

    Args:
        operations: where they are kept.
        is_valid: whether a text is a document that may run; no other is kept.
        clock: seconds since 1970.
        trusted_only: only what an operator imported is run.
    """

    def __init__(
        self,
        operations: Database,
        is_valid: Callable[[str], bool],
        clock: Callable[[], float],
        *,
        trusted_only: bool = False,
    ) -> None:
        self._operations = operations
        self._is_valid = is_valid
        self._clock = clock
        self._trusted_only = trusted_only
        self._remembered: Generations[str, tuple[Kept, float]] = Generations(_REMEMBERED_BYTES)

    async def operation(self, sent: Sent) -> Operation:
        """See `Documents.operation`."""
        text = await self._text(sent)
        return Operation(text, sent.variables, sent.name)

    def stays(self, sent: Sent) -> bool:
        """See `Documents.stays`: a text and a hash mean themselves, an operator's id may mean another text tomorrow."""
        return not self._trusted_only and (sent.query is not None or is_hash(sent.document or ""))

    async def _text(self, sent: Sent) -> str:
        if sent.query is None:
            kept = await self._found(sent.document or "")
            if kept is None or (self._trusted_only and not kept.trusted):
                raise NotRunError("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
            return kept.text
        name = sent.document
        if name is not None and name != hash_of(sent.query):
            sentence = "The hash is not the SHA-256 of the query beside it, in hexadecimal."
            raise RefusedRequest(400, "PERSISTED_QUERY_MISMATCH", sentence)
        if self._trusted_only:
            return await self._trusted(sent.query)
        if name is not None and await self._found(name) is None:
            await self._keep(sent.query)
        return sent.query

    async def _trusted(self, text: str) -> str:
        kept = await self._found(hash_of(text))
        if kept is None or not kept.trusted:
            sentence = "This hub runs trusted documents only: have this one imported (`verbundhub documents import`)."
            raise NotRunError("DOCUMENT_NOT_TRUSTED", sentence)
        return kept.text

    async def _found(self, name: str) -> Kept | None:
        now = self._clock()
        known = self._remembered.get(name)
        if known is not None and not (known[0].trusted and now - known[1] > _BELIEVED_SECONDS):
            return known[0]
        kept = await self._operations.read(lambda connection: book.find(connection, name))
        if kept is None:
            return None
        self._remember(name, kept)
        if (today := int(now // _DAY)) > kept.used_on:
            await self._operations.write(lambda connection: book.use(connection, kept.id, today))
        return kept

    async def _keep(self, text: str) -> None:
        if len(text) > book.LARGEST or not self._is_valid(text):
            return  # what is wrong is answered with its errors each time, and kept by nobody
        today = int(self._clock() // _DAY)
        await self._operations.write(lambda connection: book.keep(connection, text, today))

    def _remember(self, name: str, kept: Kept) -> None:
        self._remembered.put(name, (kept, self._clock()), 2 * len(kept.text) + 400)
