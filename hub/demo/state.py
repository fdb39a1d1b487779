"""What the demonstration remembers between two starts: secrets that the databases hold as hashes only."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

_NAME = "state.json"


@dataclass(slots=True)
class State:
    """The remembered secrets.

    Attributes:
        sample: digest of the sample files that were imported.
        upstream_secret: the hub's secret at the stand-in identity provider.
        source_tokens: by source.
        clients: client id and secret of each portal, by ``port/portal``: another port is another client.
    """

    sample: str = ""
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
