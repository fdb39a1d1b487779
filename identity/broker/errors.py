"""Why a login at an upstream came to nothing; the pages have words of their own for the person."""

from identity.assurance import AssuranceLevel
from identity.broker.purpose import Purpose
from identity.errors import IdentityError


class BrokerError(IdentityError):
    """Base of this package's errors.

    Attributes:
        purpose: for what the login was, where that is known: the way back for the person.
    """

    purpose: Purpose | None = None


class UnknownUpstreamError(BrokerError):
    """No upstream has that id."""

    code = "unknown_upstream"


class UpstreamUnavailableError(BrokerError):
    """The upstream does not answer, or answers what can't be used."""

    code = "temporarily_unavailable"


class StateRefusedError(BrokerError):
    """The answer belongs to no login that this browser has begun and not yet ended."""

    code = "state_refused"


class AnswerRefusedError(BrokerError):
    """The upstream's answer or its tokens failed a check."""

    code = "answer_refused"


class LoginCancelledError(BrokerError):
    """The person gave up at the upstream."""

    code = "access_denied"


class LevelNotReachedError(BrokerError):
    """The login succeeded, but not at the level that the matter needs.

    Attributes:
        wanted: the level that was asked for.
        reached: what the upstream gave, capped by its highest; None when it gave nothing.
    """

    code = "unmet_authentication_requirements"

    def __init__(self, wanted: AssuranceLevel, reached: AssuranceLevel | None, detail: str = "") -> None:
        given = reached.name if reached is not None else "nothing"
        super().__init__(f"The level {wanted.name} was asked for and {given} was given.", detail)
        self.wanted = wanted
        self.reached = reached
