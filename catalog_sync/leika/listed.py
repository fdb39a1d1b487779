"""What the files of the LeiKa catalogue say: services, OZG bundles, situations."""

from dataclasses import dataclass, field

from catalog_sync.catalog.keys import LeikaKey


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service of the national catalogue.

    Attributes:
        regulatory_types: codes of Typisierung as listed; ``2/3`` is one code, ``1;2/3`` are two.
        bundle_id: number of the OZG bundle, such as 10513.
    """

    key: LeikaKey
    title: str
    regulatory_types: tuple[str, ...]
    bundle_id: str | None
    legal_basis: str | None


@dataclass(frozen=True, slots=True)
class ListedSituation:
    """A situation of life or business (Lage) and its policy field (Themenfeld)."""

    id: str
    name: str
    policy_field: str | None


@dataclass(slots=True)
class Catalogue:
    """All that one import was given.

    `named_in_passing` are bundles that only the services name, `situations_in_passing` situations that only the
    bundles name: they fill gaps and correct nothing.
    """

    services: dict[LeikaKey, ListedService] = field(default_factory=dict)
    bundles: dict[str, str] = field(default_factory=dict)
    situations: dict[str, ListedSituation] = field(default_factory=dict)
    situations_of_bundle: dict[str, set[str]] = field(default_factory=dict)
    named_in_passing: dict[str, str] = field(default_factory=dict)
    situations_in_passing: dict[str, ListedSituation] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
