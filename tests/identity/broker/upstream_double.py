"""An upstream in memory whose every answer a test can bend."""

import json
from base64 import urlsafe_b64encode
from typing import Any, Protocol
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

ISSUER = "https://idp.example"
CLIENT_ID = "hub"
CALLBACK = "https://hub.example/login/callback/konto"
ACR = "http://eidas.europa.eu/LoA/"
NOW = 1_780_000_000

RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}, private=True)
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}, private=True)
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"}, private=True)


class Sign(Protocol):
    """Makes a token of claims."""

    def __call__(self, claims: dict[str, Any], /) -> str: ...


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


def unsigned(claims: dict[str, Any], **header: Any) -> str:
    """A token with alg none."""
    parts = [{"alg": "none", **header}, claims]
    return (
        ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
    )


class UpstreamDouble(httpx2.AsyncBaseTransport):
    """Answers as a correct provider would, but for what a test changed.

    Attributes:
        claims: merged into the ID token; None takes a claim away.
        sign: makes the token of the claims.
        replies: path -> what is answered there instead.
        asked: the paths that were asked, in order.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.metadata: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "response_types_supported": ["code"],
            "authorization_response_iss_parameter_supported": True,
        }
        self.jwks: Any = {"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]}
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {"sub": "erika", "given_name": "Erika", "family_name": "Mustermann"}
        self.sign: Sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "rsa-1"}, claims, RSA)
        self.replies: dict[str, httpx2.Response] = {}
        self.nonce = ""
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.authorizations: list[str] = []

    def visit(self, address: str) -> list[tuple[str, str]]:
        """A person logs in at the address that the hub sent them to; returns the parameters they bring back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = query["nonce"]
        return [("code", "the-code"), ("state", query["state"]), ("iss", ISSUER)]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        self.asked.append(path)
        if path in self.replies:
            reply = self.replies[path]
            return httpx2.Response(reply.status_code, headers=reply.headers, content=reply.content)
        if path == "/token":
            self.forms.append(dict(parse_qsl((await request.aread()).decode())))
            self.authorizations.append(request.headers.get("authorization", ""))
            return httpx2.Response(200, json=self._token())
        documents = {
            "/.well-known/openid-configuration": self.metadata,
            "/jwks": self.jwks,
            "/userinfo": self.userinfo,
        }
        return httpx2.Response(200, json=documents[path])

    def _token(self) -> dict[str, Any]:
        now = int(self.clock())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": "erika",
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
            "auth_time": now,
            "acr": ACR + "substantial",
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.sign(kept)}
