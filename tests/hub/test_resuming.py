"""What was accepted before the hub stopped is taken up when it starts."""

import asyncio
import io
import secrets
from functools import partial
from pathlib import Path

from catalog_sync.journal import RunState, run_of
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.sources.incoming import Incoming
from catalog_sync.sources.registry import add_source
from hub.app import create_app
from hub.config import Settings
from hub.egress import Egress
from hub.pages.rendering import Pages
from hub.surroundings import Surroundings
from identity.keys import ensure_keys
from tests.conftest import Databases
from tests.makers import message, service

NOW = 1_779_000_000.0
CONTENT = message(writes=[service("1")])


async def test_a_start_takes_up_what_was_accepted(databases: Databases, tmp_path: Path) -> None:
    await databases.catalog.write(
        partial(add_source, key="hessen", name="Hessen", agencies=["L100042"], areas=["06"], now=0)
    )
    stores = databases.catalog, databases.operations
    pipeline = Pipeline(*stores, clock=lambda: NOW, random=secrets.token_bytes)
    incoming = Incoming("a.xml", lambda: io.BytesIO(CONTENT), packed=False, size=len(CONTENT))
    accepted = await pipeline.accept("hessen", [incoming])
    ensure_keys(tmp_path, secrets.token_bytes)
    urls = {f"{name}_url": url for name, url in databases.urls.items()}
    settings = Settings(data_dir=tmp_path, issuer="http://127.0.0.1:8000", **urls)  # type: ignore[arg-type]
    app = create_app(settings, Surroundings(Egress(), Pages(), lambda: NOW, secrets.token_bytes))
    ask = partial(run_of, run=accepted.run.id)
    async with app.router.lifespan_context(app), asyncio.timeout(10):
        while (run := await databases.operations.read(ask)) is None or run.state is not RunState.FINISHED:  # noqa: ASYNC110 - another task works
            await asyncio.sleep(0.05)
    assert sum(run.counts.values()) == 1
