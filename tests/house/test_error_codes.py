"""All error codes are one list, docs/errors.md; a code that is not in it is itself an error."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_IN_CODE = re.compile(
    r"(?:BadArgument\(\s*|RefusedRequest\(\s*\d+,\s*|code\": |code = |_with_code\(\w+, |_parsed\(\w+, )\"([A-Z][A-Z_]+)\""
)


def _in_source() -> set[str]:
    found: set[str] = set()
    for package in ("hub/execution", "hub", "schema", "resolvers", "catalog_sync"):
        for path in (ROOT / package).rglob("*.py"):
            if "demo" not in path.parts:
                found.update(_IN_CODE.findall(path.read_text(encoding="utf-8")))
    return found


def test_every_code_is_listed() -> None:
    listed = set(re.findall(r"[A-Z][A-Z_]{4,}", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")))
    assert {"BAD_ARS", "BAD_CURSOR", "INTERNAL"} <= _in_source()
    assert _in_source() - listed == set()
