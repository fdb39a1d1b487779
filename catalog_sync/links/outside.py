"""What the link checker needs of the hub's client for calls to outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from catalog_sync.links.verdicts import Trouble


class UnansweredError(Exception):
    """A call that brought no answer, or that may not be made."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(detail or trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        headers: names in small letters.
        body: what was read of it.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Outside(Protocol):
    """Makes one request; every address is judged, and redirects are not followed."""

    async def ask(self, method: str, url: str, *, most_bytes: int) -> Reply:
        """Ask, and read so much of the answer.

        Raises:
            UnansweredError: where the call may not be made, fails or takes too long.
        """
        ...
