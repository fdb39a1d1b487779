import datetime as dt

import strawberry

from catalog_sync.catalog.records import SourceRecord
from resolvers import areas, quality, runs, sources
from resolvers.identifiers import global_id
from schema.area import Area
from schema.fields import OPERATIONS, VIEWER, relation, value, weighing
from schema.node import Node
from schema.quality import SourceQuality
from schema.run import SyncRun, SyncRunConnection


@strawberry.type(description="Quelle: an editorial office's connection to the hub.")
class Source(Node):
    """An editorial office's connection to the hub."""

    id = value(lambda root: global_id("Source", root.key), strawberry.ID)
    key: str
    name: str
    agencies: list[str]
    areas = value(lambda root, info: areas.of_keys(info.context, root.areas), list[Area])
    freshness = value(
        sources.freshness,
        dt.datetime | None,
        description="When its newest delivery was taken in whole.",
        scope=OPERATIONS,
    )
    last_run = relation(
        runs.last,
        SyncRun | None,
        description="The newest that has ended and was no dry run; its totals are public.",
        scope=OPERATIONS,
    )
    runs = relation(
        runs.of_sources,
        SyncRunConnection | None,
        description="Its deliveries, newest first. Told to the source by its token, and to its staff.",
        scope=VIEWER,
    )
    quality = value(
        quality.of_source,
        SourceQuality,
        description="What its office should look at; texts count as old after two years where no day is named.",
        scope=OPERATIONS,
        weights=weighing(cost=100),
    )

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, SourceRecord)
