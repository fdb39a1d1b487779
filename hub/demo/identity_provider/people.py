"""The invented persons of the demonstration, and by which means each of them can log in."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

_ACR = "http://eidas.europa.eu/LoA/"


class Level(IntEnum):
    """How surely a means identifies somebody (eIDAS article 8)."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @property
    def acr(self) -> str:
        """Its name on the wire."""
        return _ACR + self.name.lower()


@dataclass(frozen=True, slots=True)
class Means:
    """A means of logging in; `german` and `english` are its names."""

    key: str
    german: str
    english: str
    level: Level


MEANS = (
    Means("konto", "Benutzerkonto", "User account", Level.LOW),
    Means("zertifikat", "Zertifikat", "Certificate", Level.SUBSTANTIAL),
    Means("ausweis", "Online-Ausweis", "Online ID card", Level.HIGH),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented.

    Attributes:
        level: the highest that they can reach.
        claims: as OpenID Connect names them (Core 5.1), and ``organisation`` for a representative.
    """

    key: str
    name: str
    level: Level
    claims: dict[str, Any] = field(default_factory=dict)

    @property
    def sub(self) -> str:
        """The stand-in's name for them; never changes."""
        return f"stand-in-{self.key}"

    @property
    def means(self) -> tuple[Means, ...]:
        """What they can log in with, the strongest first."""
        return tuple(sorted((m for m in MEANS if m.level <= self.level), key=lambda m: -m.level))

    @property
    def organisation(self) -> str | None:
        """For whom they act."""
        named: str | None = self.claims.get("organisation", {}).get("name")
        return named


def _citizen(given: str, family: str, birthdate: str, address: tuple[str, str, str]) -> dict[str, Any]:
    street, postcode, city = address
    return {
        "name": f"{given} {family}",
        "given_name": given,
        "family_name": family,
        "birthdate": birthdate,
        "email": f"{given}.{family}@example.org".lower(),
        "email_verified": True,
        "address": {"street_address": street, "postal_code": postcode, "locality": city, "country": "DE"},
    }


_MUSTERBAU = {
    "id": "du-musterbau",
    "name": "Musterbau GmbH",
    "legal_form": "GmbH",
    "register_number": "HRB 4711",
}

PEOPLE = (
    Person(
        "erika",
        "Erika Mustermann",
        Level.HIGH,
        _citizen("Erika", "Mustermann", "1964-08-12", ("Musterweg 1", "60311", "Frankfurt am Main")),
    ),
    Person(
        "max",
        "Max Mustermann",
        Level.SUBSTANTIAL,
        _citizen("Max", "Mustermann", "1990-02-03", ("Musterweg 2", "01067", "Dresden")),
    ),
    Person(
        "kim",
        "Kim Beispiel",
        Level.LOW,
        _citizen("Kim", "Beispiel", "2001-11-30", ("Beispielgasse 3", "34117", "Kassel")),
    ),
    Person(
        "toni",
        "Toni Beispiel",
        Level.SUBSTANTIAL,
        _citizen("Toni", "Beispiel", "1978-05-17", ("Beispielgasse 4", "04109", "Leipzig"))
        | {"organisation": _MUSTERBAU},
    ),
)


def chosen(choice: str) -> tuple[Person, Means] | None:
    """The person and means of a button's value, ``person:means``; None for a pair that no button has."""
    pairs = {f"{person.key}:{means.key}": (person, means) for person in PEOPLE for means in person.means}
    return pairs.get(choice)
