"""What the demonstration remembers between two starts: secrets that the databases hold as hashes only."""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from hub.demo import sample

_NAME = "state.json"
_DATABASES = ("catalog.db", "identity.db", "operations.db")
_MIGRATIONS = Path(__file__).parents[1] / "migrations"


@dataclass(slots=True)
class State:
    """The remembered secrets.

    Attributes:
        port: for which the files in the folder were written last.
        stamp: of the sample and the databases' versions at the last preparation; see `stamp`.
        upstream_secret: the hub's secret at the stand-in identity provider.
        source_tokens: by source.
        clients: client id and secret of each portal, by ``port/portal``: another port is another client.
    """

    port: int = 0
    stamp: str = ""
    upstream_secret: str = field(default="", repr=False)
    source_tokens: dict[str, str] = field(default_factory=dict, repr=False)
    clients: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)


def read_state(folder: Path) -> State:
    """What was kept in that folder; an empty state where nothing readable was."""
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return State()


def keep_state(folder: Path, state: State) -> None:
    """Keep it for the next start."""
    write_private(folder / _NAME, msgspec.json.format(msgspec.json.encode(state)))


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read (0600); it appears whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    new.replace(path)


def stamp() -> str:
    """Changes when a file of the bundled sample or a migration of the databases changes."""
    digest = hashlib.sha256()
    imported = [sample.AREAS, sample.POSTCODES, sample.LEIKA, sample.BUNDLES, sample.SITUATIONS, sample.BUND]
    for path in (*imported, *sorted(_MIGRATIONS.rglob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_prepared(folder: Path, port: int, state: State) -> bool:
    """Whether the last preparation still holds, so that the programs can start at once."""
    there = all((folder / name).is_file() for name in (*_DATABASES, "upstreams.toml"))
    return there and state.port == port and state.stamp == stamp()
