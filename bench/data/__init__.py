"""The benchmark's own data: deterministic, written as lists and XZuFi messages, taken in by the real pipeline."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.data import offices, places, prose
from bench.data.messages import write_message
from bench.data.tiers import FEDERAL, STATES, Tier


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one source delivers.

    Attributes:
        areas: where it writes.
        objects: how many the message holds, rules inside units not counted.
    """

    source: str
    name: str
    agency: str
    areas: str
    message: Path
    objects: int


@dataclass(frozen=True, slots=True)
class Material:
    """All files of a tier."""

    areas: Path
    postcodes: Path
    catalogue: Path
    deliveries: tuple[Delivery, ...]

    @property
    def bytes(self) -> int:
        """Of XML."""
        return sum(delivery.message.stat().st_size for delivery in self.deliveries)


def generate(folder: Path, tier: Tier) -> Material:
    """Write a tier's files; the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)
    areas, postcodes = places.write_places(folder, tier)
    catalogue = _catalogue(folder / "leika.csv", tier)
    key, name, agency = FEDERAL
    message = folder / f"{key}.xml"
    deliveries = [
        Delivery(key, name, agency, "00", message, write_message(message, name, offices.federal(tier)))
    ]
    for number, (state, state_name, state_agency) in enumerate(STATES):
        message = folder / f"land-{state}.xml"
        written = write_message(message, state_name, offices.of_state(tier, number))
        deliveries.append(Delivery(f"land-{state}", state_name, state_agency, state, message, written))
    counts = {one.source: one.objects for one in deliveries}
    (folder / f"{tier.name}.json").write_text(json.dumps(counts), encoding="utf-8")
    return Material(areas, postcodes, catalogue, tuple(deliveries))


def found(folder: Path, tier: Tier) -> Material | None:
    """A tier's files as an earlier call has written them; None where it did not come to its end."""
    done = folder / f"{tier.name}.json"
    if not done.exists():
        return None
    counts: dict[str, int] = json.loads(done.read_text(encoding="utf-8"))
    sources = [(FEDERAL[0], FEDERAL[1], FEDERAL[2], "00", folder / f"{FEDERAL[0]}.xml")]
    sources += [
        (f"land-{key}", name, agency, key, folder / f"land-{key}.xml") for key, name, agency in STATES
    ]
    areas, postcodes = places.files_in(folder)
    deliveries = tuple(Delivery(*one, counts[one[0]]) for one in sources)
    return Material(areas, postcodes, folder / "leika.csv", deliveries)


def _catalogue(path: Path, tier: Tier) -> Path:
    lines = ["leika_key,name,typisierung,ozg_id,ozg_leistung"]
    for service in range(tier.services):
        bundle = service % 100
        lines.append(
            f"{offices.leika_key(service)},{prose.title(service)},3,{10_000 + bundle},Bündel {bundle}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
