class IdentityError(Exception):
    """Base of every error of this package.

    Attributes:
        code: the word on the wire, such as ``invalid_grant`` (RFC 6749 and the specifications after it).
        sentence: what was wrong and what would be right, for the caller.
        detail: more for the log; never shown to the caller.
    """

    code = "server_error"

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail
