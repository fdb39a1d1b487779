"""Somebody as an upstream described them, before and after the hub knows which account that is."""

from dataclasses import dataclass

from identity.assurance import AssuranceLevel
from identity.subject import Organisation


@dataclass(frozen=True, slots=True)
class Person:
    """What an upstream verified about somebody; every attribute may be absent.

    Attributes:
        birthdate: ISO day.
        email_verified: whether the upstream says that the address was checked.
        street: street and house number.
        country: as the upstream writes it.
    """

    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    birthdate: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None

    @property
    def display_name(self) -> str | None:
        """The name to greet somebody with."""
        return self.name or " ".join(filter(None, (self.given_name, self.family_name))) or None


@dataclass(frozen=True, slots=True)
class Identified:
    """Somebody whom an upstream has just identified, before the hub knows which account that is.

    Attributes:
        issuer, subject: the upstream's name for them (`iss` and `sub`); nothing else ever finds an account.
        authenticated_at: epoch seconds.
        organisation: for whom they came; its id is the upstream's.
    """

    issuer: str
    subject: str
    upstream: str
    level: AssuranceLevel
    authenticated_at: int
    person: Person
    organisation: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The hub's account of somebody, and for which organisation (under the hub's own id) they came this time."""

    id: str
    organisation: Organisation | None
