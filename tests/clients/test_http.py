"""GraphQL over HTTP as its own audits check it: every one passes, MUST, SHOULD and MAY."""

from collections import Counter

from tests.clients.conftest import RunningHub
from tests.clients.programs import told_by


def test_all_audits_of_graphql_over_http_pass(hub: RunningHub) -> None:
    told = told_by("http/audits.mjs", "", hub.graph)
    assert [one for one in told if one["status"] != "ok"] == []
    # None can be lost in silence: 1.23.1 has so many of each kind.
    kinds = Counter(one["name"].split()[0] for one in told)
    assert sum(kinds.values()) == 61
    assert {"MUST", "SHOULD", "MAY"} <= set(kinds)
