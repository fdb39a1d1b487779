import warnings
from dataclasses import dataclass


class InsecureStandInWarning(UserWarning):
    """A stand-in lets anybody in as anybody: it is for demonstrations and tests."""


@dataclass(frozen=True, slots=True)
class StandInSettings:
    """The stand-in's address and its one client.

    Attributes:
        issuer: its public address, without a slash at its end.
        redirect_uris: where answers may go; compared letter by letter.
    """

    issuer: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]


def announce() -> None:
    """Say aloud that this is no identity provider for people."""
    warnings.warn(
        "The stand-in identity provider lets anybody in as anybody. It is for demonstrations only.",
        InsecureStandInWarning,
        stacklevel=3,
    )
