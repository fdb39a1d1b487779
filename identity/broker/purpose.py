from dataclasses import dataclass

from identity.assurance import AssuranceLevel


@dataclass(frozen=True, slots=True)
class Purpose:
    """For what somebody logs in.

    Attributes:
        wanted: the least level; NONE is any.
        fresh: the person must act now; an upstream's memory of an earlier login is not enough.
        interaction: the portal's request that waits for this login.
        next: or a page of the hub, a path on this host.
        login_hint, ui_locales: passed on as they are (Core, section 3.1.2.1).
    """

    wanted: AssuranceLevel = AssuranceLevel.NONE
    fresh: bool = False
    interaction: str | None = None
    next: str | None = None
    login_hint: str | None = None
    ui_locales: str | None = None
