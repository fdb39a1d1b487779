"""Names of requests in logs and masked errors: of their process, and counted in it."""

import secrets
from itertools import count

_PROCESS, _COUNT = secrets.token_hex(5), count(1)


def new_request_id() -> str:
    """A name for one request that no other has, in this process or another."""
    return f"{_PROCESS}{next(_COUNT):06x}"
