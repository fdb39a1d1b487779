"""What the offices deliver: the federation its base texts, each state its own texts, offices and responsibilities."""

from collections.abc import Iterator
from itertools import count
from random import Random

from bench.data import messages, prose
from bench.data.places import STATE_NAMES, Municipality, municipalities
from bench.data.tiers import FEDERAL, STATES, Tier

SIZES = {
    "05": 150,
    "06": 2600,
    "07": 500,
    "08": 900,
    "09": 800,
    "11": 1700,
    "15": 600,
    "16": 500,
    "22": 500,
    "25": 700,
}
"""Text module -> about how many characters it has."""

_LEVELS = ("10", "20", "30", "40")
_UNIT_RULES = 25


def leika_key(service: int) -> str:
    """The service's key: well formed, and of no real service."""
    return f"99{900 + service % 90:03}{service:03}001{service % 1000:03}"[:14]


def federal(tier: Tier) -> Iterator[str]:
    """The base texts."""
    agency = FEDERAL[2]
    for service in range(tier.services):
        if tier.has_base_text(service):
            yield _description(tier, service, agency, ["000000000000"], part=0)


def of_state(tier: Tier, number: int) -> Iterator[str]:
    """All objects of one state: descriptions, online services, offices, responsibilities."""
    state, _, agency = STATES[number]
    places = list(municipalities(tier, state))
    for service in range(tier.services):
        if tier.is_described_by(service, number):
            yield _description(tier, service, agency, [state.ljust(12, "0")], part=number + 1)
    rules = count(1)
    yield from _online(tier, number, rules)
    yield from _local_offices(tier, number, places, rules)
    yield from _upper_offices(tier, number, places, rules)


def described(tier: Tier, service: int, number: int) -> tuple[str, str]:
    """Agency and value of the description that a state's rules name: its own, else the base text."""
    agency = STATES[number][2] if tier.is_described_by(service, number) else FEDERAL[2]
    return agency, str(100_000 + service)


def _description(tier: Tier, service: int, agency: str, areas: list[str], part: int) -> str:
    random = Random(service * 10 + part)
    title = {"de": prose.title(service)}
    english = tier.has_english(service)
    if english:
        title["en"] = prose.english_title(service)
    modules: dict[str, dict[str, str]] = {"02": {"de": prose.title(service)}, "03": title}
    for code, size in SIZES.items():
        modules[code] = {"de": prose.german(random, size)}
        if english:
            modules[code]["en"] = prose.english(random, size)
    value = str(100_000 + service)
    level = _LEVELS[service % len(_LEVELS)]
    return messages.leistung(agency, value, leika_key(service), modules, areas=areas, level=level)


def _online(tier: Tier, number: int, rules: Iterator[int]) -> Iterator[str]:
    state, _, agency = STATES[number]
    for service in filter(tier.is_online, range(tier.services)):
        value = str(300_000 + service)
        names = {"de": f"{prose.title(service)} online"}
        yield messages.onlinedienst(agency, value, names, _LEVELS[1 + service % 3])
        inside = messages.rule(
            agency,
            str(next(rules)),
            described(tier, service, number),
            [state.ljust(12, "0")],
            role=None,
        )
        yield messages.transferred(agency, value, inside)


def _local_offices(
    tier: Tier, number: int, places: list[Municipality], rules: Iterator[int]
) -> Iterator[str]:
    """Offices of the municipalities, which carry their rules inside."""
    agency = STATES[number][2]
    services = list(filter(tier.is_local, range(tier.services)))
    parts = [services[start : start + _UNIT_RULES] for start in range(0, len(services), _UNIT_RULES)]
    for index, place in enumerate(places):
        for desk, part in enumerate(parts):
            inside = [
                messages.rule(agency, str(next(rules)), described(tier, service, number), [place.ars])
                for service in part
            ]
            names = {"de": f"{place.name} – Bürgeramt {desk + 1}", "en": f"{place.name} – Citizens' Office"}
            value = str(200_000 + index * 100 + desk)
            yield messages.organisation(
                agency, value, names, city=place.name, postcode=place.postcode, rules=inside
            )


def _upper_offices(
    tier: Tier, number: int, places: list[Municipality], rules: Iterator[int]
) -> Iterator[str]:
    """Offices of districts and of the state; their rules are objects of their own."""
    state, _, agency = STATES[number]
    seats = {place.district: place for place in reversed(places)}
    for index, (district, seat) in enumerate(sorted(seats.items())):
        owner = str(400_000 + index)
        names = {"de": f"Landratsamt {seat.name}"}
        yield messages.organisation(agency, owner, names, city=seat.name, postcode=seat.postcode)
        for service in filter(tier.is_for_districts, range(tier.services)):
            inside = messages.rule(agency, str(next(rules)), described(tier, service, number), [district])
            yield messages.transferred(agency, owner, inside)
    names = {"de": f"Landesamt {STATE_NAMES[state]}"}
    yield messages.organisation(agency, "500000", names, city=places[0].name, postcode="10115")
    for service in range(tier.services):
        if not tier.is_local(service) and not tier.is_for_districts(service):
            area = state.ljust(12, "0")
            inside = messages.rule(agency, str(next(rules)), described(tier, service, number), [area])
            yield messages.transferred(agency, "500000", inside)
