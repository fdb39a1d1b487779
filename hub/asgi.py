"""For servers that import an application: ``uvicorn --factory hub.asgi:create``; settings come from the environment."""

import os

from starlette.applications import Starlette

from hub.app import create_app
from hub.config import read_settings


def create() -> Starlette:
    """The hub as the environment configures it, one process of several."""
    return create_app(read_settings(os.environ), shared=True)
