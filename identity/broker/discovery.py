"""What an upstream says about itself (OpenID Connect Discovery 1.0)."""

import asyncio
from urllib.parse import urlsplit

import msgspec

from identity.broker.errors import UpstreamUnavailableError
from identity.broker.outside import Outside, fetch_json
from identity.broker.upstream import is_secure
from identity.opaque import Clock

_GOOD_SECONDS = 3600
_BAD_SECONDS = 5  # an upstream that is down does not slow every page


class Metadata(msgspec.Struct, frozen=True):
    """The parts of a discovery document that are used (Discovery, section 3; RFC 8414; RFC 9207, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    response_types_supported: tuple[str, ...] = ("code",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    code_challenge_methods_supported: tuple[str, ...] | None = None
    authorization_response_iss_parameter_supported: bool = False

    @property
    def origin(self) -> str:
        """Where the browser is sent, for a page's `form-action`."""
        place = urlsplit(self.authorization_endpoint)
        return f"{place.scheme}://{place.netloc}"


class Discovery:
    """One upstream's metadata, fetched when needed, kept for an hour; a broken document replaces no good one."""

    def __init__(self, issuer: str, outside: Outside, clock: Clock) -> None:
        self._issuer = issuer
        self._outside = outside
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._good: Metadata | None = None
        self._failed: UpstreamUnavailableError | None = None
        self._due = 0.0

    async def metadata(self) -> Metadata:
        """The upstream's metadata.

        Raises:
            UpstreamUnavailableError: when there never was a usable document.
        """
        async with self._one_at_a_time:
            if self._clock() >= self._due:
                await self._refresh()
        if self._good is not None:
            return self._good
        raise UpstreamUnavailableError(
            *((self._failed.sentence, self._failed.detail) if self._failed else ("",))
        )

    async def _refresh(self) -> None:
        try:
            self._good = await self._fetched()
            self._due = self._clock() + _GOOD_SECONDS
        except UpstreamUnavailableError as error:
            self._failed = error
            self._due = self._clock() + _BAD_SECONDS

    async def _fetched(self) -> Metadata:
        url = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        document = await fetch_json(self._outside, url)
        try:
            metadata = msgspec.convert(document, Metadata)
        except msgspec.ValidationError as error:
            raise UpstreamUnavailableError(
                "The identity provider has a problem.", f"{url}: {error}"
            ) from error
        if wrong := self._wrong(metadata):
            raise UpstreamUnavailableError("The identity provider has a problem.", f"{url}: {wrong}")
        return metadata

    def _wrong(self, metadata: Metadata) -> str | None:
        if metadata.issuer != self._issuer:  # Discovery, section 4.3: identical, or it is an impersonation
            return f"its issuer is {metadata.issuer!r} and not {self._issuer!r}"
        endpoints = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        optional = (metadata.userinfo_endpoint,) if metadata.userinfo_endpoint else ()
        if insecure := [url for url in endpoints + optional if not is_secure(url)]:
            return f"{insecure[0]!r} is not https"
        if "code" not in metadata.response_types_supported:
            return "it does not offer the response type code"
        methods = metadata.code_challenge_methods_supported
        return "it offers PKCE without S256" if methods is not None and "S256" not in methods else None
