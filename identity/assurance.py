from enum import IntEnum

_ACR = "http://eidas.europa.eu/LoA/"


class AssuranceLevel(IntEnum):
    """How surely somebody is who they say (eIDAS, Regulation (EU) 910/2014, article 8); ordered.

    NONE is a session without any assurance; the other three have an `acr` on the wire.
    """

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @property
    def acr(self) -> str | None:
        """The `acr` value of OpenID Connect (Core, section 2); NONE has none."""
        return _ACR + self.name.lower() if self else None

    @classmethod
    def of_acr(cls, acr: str) -> "AssuranceLevel | None":
        """The level that an `acr` names, or None for a value that is not ours."""
        return {level.acr: level for level in cls if level.acr}.get(acr)
