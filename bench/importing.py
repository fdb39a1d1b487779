"""``python -m bench.importing hub|lxml TIER MATERIAL HUB``: one import, by the pipeline or by lxml alone, as JSON."""

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from lxml import etree

from bench.data import Delivery, Material, generate
from bench.data.tiers import TIERS
from catalog_sync.areas.importing import import_areas
from catalog_sync.areas.recognition import read_sources
from catalog_sync.leika.importing import import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.search.indexing import reindex, reindex_all
from catalog_sync.sources.files import files_of
from catalog_sync.sources.registry import add_source
from hub.cli.migrate import prepare
from hub.cli.running import Databases, open_databases
from hub.config import Settings


async def import_all(material: Material, folder: Path) -> dict[str, Any]:
    """Make databases in a folder and take everything in; what is measured are the deliveries."""
    settings = Settings(data_dir=folder)
    async with open_databases(settings) as databases:
        await prepare(settings, databases)
        await _lists(databases, material)
        random = Random(1)
        pipeline = Pipeline(
            databases.catalog,
            databases.operations,
            clock=time.time,
            random=random.randbytes,
            reindex=reindex,
        )
        began, cpu = time.perf_counter(), time.process_time()
        outcomes = Counter[str]()
        for delivery in material.deliveries:
            report = await pipeline.deliver(delivery.source, files_of([delivery.message]))
            outcomes.update(report["counts"])
        return {
            "outcomes": dict(outcomes),
            "objects": outcomes.total(),
            "seconds": time.perf_counter() - began,
            "cpu": time.process_time() - cpu,
        }


async def _lists(databases: Databases, material: Material) -> None:
    lists = read_sources([material.areas], postcodes=[material.postcodes], today="2026-05-01")
    await databases.catalog.write(partial(import_areas, sources=lists))
    services = read_catalogue([material.catalogue])
    await databases.catalog.write(partial(import_services, catalogue=services))
    await databases.catalog.write(reindex_all)
    for delivery in material.deliveries:
        await databases.catalog.write(partial(_add, delivery=delivery))


def _add(connection: Any, delivery: Delivery) -> None:
    add_source(
        connection,
        delivery.source,
        delivery.name,
        agencies=[delivery.agency],
        areas=[delivery.areas],
        now=int(time.time() * 1_000_000),
    )


def read_bare(material: Material) -> dict[str, Any]:
    """Read the same bytes with lxml and nothing else: the ceiling of an import."""
    began, cpu, objects = time.perf_counter(), time.process_time(), 0
    for delivery in material.deliveries:
        for _, element in etree.iterparse(delivery.message, tag="{*}schreibe"):
            objects += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]  # type: ignore[union-attr]
    return {"objects": objects, "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}


def main() -> None:
    """Run one import in this process, so that its memory is its own."""
    way, tier, material_folder, hub_folder = sys.argv[1:5]
    material = generate(Path(material_folder), TIERS[tier])
    Path(hub_folder).mkdir(parents=True, exist_ok=True)
    found = read_bare(material) if way == "lxml" else asyncio.run(import_all(material, Path(hub_folder)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found | {"peak_megabytes": peak, "bytes": material.bytes}))


if __name__ == "__main__":
    main()
