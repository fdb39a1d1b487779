"""The only translation between the codes that deliveries carry and levels of assurance."""

from identity.assurance import AssuranceLevel

_LEVELS = {
    "10": AssuranceLevel.NONE,
    "20": AssuranceLevel.LOW,
    "30": AssuranceLevel.SUBSTANTIAL,
    "40": AssuranceLevel.HIGH,
}


def level_of_code(code: str | None) -> AssuranceLevel | None:
    """The level of a `vertrauensniveau` code; None for 00 and 15 (unknown) and for what is no code."""
    return _LEVELS.get(code or "")


def codes_enough_with(level: AssuranceLevel) -> frozenset[str]:
    """The codes of services that somebody with a level may start."""
    return frozenset(code for code, needed in _LEVELS.items() if needed <= level)
