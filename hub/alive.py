"""``/healthz`` on a port and a thread of its own: it answers also while the event loop is busy or stuck.

Whoever watches the process asks there whether it is alive; whether it can serve, ``/readyz`` says, which needs the
loop.
"""

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

_SOCKET_SECONDS = 5.0


class _Alive(BaseHTTPRequestHandler):
    timeout = _SOCKET_SECONDS
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Say that the process is alive."""
        found = self.path == "/healthz"
        body = b"alive\n" if found else b"Not found.\n"
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: it is asked every few seconds."""

    def version_string(self) -> str:
        """Nothing that helps an attacker."""
        return "verbundhub"


class AliveThread:
    """Answers until it is ended.

    Args:
        host: address to listen on.
        port: 0 takes a free one.
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = ThreadingHTTPServer((host, port), _Alive)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        Thread(target=self._server.serve_forever, name="alive", daemon=True).start()

    def end(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
