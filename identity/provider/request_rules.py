"""Rules about an authorization request itself, whoever is logged in. Each is one rule and raises if it is broken."""

import re

from identity.provider import clients
from identity.provider.asking import Asked
from identity.provider.errors import AuthorizationError, UnsafeToRedirectError

_CHALLENGE = re.compile(r"[A-Za-z0-9\-._~]{43}")  # base64url of SHA-256 (RFC 7636 section 4.2)
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})
_LONGEST_AGE = 10  # digits


def request_has_a_bearable_size(asked: Asked) -> None:
    """What is kept for a waiting request is bounded."""
    if asked.params.too_long:
        raise UnsafeToRedirectError("The request is too long.")


def client_is_known(asked: Asked) -> None:
    """`client_id` names a registered client, once (RFC 6749 section 4.1.2.1: else nobody is redirected)."""
    client_id = asked.params.values.get("client_id")
    if client_id is None:
        raise UnsafeToRedirectError("The parameter client_id is missing, doubled or garbled.")
    client = clients.load(asked.connection, client_id)
    if client is None:
        raise UnsafeToRedirectError(
            "No portal is registered under this client_id.", detail=f"client_id {client_id!r}"
        )
    asked.client = client


def redirect_uri_is_registered(asked: Asked) -> None:
    """`redirect_uri` equals a registered one character by character (RFC 9700 section 2.1, Core 3.1.2.1)."""
    uri = asked.params.values.get("redirect_uri")
    if uri is None:
        raise UnsafeToRedirectError("The parameter redirect_uri is missing, doubled or garbled.")
    if uri not in asked.client.redirect_uris:
        raise UnsafeToRedirectError(
            "The redirect_uri is not one of those registered for this portal.", detail=f"redirect_uri {uri!r}"
        )
    asked.redirect_uri = uri
    asked.safe_to_redirect = True


def parameters_come_once(asked: Asked) -> None:
    """No parameter comes twice (RFC 6749 section 3.1), and none holds control characters (appendix A)."""
    if names := sorted(name for name in asked.params.unusable if name.isascii() and name.isidentifier()):
        raise AuthorizationError(
            "invalid_request", f"The parameter {names[0]} is doubled or holds control characters."
        )
    if asked.params.unusable:
        raise AuthorizationError("invalid_request", "A parameter is doubled or holds control characters.")


def no_request_object(asked: Asked) -> None:
    """Request objects are not supported (Core section 6.1); ignoring one would ignore what it asks for."""
    if "request" in asked.params.values:
        raise AuthorizationError("request_not_supported", "Request objects are not supported.")


def no_request_uri(asked: Asked) -> None:
    """Request objects by reference are not supported (Core section 6.2); none is ever fetched."""
    if "request_uri" in asked.params.values:
        raise AuthorizationError(
            "request_uri_not_supported", "Request objects by reference are not supported."
        )


def response_type_is_code(asked: Asked) -> None:
    """Only the code flow exists (RFC 6749 section 4.1.1)."""
    found = asked.params.values.get("response_type")
    if found is None:
        raise AuthorizationError("invalid_request", "The parameter response_type is missing; it is code.")
    if found != "code":
        raise AuthorizationError("unsupported_response_type", "The only response_type here is code.")


def response_mode_is_query(asked: Asked) -> None:
    """Answers come in the query (OAuth 2.0 Multiple Response Types, section 2.1)."""
    if asked.params.values.get("response_mode", "query") != "query":
        raise AuthorizationError("invalid_request", "The only response_mode here is query.")


def scope_has_openid(asked: Asked) -> None:
    """`scope` has `openid` (Core section 3.1.2.1); scopes that are unknown or not this portal's are left out."""
    wanted = asked.params.values.get("scope", "").split()
    if "openid" not in wanted:
        raise AuthorizationError("invalid_scope", "The scope has to hold openid.")
    asked.scopes = tuple(scope for scope in asked.client.scopes if scope in wanted)


def pkce_is_s256(asked: Asked) -> None:
    """The code is bound by S256 (RFC 7636; RFC 9700 section 2.1.1); `plain` is no protection and refused."""
    challenge = asked.params.values.get("code_challenge")
    method = asked.params.values.get("code_challenge_method")
    if challenge is None:
        if asked.client.require_pkce or method is not None:
            raise AuthorizationError(
                "invalid_request", "The parameter code_challenge is missing; PKCE is required (RFC 7636)."
            )
        return
    if method != "S256":
        raise AuthorizationError("invalid_request", "The code_challenge_method has to be S256 (RFC 7636).")
    if not _CHALLENGE.fullmatch(challenge):
        raise AuthorizationError("invalid_request", "The code_challenge is not the base64url of a SHA-256.")


def prompt_is_known(asked: Asked) -> None:
    """`prompt` has known words, and `none` stands alone (Core section 3.1.2.1)."""
    if asked.prompts - _PROMPTS:
        raise AuthorizationError(
            "invalid_request", "The prompt can be none, login, consent or select_account."
        )
    if "none" in asked.prompts and len(asked.prompts) > 1:
        raise AuthorizationError("invalid_request", "The prompt none stands alone.")


def max_age_is_a_number(asked: Asked) -> None:
    """`max_age` is a number of seconds (Core section 3.1.2.1)."""
    age = asked.params.values.get("max_age", "0")
    if not (age.isascii() and age.isdigit() and len(age) <= _LONGEST_AGE):
        raise AuthorizationError("invalid_request", "The max_age has to be a number of seconds.")


def id_token_hint_is_ours(asked: Asked) -> None:
    """`id_token_hint` is an ID token that we made for this portal; its age does not matter (Core section 3.1.2.1)."""
    hint = asked.params.values.get("id_token_hint")
    if hint is None:
        return
    claims = asked.provider.keys.opened(hint)
    if (
        not claims
        or claims.get("iss") != asked.provider.issuer
        or claims.get("aud") != asked.client.client_id
    ):
        raise AuthorizationError(
            "invalid_request", "The id_token_hint is not an ID token made here for this portal."
        )
    asked.hinted_subject = str(claims.get("sub"))
