"""The pages' style sheets, scripts and fonts: addresses that name their content, so that browsers keep them."""

from hashlib import blake2b
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

_FOR_GOOD = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=60"
_TYPES = {
    ".woff2": "font/woff2",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


class Files:
    """One folder of files served under one address, ``/{name}/{version}/{path}``.

    The version is a digest over all of the folder: files may name each other by relative addresses, and a
    changed file changes every address.

    Attributes:
        version: 12 hex digits; of an empty or missing folder likewise.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self._name, self._folder = name, folder
        self._paths = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
        digest = blake2b(digest_size=6)
        for path, file in self._paths.items():
            digest.update(path.encode() + b"\0" + file.read_bytes())
        self.version = digest.hexdigest()

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def address(self, path: str) -> str:
        """Where the browser gets the file."""
        return f"/{self._name}/{self.version}/{path}"

    def route(self) -> Route:
        """The route that serves the folder."""
        return Route(f"/{self._name}/{{version}}/{{path:path}}", self._serve, methods=["GET"])

    async def _serve(self, request: Request) -> Response:
        file = self._paths.get(request.path_params["path"])
        if file is None:
            raise HTTPException(404)
        current = request.path_params["version"] == self.version
        headers = {"Cache-Control": _FOR_GOOD if current else _BRIEFLY, "X-Content-Type-Options": "nosniff"}
        if f"{request.path_params['path']}.gz" in self._paths:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in request.headers.get("accept-encoding", ""):
                headers["Content-Encoding"] = "gzip"
                return FileResponse(f"{file}.gz", headers=headers, media_type=_type_of(file))
        return FileResponse(file, headers=headers, media_type=_type_of(file))


def _type_of(file: Path) -> str | None:
    """The media type where the system's table may not know it; None leaves it to that table."""
    return _TYPES.get(file.suffix)
