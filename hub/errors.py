class HubError(Exception):
    """Base of the roof's own errors: a sentence for the one who reads it."""


class ConfigError(HubError):
    """A setting that is wrong, missing or not allowed here; commands end with status 64."""
