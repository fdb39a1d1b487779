"""Hundreds of hostile files: each is refused or taken in part as it should be, in bounded memory and time."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent


def test_every_hostile_file_ends_as_it_should_in_bounded_memory_and_time() -> None:
    command = [sys.executable, "-m", "tests.catalog_sync.xzufi.hostile"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    read = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (read[-1:], done.stderr[-2000:])
    wrong = [(name, end, ends) for name, end, ends in read if end not in ends and "any" not in ends]
    assert not wrong
    assert len({name for name, _, _ in read}) >= 300
    refused = sum(not end.startswith("taken") for _, end, _ in read)
    assert refused > 150
    assert len(read) - refused > 50
