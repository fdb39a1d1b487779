"""What can be told about a person: which scope asks for it, what a person decides about, and what then goes out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from identity.person import Person
from identity.subject import Organisation

GRAPH_SCOPE = "graph:viewer"


class Accounts(Protocol):
    """Where attributes of people come from."""

    async def person(self, account_id: str) -> Person | None:
        """What is known of an account's person; None when the account is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing that a person decides about when they consent.

    Attributes:
        name: the word in consents and in the page's texts.
        scope: what a portal asks with (Core section 5.4).
        required: without it the portal can't work, so that it is given or the login refused as a whole.
        claims: the claims that go out, those without value left out.
    """

    name: str
    scope: str
    required: bool
    claims: Callable[[Person], Mapping[str, Any]]


def _name(person: Person) -> Mapping[str, Any]:
    return {
        "name": person.display_name,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }


def _email(person: Person) -> Mapping[str, Any]:
    return {"email": person.email, "email_verified": person.email_verified if person.email else None}


def _address(person: Person) -> Mapping[str, Any]:
    parts = {
        "street_address": person.street,
        "postal_code": person.postcode,
        "locality": person.city,
        "country": person.country,
    }
    return {"address": {name: text for name, text in parts.items() if text} or None}  # Core section 5.1.1


ATTRIBUTES = (
    Attribute("name", "profile", required=True, claims=_name),
    Attribute("birthdate", "profile", required=False, claims=lambda person: {"birthdate": person.birthdate}),
    Attribute("email", "email", required=False, claims=_email),
    Attribute("address", "address", required=False, claims=_address),
    Attribute("organisation", "organisation", required=True, claims=lambda _: {}),
    Attribute("graph", GRAPH_SCOPE, required=True, claims=lambda _: {}),
)

CLAIMS_SUPPORTED = (
    *("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "sid", "at_hash"),
    *("name", "given_name", "family_name", "birthdate", "email", "email_verified", "address", "organisation"),
)


def asked_for(scopes: Iterable[str], acting_for: Organisation | None) -> tuple[str, ...]:
    """Names of the attributes that a request asks for; an organisation only when somebody acts for one."""
    wanted = frozenset(scopes)
    return tuple(
        attribute.name
        for attribute in ATTRIBUTES
        if attribute.scope in wanted and (attribute.name != "organisation" or acting_for)
    )


def required(names: Iterable[str]) -> frozenset[str]:
    """Those of the attributes that can't be left out."""
    return frozenset(names) & {attribute.name for attribute in ATTRIBUTES if attribute.required}


def claims_of(person: Person, granted: Iterable[str], acting_for: Organisation | None) -> dict[str, Any]:
    """The claims that go out for what was granted; `acting_for` already has the portal's pairwise id."""
    names = frozenset(granted)
    found: dict[str, Any] = {}
    for attribute in ATTRIBUTES:
        if attribute.name in names:
            found |= {claim: value for claim, value in attribute.claims(person).items() if value is not None}
    if "organisation" in names and acting_for:
        found["organisation"] = _organisation_claim(acting_for)
    return found


def _organisation_claim(organisation: Organisation) -> dict[str, str]:
    parts = {
        "id": organisation.id,
        "name": organisation.name,
        "legal_form": organisation.legal_form,
        "register_number": organisation.register_number,
    }
    return {name: text for name, text in parts.items() if text is not None}
