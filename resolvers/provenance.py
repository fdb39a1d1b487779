from collections.abc import Sequence

from catalog_sync.catalog import stored
from catalog_sync.catalog.keys import GERMANY, AreaKey, AreaLevel, EntryKind, level_of
from catalog_sync.catalog.language import best
from catalog_sync.catalog.layers import Layer
from catalog_sync.catalog.records import EntryRecord
from resolvers.context import Context
from resolvers.views import ProvenanceView


def of_layer(context: Context, layer: Layer, place: AreaKey) -> ProvenanceView:
    """Of a part that a layer gave; inherited when its area is shorter than the one asked for."""
    source = context.sources[layer.record.source_number]
    return ProvenanceView(layer.record, source, layer.level, inherited=len(layer.area) < len(place))


def of_record(context: Context, record: EntryRecord, area: AreaKey | None = None) -> ProvenanceView:
    """Of an object by itself; its level is that of the widest area that it names, or of the one given."""
    source = context.sources[record.source_number]
    areas = (area,) if area is not None else tuple(getattr(record.head, "areas", ())) or source.areas  # type: ignore[attr-defined]
    level = min((level_of(key) for key in areas), default=level_of(GERMANY))
    return ProvenanceView(record, source, AreaLevel(level), inherited=False)


async def approved_by(context: Context, parents: Sequence[ProvenanceView]) -> list[list[str]]:
    """Who approved it (fachlichFreigegebenDurch), in German where there is a choice."""
    numbers = [p.record.number for p in parents if p.record.kind is EntryKind.SERVICE_ENTRY]
    facts = await context.reader.facts(numbers)
    answers = []
    for parent in parents:
        found = facts.get(parent.record.number)
        texts = stored.service_facts(found).approved_by if found else ()
        chosen = best(None, (text.language for text in texts))
        answers.append([text.text for text in texts if text.language == chosen])
    return answers
