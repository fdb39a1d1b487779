from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

_LONGEST_SECONDS = 8 * 3600
_MOST = 10_000
_IDENTIFIER_BYTES = 32


@dataclass(frozen=True, slots=True)
class Login:
    """Who is signed in at this portal, as the hub's ID token said.

    Attributes:
        sub: the name under which this portal, and no other, knows the person (OpenID Connect Core, section 8).
        sid: the hub's session as named to this portal (Back-Channel Logout, section 2.1).
        level: NONE, LOW, SUBSTANTIAL or HIGH.
        expires_at: when the access token ends, epoch seconds.
    """

    sub: str
    sid: str
    name: str
    level: str
    acting_for: str | None
    id_token: str = field(repr=False)
    access_token: str = field(repr=False)
    expires_at: float


@dataclass(slots=True)
class Session:
    """One browser's visit, kept here and not in the cookie; the cookie holds its identifier only.

    Attributes:
        data: what Authlib remembers between the way to the hub and back (state, nonce, code verifier).
        notice: a key of the texts, shown once on the next page.
    """

    id: str = field(repr=False)
    csrf: str = field(repr=False)
    began: float
    login: Login | None = None
    data: dict[str, Any] = field(default_factory=dict)
    notice: str | None = None
    stored: bool = False

    @property
    def worth_keeping(self) -> bool:
        """Whether there is anything in it; a visitor who only reads gets no cookie."""
        return self.login is not None or bool(self.data) or self.notice is not None


class Sessions:
    """The portal's visits, in memory: a stand-in portal that was restarted asks people to sign in once more."""

    def __init__(self, clock: Callable[[], float], random: Callable[[int], str]) -> None:
        self._clock = clock
        self._random = random
        self._kept: OrderedDict[str, Session] = OrderedDict()

    def find(self, identifier: str | None) -> Session:
        """The visit of that cookie, or a new one that is not kept yet."""
        session = self._kept.get(identifier or "")
        if session and session.began + _LONGEST_SECONDS > self._clock():
            return session
        return Session(self._random(_IDENTIFIER_BYTES), self._random(_IDENTIFIER_BYTES), self._clock())

    def keep(self, session: Session) -> None:
        """Keep a visit that has something in it; the oldest one goes when there are too many."""
        session.stored = True
        self._kept[session.id] = session
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def end(self, session: Session) -> None:
        """Forget a visit."""
        self._kept.pop(session.id, None)

    def renewed(self, session: Session, login: Login | None) -> Session:
        """The visit under a new identifier, as after each login and logout, so that none can be fixed before."""
        self.end(session)
        fresh = self.find(None)
        return replace(fresh, login=login, data=dict(session.data))

    def end_logins(self, *, sid: str | None, sub: str | None) -> int:
        """End what a logout token names: one session of the hub, or all of a person. Answers how many ended."""
        named = [
            session
            for session in self._kept.values()
            if session.login and (session.login.sid == sid if sid else session.login.sub == sub)
        ]
        for session in named:
            self.end(session)
        return len(named)
