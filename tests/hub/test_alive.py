from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from hub.alive import AliveThread


async def test_health_is_told_while_the_loop_is_stuck() -> None:
    """The loop of this test is stuck in a call that blocks, and the answer comes all the same."""
    alive = AliveThread("127.0.0.1", 0)
    try:
        with urlopen(f"http://127.0.0.1:{alive.port}/healthz", timeout=30) as answer:  # noqa: ASYNC210 - on purpose
            assert (answer.status, answer.read()) == (200, b"alive\n")
            assert answer.headers["cache-control"] == "no-store"
        with pytest.raises(HTTPError) as met:
            urlopen(f"http://127.0.0.1:{alive.port}/graphql", timeout=30)  # noqa: ASYNC210 - likewise
        assert met.value.code == 404
        met.value.close()
    finally:
        alive.end()
