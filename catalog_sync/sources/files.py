"""A delivery by hand: files on this machine, or an index.txt that names them (as the national gateway delivers)."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from catalog_sync.errors import CatalogError
from catalog_sync.sources.incoming import Incoming

INDEX = "index.txt"


class BadIndex(CatalogError):  # noqa: N818 - the wire's word
    """An index of files that cannot be followed."""

    code = "BAD_INDEX"


def files_of(paths: Sequence[Path]) -> list[Incoming]:
    """The files of one delivery in the order given; an index stands for what it names.

    Raises:
        BadIndex: where an index is empty, unreadable, or names something outside its folder.
    """
    return [_incoming(path, name) for path, name in _named(paths)]


def _named(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        if path.name.lower() == INDEX:
            yield from _indexed(path)
        else:
            yield path, path.name


def _indexed(index: Path) -> Iterator[tuple[Path, str]]:
    try:
        lines = index.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadIndex(f"{index} cannot be read: {error}.") from error
    names = [line.strip() for line in lines if line.strip()]
    if not names:
        raise BadIndex(f"{index} is empty: it names no file. Nothing was changed.")
    folder = index.parent.resolve()
    for name in names:
        path = folder / name
        if not path.resolve().is_relative_to(folder):
            raise BadIndex(f"{index} names {name}, which lies outside its folder.")
        yield path, name


def _incoming(path: Path, name: str) -> Incoming:
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # it will be refused where it is opened, with the reason
    return Incoming(name=name, open=lambda: path.open("rb"), packed=name.lower().endswith(".gz"), size=size)
