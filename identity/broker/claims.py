"""What an upstream claims, and when it is believed.

Three types keep apart how far a claim has come: an `UnverifiedToken` is text from outside; `SignedClaims` carry the
upstream's signature (or came over its own connection), but nobody has looked whether they are meant for us;
`VerifiedClaims` have passed a `ClaimTable`. Only the last become attributes or a level.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NewType

from identity.broker.errors import AnswerRefusedError

UnverifiedToken = NewType("UnverifiedToken", str)
SignedClaims = NewType("SignedClaims", Mapping[str, Any])
VerifiedClaims = NewType("VerifiedClaims", Mapping[str, Any])


@dataclass(frozen=True, slots=True)
class Expected:
    """What the claims are compared with.

    Attributes:
        now: epoch seconds.
        acted_since: the person must have acted at the upstream since then (epoch seconds); None where any time will do.
        subject: whom userinfo must be about; None while that is not known.
        access_token: what `at_hash` must fit to.
    """

    issuer: str
    client_id: str
    nonce: str
    now: float
    access_token: str | None = None
    acted_since: float | None = None
    subject: str | None = None


Check = Callable[[Any, Expected], bool]
"""Whether a claim's value is right."""


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """Every claim that may come, each in exactly one row.

    Attributes:
        required: must be there and right.
        unchecked: must be there, and there is nothing to compare it with but its shape.
        optional: may be missing, null or empty; right otherwise.
        ignored: known, and not needed on purpose.
    """

    required: Mapping[str, Check]
    unchecked: Mapping[str, Check]
    optional: Mapping[str, Check]
    ignored: frozenset[str]

    def judge(self, claims: SignedClaims, expected: Expected) -> tuple[VerifiedClaims, list[str]]:
        """The claims that passed, and the names of those that nobody has listed.

        Raises:
            AnswerRefusedError: names the claim that is missing or wrong, never its value.
        """
        needed = {**self.required, **self.unchecked}
        if missing := sorted(name for name in needed if claims.get(name) in _NOTHING):
            raise AnswerRefusedError(f"The claim {missing[0]} is missing.")
        present = {name: value for name, value in claims.items() if value not in _NOTHING}
        rows = needed | dict(self.optional)
        for name in rows.keys() & present.keys():
            if not rows[name](present[name], expected):
                raise AnswerRefusedError(f"The claim {name} is wrong.")
        verified = {name: value for name, value in present.items() if name in rows}
        return VerifiedClaims(verified), sorted(set(claims) - rows.keys() - self.ignored)


_NOTHING: tuple[Any, ...] = (None, "", [], {})
