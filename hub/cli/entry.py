import sys

import click

from hub.cli.commands import verbundhub
from hub.cli.ending import USAGE

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; wrong usage ends with status 64 (sysexits.h), everywhere."""
    try:
        status = verbundhub.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except click.Abort:
        sys.exit(_INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)
