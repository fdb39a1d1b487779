"""The ceiling: a plain ASGI application that has the bytes ready, and for a grant makes one bare signature."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.types import ASGIApp, Receive, Scope, Send

ANSWERS = "BENCH_ANSWERS"
"""Environment: the folder whose files are the answers; ``page-0.json`` answers ``/page/0``."""
_SIGNED = bytes(400)
"""About as much as an ID token has before its signature."""


def create() -> ASGIApp:
    """For `uvicorn --factory`."""
    answers = {
        "/" + path.stem.replace("-", "/"): path.read_bytes() for path in Path(os.environ[ANSWERS]).iterdir()
    }
    key = rsa.generate_private_key(65537, 2048)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        path = scope["path"]
        if path == "/token":
            key.sign(_SIGNED, padding.PKCS1v15(), SHA256())
            path = "/token/0"
        body = answers[path]
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app
