"""Authorization requests (OpenID Connect Core 3.1.2.1; RFC 7636): what is asked, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from hub.demo.identity_provider.people import PEOPLE, Level, Person
from hub.demo.identity_provider.settings import StandInSettings


class RefusedError(Exception):
    """Wrong in a way that must not lead to the redirect address: it may be somebody else's."""


class RequestError(Exception):
    """Wrong in a way that the client learns at its redirect address; `code` as in RFC 6749 section 4.1.2.1."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose client and redirect address are known to be right."""

    redirect_uri: str
    parameters: Mapping[str, str]

    @property
    def wanted(self) -> Level | None:
        """The least level among `acr_values`; words that name none of ours ask for nothing."""
        known = {level.acr: level for level in Level}
        asked = [known[word] for word in self.parameters.get("acr_values", "").split() if word in known]
        return min(asked, default=None)

    @property
    def people(self) -> list[Person]:
        """All persons, the one that `login_hint` names first."""
        hint = self.parameters.get("login_hint", "").lower()
        return sorted(PEOPLE, key=lambda person: hint not in (person.key, person.claims["email"]))

    def answer(self, issuer: str, **parameters: str) -> str:
        """The redirect address with an answer (RFC 6749 section 4.1.2; RFC 9207)."""
        state = {"state": self.parameters["state"]} if "state" in self.parameters else {}
        joint = "&" if "?" in self.redirect_uri else "?"
        return self.redirect_uri + joint + urlencode({**parameters, **state, "iss": issuer})


def addressed(settings: StandInSettings, given: Sequence[tuple[str, str]]) -> Request:
    """The request, once it is certain where its answer may go.

    Raises:
        RefusedError: unknown client or redirect address, or either of them twice.
    """
    parameters = dict(given)
    for name in ("client_id", "redirect_uri"):
        if sum(key == name for key, _ in given) != 1:
            raise RefusedError(f"{name} must be given once.")
    if parameters["client_id"] != settings.client_id:
        raise RefusedError("No such client.")
    if parameters["redirect_uri"] not in settings.redirect_uris:
        raise RefusedError("This redirect_uri is not registered.")
    if len(parameters) < len(given):
        parameters["repeated"] = "yes"
    return Request(parameters["redirect_uri"], parameters)


def check(request: Request) -> None:
    """Check the rest of the request.

    Raises:
        RequestError: with the code for the client.
    """
    given = request.parameters
    prompt = given.get("prompt", "").split()
    rules = [
        ("repeated" in given, "invalid_request", "A parameter came twice."),
        ("request" in given, "request_not_supported", "Request objects are not supported."),
        ("request_uri" in given, "request_uri_not_supported", "Request objects are not supported."),
        ("registration" in given, "registration_not_supported", "Registration is not supported."),
        (given.get("response_type") != "code", "unsupported_response_type", "Only code is supported."),
        (given.get("response_mode", "query") != "query", "invalid_request", "Only query is supported."),
        ("openid" not in given.get("scope", "").split(), "invalid_scope", "The scope must contain openid."),
        (not given.get("code_challenge"), "invalid_request", "PKCE is required."),
        (given.get("code_challenge_method") != "S256", "invalid_request", "PKCE must use S256."),
        (not given.get("max_age", "0").isdecimal(), "invalid_request", "max_age is a number of seconds."),
        ("none" in prompt and len(prompt) > 1, "invalid_request", "prompt=none stands alone."),
        ("none" in prompt, "login_required", "Nobody is remembered here."),
    ]
    for wrong, code, sentence in rules:
        if wrong:
            raise RequestError(code, sentence)
