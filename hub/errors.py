class HubError(Exception):
    """Base of the roof's own errors: a sentence for the one who reads it."""


class ConfigError(HubError):
    """A setting that is wrong, missing or not allowed here; commands end with status 64."""


class SnapshotEndedError(HubError):
    """A read that came after its request had ended: a field whose neighbour failed still wanted to know something."""
