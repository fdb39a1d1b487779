"""``python -m bench.importing WAY TIER MATERIAL HUB``: one delivery of all sources, or lxml alone, as JSON.

The ways, in their order over one hub: ``first``, ``unchanged`` (the next day's snapshot), ``identical`` (its very bytes
once more), ``percent`` (one object in a hundred changed); ``lxml`` reads the same bytes and does nothing with them.
Each is a process of its own, so that its time and memory are its own. The databases are in the folder HUB, or where
HUB_CATALOG_URL and its like say.
"""

import asyncio
import json
import os
import resource
import sys
import time
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Any

from lxml import etree

from bench.data import Delivery, Material, found, generate
from bench.data.later import write_later
from bench.data.tiers import TIERS
from bench.memory import Children
from catalog_sync.areas.importing import import_areas
from catalog_sync.areas.recognition import read_sources
from catalog_sync.journal import run_of
from catalog_sync.leika.importing import import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.pipeline.beside import Readers
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.search.indexing import reindex, reindex_all
from catalog_sync.sources.files import files_of
from catalog_sync.sources.registry import add_source
from hub.cli.migrate import prepare
from hub.cli.running import Databases, open_databases
from hub.config import Settings, read_settings

AGAIN = ("unchanged", "identical", "percent")


def settings_of(folder: Path) -> Settings:
    """The settings of a hub in a folder; the environment says where its databases are, if elsewhere."""
    return read_settings({**os.environ, "HUB_DATA_DIR": str(folder)})


async def import_all(material: Material, folder: Path) -> dict[str, Any]:
    """Make databases and take everything in; what is measured are the deliveries."""
    settings = settings_of(folder)
    async with open_databases(settings) as databases:
        await prepare(settings, databases)
        await _lists(databases, material)
        return await _deliver(databases, material)


async def import_again(material: Material, folder: Path) -> dict[str, Any]:
    """Take snapshots into databases that are there."""
    async with open_databases(settings_of(folder)) as databases:
        return await _deliver(databases, material)


async def _deliver(databases: Databases, material: Material) -> dict[str, Any]:
    pipeline = Pipeline(
        databases.catalog,
        databases.operations,
        clock=time.time,
        random=token_bytes,
        reindex=reindex,
        readers=Readers(len(os.sched_getaffinity(0)) - 1),
    )
    began, cpu = time.perf_counter(), _cpu()
    outcomes = Counter[str]()
    for one in material.deliveries:
        delivery = await pipeline.accept(one.source, files_of([one.message]), mode="snapshot")
        await pipeline.work(delivery)
        run = await databases.operations.read(partial(run_of, run=delivery.run.id))
        outcomes.update({} if run is None else run.counts)
    return {
        "outcomes": dict(outcomes),
        "objects": outcomes.total(),
        "seconds": time.perf_counter() - began,
        "cpu": _cpu() - cpu,
    }


def _cpu() -> float:
    """Seconds of CPU, those of ended processes that read a delivery beside this one too."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


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


def next_day(material: Material, way: str) -> Material:
    """The messages of a later day, beside the first ones."""
    day, every = (4, 100) if way == "percent" else (3, 0)
    deliveries = []
    for one in material.deliveries:
        target = one.message.with_suffix(f".{day}.xml")
        if not target.exists():
            write_later(one.message, target, day, every)
        deliveries.append(replace(one, message=target))
    return replace(material, deliveries=tuple(deliveries))


def main() -> None:
    """Run one way in this process."""
    way, tier, material_folder, hub_folder = sys.argv[1:5]
    place = Path(material_folder)
    material = found(place, TIERS[tier]) or generate(place, TIERS[tier])
    Path(hub_folder).mkdir(parents=True, exist_ok=True)
    with Children() as beside:
        if way == "lxml":
            told = read_bare(material)
        elif way == "first":
            told = asyncio.run(import_all(material, Path(hub_folder)))
        else:
            material = next_day(material, way)
            told = asyncio.run(import_again(material, Path(hub_folder)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + beside.peak_megabytes
    print(json.dumps(told | {"peak_megabytes": peak, "bytes": material.bytes}))


if __name__ == "__main__":
    main()
