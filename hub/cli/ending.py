"""How a command ends when something is wrong; imports nothing heavy, for every command begins here."""

import sys
from typing import NoReturn

import click

USAGE = 64
"""Exit status of wrong usage or configuration (sysexits.h EX_USAGE), everywhere."""

REFUSED = 2


def fail(sentence: str, status: int) -> NoReturn:
    """End the command with a sentence on stderr."""
    click.echo(f"verbundhub: {sentence}", err=True)
    sys.exit(status)
