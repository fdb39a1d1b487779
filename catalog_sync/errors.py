class CatalogError(Exception):
    """Base of every error of this package.

    Attributes:
        code: the word on the wire, for example ``BAD_ARS``; docs/errors.md lists all of them.
        sentence: what was wrong and what would be right, for the caller.
        detail: more for the log; never shown to the caller.
    """

    code = "CATALOG_ERROR"

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


class StoreAwayError(Exception):
    """A database does not answer now: nothing is wrong with the work, which goes on when it does."""


class BadArs(CatalogError):  # noqa: N818 - the wire's word
    """A regional key that is none."""

    code = "BAD_ARS"


class BadEntryId(CatalogError):  # noqa: N818
    """A flat entry identifier that is malformed."""

    code = "BAD_ENTRY_ID"


class BadLeikaKey(CatalogError):  # noqa: N818
    """A service key that is malformed."""

    code = "BAD_LEIKA_KEY"


class BadPostcode(CatalogError):  # noqa: N818
    """A postcode that is malformed."""

    code = "BAD_POSTCODE"
