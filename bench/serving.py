"""``python -m bench.serving MODULE:FACTORY PORT``: an application under the settings that `verbundhub serve` has."""

import sys

import uvicorn


def main() -> None:
    """Serve until ended."""
    uvicorn.run(
        sys.argv[1],
        factory=True,
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
    )


if __name__ == "__main__":
    main()
