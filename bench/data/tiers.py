"""How much data there is, and how it hangs together: pure arithmetic over numbers."""

from dataclasses import dataclass

STATES = (
    ("06", "Hessen", "L100042"),
    ("14", "Sachsen", "L100017"),
    ("09", "Bayern", "L100038"),
    ("05", "Nordrhein-Westfalen", "L100008"),
)
"""Key, name and agency of each state that delivers."""

FEDERAL = ("bund", "Bundesredaktion", "B100019")


@dataclass(frozen=True, slots=True)
class Tier:
    """A size of the catalogue.

    Attributes:
        services: services of the national catalogue.
        districts: in each state.
        municipalities: in each district.
        local_every: every so manieth service is the municipalities' business, by a rule for each of them.
    """

    name: str
    services: int
    districts: int
    municipalities: int
    local_every: int

    def has_base_text(self, service: int) -> bool:
        """Whether the federation describes the service."""
        return service % 10 < 7

    def is_described_by(self, service: int, state: int) -> bool:
        """Whether a state has a description of its own."""
        return not self.has_base_text(service) or (service // 2 + state) % 5 == 0

    def is_local(self, service: int) -> bool:
        """Whether each municipality acts by itself."""
        return service % self.local_every == 0

    def is_for_districts(self, service: int) -> bool:
        """Whether the districts act; what is neither local nor theirs is the state's business."""
        return not self.is_local(service) and service % 20 < 9

    def is_online(self, service: int) -> bool:
        """Whether one can apply online."""
        return service % 3 == 0

    def has_english(self, service: int) -> bool:
        """Whether descriptions are also in English."""
        return service % 10 in (1, 4, 8)


QUICK = Tier("quick", services=120, districts=2, municipalities=5, local_every=20)
SMALL = Tier("s", services=1000, districts=12, municipalities=10, local_every=20)
MEDIUM = Tier("m", services=2000, districts=24, municipalities=44, local_every=20)
LARGE = Tier("l", services=5000, districts=48, municipalities=64, local_every=20)
TIERS = {tier.name: tier for tier in (QUICK, SMALL, MEDIUM, LARGE)}
