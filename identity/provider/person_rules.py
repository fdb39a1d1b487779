"""Rules about the person before the screen: logged in, recently, as whom, how surely, with consent.

A rule that only the person can fulfil sends them to a page, once: if they come back and it still does not hold,
or if the portal asked for no page (`prompt=none`), the portal gets the error.
"""

from typing import NoReturn

from identity import sessions
from identity.opaque import SECOND
from identity.provider import consents
from identity.provider.asking import Asked, PersonNeededError
from identity.provider.claims import asked_for
from identity.provider.errors import AuthorizationError
from identity.provider.interactions import CONSENT_PATH, LOGIN_PATH, required_level

_LEEWAY = 10  # seconds by which an upstream's clock may be behind ours


def somebody_is_logged_in(asked: Asked) -> None:
    """There is a live session (Core section 3.1.2.3)."""
    session = sessions.load(asked.connection, asked.cookie, asked.now)
    if session is None:
        _log_in(asked)
    asked.session = session
    sessions.touch(asked.connection, session.id, asked.now)


def prompted_login_took_place(asked: Asked) -> None:
    """`prompt=login`, `select_account` and `max_age=0` need a login after the portal asked (Core section 3.1.2.1)."""
    no_age = asked.params.values.get("max_age", "1").strip("0") == ""
    if (no_age or asked.prompts & {"login", "select_account"}) and not asked.logged_in_meanwhile:
        _log_in(asked)


def login_is_recent_enough(asked: Asked) -> None:
    """The person themselves acted within `max_age` before the portal asked, or after it for `prompt=login`."""
    ages = [int(asked.params.values["max_age"])] if "max_age" in asked.params.values else []
    ages += [0] if "login" in asked.prompts else []
    leeway = _LEEWAY if asked.logged_in_meanwhile else 0
    if not ages or asked.session.authenticated_at + min(ages) + leeway >= asked.asked_at:
        return
    if asked.logged_in_meanwhile:
        raise AuthorizationError("login_required", "The identity provider did not ask the person anew.")
    _log_in(asked)


def subject_is_the_hinted_one(asked: Asked) -> None:
    """With `id_token_hint` the person logged in is the one in it (Core section 3.1.2.2)."""
    own = asked.provider.pairwise.subject(asked.client.sector, asked.session.account_id)
    if asked.hinted_subject in (None, own):
        return
    if asked.logged_in_meanwhile:
        raise AuthorizationError(
            "login_required", "Another person than the one of the id_token_hint logged in."
        )
    _log_in(asked)


def level_is_high_enough(asked: Asked) -> None:
    """The session's level reaches the least level in `acr_values`, else the person steps up.

    If they came back with less, the portal is told so (OpenID Connect Core Error Code
    unmet_authentication_requirements 1.0, section 2) rather than handed a weaker login than it asked for.
    """
    needed = required_level(asked.params.values.get("acr_values", ""))
    if asked.session.level >= needed:
        return
    if asked.logged_in_meanwhile:
        raise AuthorizationError(
            "unmet_authentication_requirements", "The person's login does not reach the level in acr_values."
        )
    _log_in(asked)


def consent_was_given(asked: Asked) -> None:
    """The person has decided about every attribute asked for; with `prompt=consent` since the portal asked."""
    wanted = frozenset(asked_for(asked.scopes, asked.session.acting_for))
    decision = consents.decision(asked.connection, asked.session.account_id, asked.client.client_id)
    if decision is None or not wanted <= decision.asked:
        _decide(asked)
    since = asked.interaction.created_at if asked.interaction else asked.now + SECOND
    if "consent" in asked.prompts and decision.given_at < since:
        _decide(asked)
    asked.granted = wanted & decision.granted


def _log_in(asked: Asked) -> NoReturn:
    if "none" in asked.prompts:
        raise AuthorizationError("login_required", "Nobody is logged in in the way that was asked for.")
    raise PersonNeededError(LOGIN_PATH)


def _decide(asked: Asked) -> NoReturn:
    if "none" in asked.prompts:
        raise AuthorizationError(
            "consent_required", "The person has not decided yet about what is asked for."
        )
    raise PersonNeededError(CONSENT_PATH)
