"""For servers that import an application: ``uvicorn --factory hub.asgi:create``; settings come from the environment."""

import os
from pathlib import Path

from starlette.applications import Starlette

from hub.admission.shared import of_file
from hub.app import create_app
from hub.config import read_settings
from hub.surroundings import of_machine

SHARED = "VERBUNDHUB_SHARED"
"""Environment: the table that the processes of one `serve` share; set by `serve`."""


def create() -> Starlette:
    """The hub as the environment configures it, one process of several."""
    settings = read_settings(os.environ)
    path = os.environ.get(SHARED)
    return create_app(settings, of_machine(settings, of_file(Path(path)) if path else None), shared=True)
