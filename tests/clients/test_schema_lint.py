"""The schema as @graphql-eslint's recommended rules see it, those for Relay too; each exception has its reason here."""

import json

import pytest

from schema.federation import PRINTED
from tests.clients.programs import told_by

_OPTIONS = {
    # Values (a fee, an address, a page) have no identity; what has one implements Node, and Subject's is none of ours.
    "strict-id-in-types": "off",
    # A list that cannot grow long is a plain list: the links of an entry, the ancestors of an area.
    "relay-edge-types": [
        "error",
        {"withEdgeSuffix": True, "shouldImplementNode": False, "listTypeCanWrapOnlyEdgeType": False},
    ],
    # Long lists that are only ever read from their beginning have `first` and `after`, not `last` and `before`.
    "relay-arguments": ["error", {"includeBoth": False}],
}
_KNOWN = {
    # Names that Apollo Federation prescribes.
    *("_service", "_entities", "_Any", "_Entity", "_Service"),
    # Names of the contract: Typisierung; the moment of an office's change, as everywhere else.
    *("RegulatoryType", "changedAt"),
}


def wrong(schema: str) -> list[str]:
    """What is wrong with a schema, but for the known names."""
    told = told_by("lint/schema.mjs", json.dumps({"schema": schema, "options": _OPTIONS}))
    findings = [(one["rule"], one["message"]) for one in told]
    return [
        f"{rule}: {message}"
        for rule, message in findings
        if not message.startswith("Leading underscores")
        and not any(f'"{name}"' in message for name in _KNOWN)
    ]


def test_the_recommended_rules_find_nothing() -> None:
    assert wrong(PRINTED.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('"""Why a service is a hit."""\ntype Why {', "type Why {", "require-description"),
        ("  COUNTRY\n", "  country\n", "naming-convention"),
        ("  hasNextPage: Boolean!", "  hasNextPage: Boolean", "relay-page-info"),
        ("type Why {", "type Unused { a: Int }\n\ntype Why {", "no-unreachable-types"),
        ("    after: String", "    behind: String", "relay-arguments"),
    ],
)
def test_a_worse_schema_is_told(before: str, after: str, rule: str) -> None:
    printed = PRINTED.read_text(encoding="utf-8")
    assert before in printed
    assert any(rule in one for one in wrong(printed.replace(before, after, 1)))
