"""`/authorize` as a table: read `RULES` from top to bottom to know what is asked of a request.

A request passes all rules and gets a code; or breaks one of the first and is told so here; or breaks a later one and
the portal is told; or needs the person, and waits as an interaction (`identity.provider.interactions`).
"""

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from identity.provider import codes, interactions
from identity.provider import person_rules as person
from identity.provider import request_rules as request
from identity.provider.asking import Asked, PersonNeededError
from identity.provider.errors import AuthorizationError

Rule = Callable[[Asked], None]

RULES: tuple[Rule, ...] = (
    # These are told to the person: nobody is redirected to an address that is not sure.
    request.request_has_a_bearable_size,
    request.client_is_known,
    request.redirect_uri_is_registered,
    # From here on the portal gets the error by redirect.
    request.parameters_come_once,
    request.no_request_object,
    request.no_request_uri,
    request.response_type_is_code,
    request.response_mode_is_query,
    request.scope_has_openid,
    request.pkce_is_s256,
    request.prompt_is_known,
    request.max_age_is_a_number,
    request.id_token_hint_is_ours,
    # These are about the person; who can fulfil them on a page is sent there.
    person.somebody_is_logged_in,
    person.prompted_login_took_place,
    person.login_is_recent_enough,
    person.subject_is_the_hinted_one,
    person.level_is_high_enough,
    person.consent_was_given,
)

_LONGEST_LOCALES = 100  # characters; some ten tags

_log = logging.getLogger(__name__)


def decide(asked: Asked, browser: str) -> str:
    """Run the rules; returns the address to which the browser goes next.

    Raises:
        UnsafeToRedirectError: when client or redirect URI are not sure; nothing was written then.
    """
    try:
        for rule in RULES:
            rule(asked)
    except PersonNeededError as needed:
        return _wait(asked, browser, needed.path)
    except AuthorizationError as error:
        _log.info("authorization refused: %s %s", error.code, error.detail)
        return _finish(asked, error=error.code, error_description=error.sentence)
    return _finish(asked, code=codes.issue(asked))


def give_up(asked: Asked) -> str:
    """Take back a waiting request for the person; returns the address that tells the portal."""
    for rule in RULES[:3]:
        rule(asked)
    return _finish(asked, error="access_denied", error_description="The person did not go on.")


def _wait(asked: Asked, browser: str, path: str) -> str:
    waiting = asked.interaction.id if asked.interaction else None
    if waiting is None:
        waiting = interactions.keep(
            asked.connection, asked.params.values, browser, asked.provider.random, asked.now
        )
    locales = asked.params.values.get("ui_locales", "")[:_LONGEST_LOCALES]
    wish = {"ui_locales": locales} if locales else {}  # the pages speak the portal's language (Core 3.1.2.1)
    return f"{asked.provider.issuer}{path}?" + urlencode({"interaction": waiting} | wish)


def _finish(asked: Asked, **fields: str) -> str:
    if asked.interaction is not None:
        interactions.spend(asked.connection, asked.interaction.id, asked.now)
    return asked.answer(**fields)
