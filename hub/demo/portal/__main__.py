import argparse
from pathlib import Path

import uvicorn

from hub.demo.portal.app import create_portal
from hub.demo.portal.settings import read_portal_settings


def main() -> None:
    """Run one stand-in portal on loopback: ``python -m hub.demo.portal --config FILE``."""
    parser = argparse.ArgumentParser(prog="python -m hub.demo.portal", description="A stand-in state portal.")
    parser.add_argument(
        "--config", type=Path, required=True, help="file that the demonstration's runner wrote"
    )
    settings = read_portal_settings(parser.parse_args().config)
    uvicorn.run(create_portal(settings), host="127.0.0.1", port=settings.port, log_level="warning")


if __name__ == "__main__":
    main()
