"""A full delivery over the network: an index that names its files, and the files, each asked for only if it changed."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, Protocol
from urllib.parse import urljoin, urlsplit

from catalog_sync.errors import CatalogError
from catalog_sync.sources.incoming import Incoming, Sizes

_INDEX_BYTES = 1024 * 1024
_OK, _NOT_MODIFIED = 200, 304


class PullFailed(CatalogError):  # noqa: N818 - the wire's word
    """A delivery that could not be fetched whole; nothing of it is taken."""

    code = "PULL_FAILED"


class Fetcher(Protocol):
    """The hub's client for calls to outside."""

    async def download(
        self, url: str, *, headers: Mapping[str, str], sink: Callable[[bytes], object], most_bytes: int
    ) -> tuple[int, Mapping[str, str]]:
        """Fetch a document piece by piece; gives status and headers.

        Raises:
            OSError: where the call may not be made, fails, takes too long or brings too much.
        """
        ...


@dataclass(frozen=True, slots=True)
class Validators:
    """What to ask with whether a document has changed (RFC 9110, section 13)."""

    url: str
    etag: str | None = None
    modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The conditional request's."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A delivery that came whole; none where nothing has changed."""

    files: Sequence[Incoming]
    validators: Sequence[Validators]


@dataclass(frozen=True, slots=True)
class Remote:
    """Fetches a source's delivery into files of this machine, which last as long as the stack."""

    fetcher: Fetcher
    sizes: Sizes
    stack: ExitStack

    async def fetch(self, index_url: str, known: Sequence[Validators]) -> Fetched | None:
        """Fetch what the index names; None where neither it nor a file has changed.

        Args:
            index_url: the index's address.
            known: of the last delivery that was taken: index first, then its files in order.

        Raises:
            PullFailed: where the index is empty or names another host, or a file is missing or breaks off.
        """
        before = {one.url: one for one in known}
        index, text = await self._index(before.get(index_url, Validators(index_url)))
        urls = [one.url for one in known[1:]] if text is None else _named(index_url, text)
        got = [await self._get(before.get(url, Validators(url))) for url in urls]
        same = urls == [one.url for one in known[1:]]
        if same and all(kept is None for _, kept in got):
            return None
        whole = [one if one[1] is not None else await self._get(Validators(one[0].url)) for one in got]
        files = [_incoming(index_url, one.url, kept) for one, kept in whole if kept is not None]
        return Fetched(files, [index, *(one for one, _ in whole)])

    async def _index(self, known: Validators) -> tuple[Validators, str | None]:
        content = bytearray()
        found = await self._ask(known, content.extend, _INDEX_BYTES)
        if found is None:
            return known, None
        try:
            return found, content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise PullFailed(f"{known.url} is no text in UTF-8.") from error

    async def _get(self, known: Validators) -> tuple[Validators, Path | None]:
        kept = self.stack.enter_context(_kept_file())
        found = await self._ask(known, kept.write, self.sizes.wire)
        kept.flush()
        return (known, None) if found is None else (found, Path(kept.name))

    async def _ask(self, known: Validators, sink: Callable[[bytes], object], most: int) -> Validators | None:
        try:
            status, headers = await self.fetcher.download(
                known.url, headers=known.headers, sink=sink, most_bytes=most
            )
        except OSError as error:
            raise PullFailed(f"{known.url} could not be fetched: {error}.") from error
        if status == _NOT_MODIFIED and known.headers:
            return None
        if status != _OK:
            raise PullFailed(f"{known.url} could not be fetched: it answered {status}.")
        return replace(known, etag=headers.get("etag"), modified=headers.get("last-modified"))


def _named(index_url: str, text: str) -> list[str]:
    urls = [urljoin(index_url, line.strip()) for line in text.splitlines() if line.strip()]
    if not urls:
        raise PullFailed(f"{index_url} is empty: it names no file. Nothing was changed.")
    home = urlsplit(index_url)
    for url in urls:
        if (urlsplit(url).scheme, urlsplit(url).netloc) != (home.scheme, home.netloc):
            raise PullFailed(f"{index_url} names {url}, which is not on its own host.")
    return list(dict.fromkeys(urls))


def _incoming(index_url: str, url: str, kept: Path) -> Incoming:
    name = url.removeprefix(index_url.rpartition("/")[0] + "/")
    return Incoming(name, partial(_opened, kept), name.lower().endswith(".gz"), kept.stat().st_size)


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _kept_file() -> AbstractContextManager[IO[bytes]]:
    return tempfile.NamedTemporaryFile(prefix="pull-")
