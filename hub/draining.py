"""A server that ends without cutting anybody off.

uvicorn closes idle connections the moment it is told to end; whoever sends a request in that moment is cut off. Here an
idle connection stays for a moment more, and the next answer on it says ``Connection: close`` (RFC 9112, section 9.6): a
client that keeps asking is told to connect anew, and reaches whoever serves then.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

GRACE_SECONDS = 2.0
"""For which an idle connection is still listened to; who asks later finds it closed and connects anew."""
_CLOSE = (b"connection", b"close")


class DrainingProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which lets go of idle connections gently."""

    def shutdown(self) -> None:
        """End after the answer under way, or after the next."""
        if self.cycle is not None and not self.cycle.response_complete:
            super().shutdown()
            return
        if _CLOSE not in self.server_state.default_headers:
            self.server_state.default_headers = [*self.server_state.default_headers, _CLOSE]
        self.loop.call_later(GRACE_SECONDS, self._close_if_idle)

    def _close_if_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
