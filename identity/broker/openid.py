"""An upstream that speaks OpenID Connect: Authlib's client asks, and the checks that it leaves out are made here."""

import hmac
import logging
from collections.abc import Mapping
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from identity.account import Identified
from identity.assurance import AssuranceLevel
from identity.broker.claims import ClaimTable, Expected, SignedClaims, UnverifiedToken, VerifiedClaims
from identity.broker.discovery import Discovery, Metadata
from identity.broker.errors import (
    AnswerRefusedError,
    LevelNotReachedError,
    LoginCancelledError,
    UpstreamUnavailableError,
)
from identity.broker.id_token import signed_claims
from identity.broker.keys import UpstreamKeys
from identity.broker.openid_claims import about, id_token_table, organisation_of, person_of, userinfo_table
from identity.broker.outside import Outside, fetch_json
from identity.broker.pending import PendingLogin
from identity.broker.purpose import Purpose
from identity.broker.upstream import Upstream
from identity.opaque import Clock

_log = logging.getLogger(__name__)


class OpenIDUpstream:
    """One upstream: the address to send people to, and who came back.

    Args:
        redirect_uri: the hub's callback for this upstream alone, so that answers of two can't be mixed up.
    """

    def __init__(self, upstream: Upstream, outside: Outside, clock: Clock, redirect_uri: str) -> None:
        self.upstream = upstream
        self._outside = outside
        self._clock = clock
        self._redirect_uri = redirect_uri
        self._discovery = Discovery(upstream.issuer, outside, clock)
        self._keys = UpstreamKeys(self._fetch_keys, clock)

    async def _fetch_keys(self) -> Any:
        return await fetch_json(self._outside, (await self._discovery.metadata()).jwks_uri)

    async def origin(self) -> str:
        """Where people are sent, for a page's `form-action`. Raises UpstreamUnavailableError."""
        return (await self._discovery.metadata()).origin

    async def address(self, state: str, pending: PendingLogin) -> str:
        """The authorization request (Core 3.1.2.1; PKCE S256 always). Raises UpstreamUnavailableError."""
        metadata = await self._discovery.metadata()
        url, _ = self._client(metadata).create_authorization_url(
            metadata.authorization_endpoint,
            state=state,
            code_verifier=pending.verifier,
            nonce=pending.nonce,
            response_mode="query",
            **_wishes(pending.purpose),
        )
        return str(url)

    def _client(self, metadata: Metadata) -> AsyncOAuth2Client:
        known = metadata.token_endpoint_auth_methods_supported
        basic = "client_secret_basic" in known or "client_secret_post" not in known
        with_secret = "client_secret_basic" if basic else "client_secret_post"
        return AsyncOAuth2Client(
            client_id=self.upstream.client_id,
            client_secret=self.upstream.client_secret,
            token_endpoint_auth_method=with_secret if self.upstream.client_secret else "none",
            scope=self.upstream.scope,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            transport=self._outside,
            trust_env=False,
            follow_redirects=False,
        )

    async def identify(self, answer: Mapping[str, str], pending: PendingLogin) -> Identified:
        """Who came back with this answer.

        Raises:
            AnswerRefusedError: a check failed.
            LevelNotReachedError: the level is below the one that this login was for.
            LoginCancelledError: the person gave up there.
            UpstreamUnavailableError: the upstream can't finish what it began.
        """
        metadata = await self._discovery.metadata()
        self._check_issuer(answer, metadata)
        _check_error(answer, pending)
        token = await self._redeemed(answer, pending, metadata)
        expected = Expected(
            issuer=self.upstream.issuer,
            client_id=self.upstream.client_id,
            nonce=pending.nonce,
            now=self._clock(),
            access_token=token.get("access_token"),
            acted_since=pending.begun_at if pending.purpose.fresh else None,
        )
        claims = await self._verified(UnverifiedToken(token["id_token"]), expected)
        level = self._level(claims, pending.purpose)
        attributes = await self._attributes(claims, expected, metadata)
        return Identified(
            issuer=self.upstream.issuer,
            subject=claims["sub"],
            upstream=self.upstream.id,
            level=level,
            authenticated_at=int(claims.get("auth_time", claims["iat"])),
            person=person_of(attributes),
            organisation=organisation_of(attributes),
        )

    def _check_issuer(self, answer: Mapping[str, str], metadata: Metadata) -> None:
        """RFC 9207, section 2.4: compared when it is there, and it must be there when the upstream says so."""
        issuer = answer.get("iss")
        if issuer is None and not metadata.authorization_response_iss_parameter_supported:
            return
        if not hmac.compare_digest((issuer or "").encode(), self.upstream.issuer.encode()):
            raise AnswerRefusedError("The answer comes from another identity provider.")

    async def _redeemed(
        self, answer: Mapping[str, str], pending: PendingLogin, metadata: Metadata
    ) -> Mapping[str, Any]:
        code = answer.get("code")
        if not code:
            raise AnswerRefusedError("The answer has no code.")
        client = self._client(metadata)
        try:
            token: Mapping[str, Any] = await client.fetch_token(
                metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=pending.verifier,
            )
        except OAuthError as error:
            raise AnswerRefusedError("The identity provider refuses its code.", str(error)) from error
        except (httpx2.HTTPError, ValueError) as error:
            raise UpstreamUnavailableError("The identity provider does not answer.", repr(error)) from error
        if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
            raise AnswerRefusedError("The identity provider's answer has no ID token or no access token.")
        return token

    async def _verified(self, unverified_token: UnverifiedToken, expected: Expected) -> VerifiedClaims:
        claims = await signed_claims(unverified_token, self._keys, self.upstream.algorithms)
        table = id_token_table(
            fresh=expected.acted_since is not None,
            organisations=self.upstream.organisations,
            ignored=self.upstream.ignored_claims,
        )
        return self._judged(table, claims, expected)

    async def _attributes(
        self, claims: VerifiedClaims, expected: Expected, metadata: Metadata
    ) -> VerifiedClaims:
        """The ID token's attributes and userinfo's; where both speak, the signed one counts."""
        if metadata.userinfo_endpoint is None:
            return claims
        found = await fetch_json(self._outside, metadata.userinfo_endpoint, bearer=expected.access_token)
        if not isinstance(found, dict):
            raise AnswerRefusedError("The userinfo is no object.")
        table = userinfo_table(
            organisations=self.upstream.organisations, ignored=self.upstream.ignored_claims
        )
        more = self._judged(table, SignedClaims(found), about(expected, claims["sub"]))
        return VerifiedClaims({**more, **claims})

    def _judged(self, table: ClaimTable, claims: SignedClaims, expected: Expected) -> VerifiedClaims:
        verified, unknown = table.judge(claims, expected)
        if unknown:  # names only: a log holds no personal data
            _log.warning(
                "Upstream %s sends claims that nobody listed: %s", self.upstream.id, ", ".join(unknown)
            )
        return verified

    def _level(self, claims: VerifiedClaims, purpose: Purpose) -> AssuranceLevel:
        """The level it claims, capped by the one it may claim; a word that is none of ours proves nothing."""
        claimed = AssuranceLevel.of_acr(claims.get("acr", "")) or AssuranceLevel.NONE
        reached = min(claimed, self.upstream.highest)
        if reached < purpose.wanted:
            raise LevelNotReachedError(purpose.wanted, reached)
        return reached


def _wishes(purpose: Purpose) -> dict[str, str]:
    wishes = {
        "acr_values": purpose.wanted.acr,
        "prompt": "login" if purpose.fresh else None,
        "max_age": "0" if purpose.fresh else None,
        "login_hint": purpose.login_hint,
        "ui_locales": purpose.ui_locales,
    }
    return {name: value for name, value in wishes.items() if value}


def _check_error(answer: Mapping[str, str], pending: PendingLogin) -> None:
    """The upstream's own error (RFC 6749, section 4.1.2.1; Unmet Authentication Requirements 1.0)."""
    error = answer.get("error")
    if error is None:
        return
    detail = f"{error}: {answer.get('error_description', '')}"[:500]
    if error == "access_denied":
        raise LoginCancelledError("The person gave up.", detail)
    if error == "unmet_authentication_requirements":
        raise LevelNotReachedError(pending.purpose.wanted, None, detail)
    if error in ("server_error", "temporarily_unavailable"):
        raise UpstreamUnavailableError("The identity provider has a problem.", detail)
    raise AnswerRefusedError("The identity provider refuses the login.", detail)
