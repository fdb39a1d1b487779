import gzip
from pathlib import Path

from click.testing import CliRunner, Result

from hub.cli.export import export
from tests.hub.cli.test_sync import deliver, ready, written
from tests.makers import message, service

__all__ = ["ready"]


def write(*arguments: object) -> Result:
    return CliRunner().invoke(export, ["xzufi", *map(str, arguments)])


def test_the_catalogue_is_written_to_a_file(ready: Path) -> None:
    deliver(written(ready, "one.xml", message(writes=[service("1"), service("2")])))
    plain, packed = ready / "all.xml", ready / "all.xml.gz"
    assert write("--version", "2.2", plain).exit_code == 0
    assert write("--version", "2.2", "--area", "06", "--source", "hessen", packed).exit_code == 0
    assert plain.read_bytes().count(b"<xzufi:schreibe>") == 2
    assert gzip.decompress(packed.read_bytes()).count(b"<xzufi:schreibe>") == 2
    assert list(ready.glob("*.part")) == []


def test_what_cannot_be_written(ready: Path) -> None:
    assert write("--area", "06414000", ready / "a.xml").exit_code == 2
    unknown = write("--source", "nobody", ready / "a.xml")
    assert (unknown.exit_code, "no source" in unknown.output) == (2, True)
    assert list(ready.glob("a.xml*")) == []
