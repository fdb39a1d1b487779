class NeedsReferenceError(Exception):
    """The attempt is thrown away: the reference executor has to judge, so that errors are its own to the letter."""


def leave(*_: object) -> None:
    """Throw the attempt away.

    Raises:
        NeedsReferenceError: always.
    """
    raise NeedsReferenceError
