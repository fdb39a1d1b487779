from identity.errors import IdentityError


class ProviderError(IdentityError):
    """What a portal, or the person before the screen, is told was wrong.

    Attributes:
        status: HTTP status where the answer is no redirect; `code` is the `error` of RFC 6749 and those after it.
    """

    code = "invalid_request"
    status = 400


class UnsafeToRedirectError(ProviderError):
    """Client or redirect URI are not sure: the person is told here, nobody is sent anywhere (RFC 6749 4.1.2.1)."""


class AuthorizationError(ProviderError):
    """An error that goes back to the portal by redirect."""

    def __init__(self, code: str, sentence: str, detail: str = "") -> None:
        super().__init__(sentence, detail)
        self.code = code


class TokenError(ProviderError):
    """An error of the token endpoint (RFC 6749 section 5.2)."""

    def __init__(self, code: str, sentence: str, detail: str = "") -> None:
        super().__init__(sentence, detail)
        self.code = code
        self.status = 401 if code == "invalid_client" else 400


class BearerError(ProviderError):
    """An access token that is missing, wrong or too weak (RFC 6750 section 3.1); without code when none came."""

    def __init__(self, code: str, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.status = status
