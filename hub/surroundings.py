import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from hub.admission.shared import Moments
from hub.config import Settings
from hub.egress import Egress
from hub.pages.rendering import Pages


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What comes from the machine: passed down, so that tests decide it.

    Attributes:
        clock: seconds since 1970, UTC.
        random: that many bytes from a secure source.
        egress: the one client for calls to outside.
        pages: the templates and their files.
        moments: what all processes of this hub know of clients; None: this process is alone.
    """

    egress: Egress
    pages: Pages
    clock: Callable[[], float] = time.time
    random: Callable[[int], bytes] = secrets.token_bytes
    moments: Moments | None = None


def of_machine(settings: Settings, moments: Moments | None = None) -> Surroundings:
    """The machine's own."""
    return Surroundings(Egress(settings.egress_allow), Pages(), moments=moments)
