"""Who asks the graph over HTTP: a Bearer token, or the hub's own session cookie.

The cookie counts only on a POST of JSON that the hub's own pages sent, elsewhere it is ignored: a foreign page must not
read a person's data through their browser.
"""

from dataclasses import dataclass

from starlette.requests import cookie_parser

from hub.execution.requests import RefusedRequest
from hub.graph import Asking, known, later, nobody
from hub.heads import Heads, bearer_of, text
from hub.subscriptions.asking import Asker, Viewers, by_cookie, by_token
from identity.source_access import nobodys_access, portals_access
from identity.source_readers import SourceReaders
from identity.thesaurus_editors import EditorDoor, no_editor, portals_editor
from identity.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Askers:
    """Finds who asks.

    Attributes:
        origin: the hub's own, whose pages may use the cookie.
        cookie: the session cookie's name.
        readers: whose deliveries who asks may see.
        editors: whether who asks may change the thesaurus.
    """

    viewers: Viewers
    origin: str
    cookie: str
    readers: SourceReaders | None = None
    editors: EditorDoor | None = None

    async def of_stream(self, method: str, heads: Heads) -> Asker:
        """Who asks for as long as a stream lasts."""
        bearer = bearer_of(heads)
        if bearer is not None:
            asker = await by_token(self.viewers, bearer)
            return asker or Asker(known(await self._of_token(bearer)))
        cookie = self._counting_cookie(method, heads)
        return by_cookie(self.viewers, cookie) if cookie else Asker()

    async def of_request(self, method: str, heads: Heads) -> Asking:
        """Who asks this once.

        Raises:
            RefusedRequest: for a token that is not valid, whatever is asked.
        """
        bearer = bearer_of(heads)
        if bearer is not None:
            if self.readers is not None and (may_see := await self.readers.of_token(bearer)):
                return Asking(nobody, may_see, portals_editor, f"token {bearer}")
            viewer = await self._of_token(bearer)
            return Asking(known(viewer), portals_access, portals_editor, f"subject {viewer.subject.id}")
        cookie = self._counting_cookie(method, heads)
        if not cookie:
            return Asking(nobody)
        may_see = nobodys_access if self.readers is None else self.readers.of_cookie(cookie)
        find_editor = no_editor if self.editors is None else self.editors.of_cookie(cookie)
        return Asking(later(self.viewers.of_cookie, cookie), may_see, find_editor)

    def _counting_cookie(self, method: str, heads: Heads) -> str | None:
        if method != "POST" or b"cookie" not in heads:
            return None
        own_page = text(heads, b"sec-fetch-site") == "same-origin" or text(heads, b"origin") == self.origin
        return cookie_parser(text(heads, b"cookie")).get(self.cookie) if own_page else None

    async def _of_token(self, bearer: str) -> Viewer:
        viewer = await self.viewers.of_token(bearer)
        if viewer is None:
            sentence = "The token is no valid access token for the graph with the scope graph:viewer."
            challenge = 'Bearer realm="graph", error="invalid_token", scope="graph:viewer"'
            raise RefusedRequest(401, "INVALID_TOKEN", sentence, {"WWW-Authenticate": challenge})
        return viewer
