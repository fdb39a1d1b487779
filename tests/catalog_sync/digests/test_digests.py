"""Both sides can prove that they hold the same, and find just what differs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.digest_endpoint import digest_routes
from catalog_sync.digests import wire
from catalog_sync.digests.comparing import Difference, differences
from catalog_sync.digests.holdings import Holdings
from catalog_sync.digests.messages import Messages, UnreadableMessage
from catalog_sync.digests.tree import BadPrefix, Leaf, Node, Tree, bucket_of, check_prefix, is_lowest
from catalog_sync.endpoints import CATALOG_WRITE
from catalog_sync.intake import Intake
from catalog_sync.pipeline.known import scope_of
from catalog_sync.sources.incoming import Incoming
from catalog_sync.sources.registry import source_by_key
from tests.catalogues import WETZLAR, Catalogue
from tests.makers import AGENCY, authority, carried_rule, delete, message, rule, service

FIRST = message(
    writes=[
        service("1"),
        service("2"),
        authority("10", rules=[carried_rule("100", "1"), carried_rule("101", "2")]),
        rule("102", "10", "1", [WETZLAR]),
    ]
)
MARCH_10 = 1_773_097_200_000_000


@dataclass
class Tokens:
    async def verify(self, token: str) -> Any:
        return Grant(token.removeprefix("vhs_")) if token.startswith("vhs_") else None


@dataclass(frozen=True)
class Grant:
    source: str
    scopes: frozenset[str] = frozenset({CATALOG_WRITE})


@dataclass
class Counting:
    """A side that counts what it was asked."""

    inner: Any
    asked: list[str] = field(default_factory=list)

    async def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]:
        self.asked += prefixes
        found: Mapping[str, Node] = await self.inner.nodes(prefixes)
        return found


async def messages(made: Catalogue, *files: bytes, source: str = "hessen") -> Messages:
    known = await made.catalog.read(partial(source_by_key, key=source))
    scope = await made.catalog.read(partial(scope_of, source=known))
    incoming = [
        Incoming(f"{n}.xml", partial(BytesIO, one), packed=False, size=len(one))
        for n, one in enumerate(files)
    ]
    return Messages(incoming, scope, 1)


def named(found: Sequence[Difference]) -> list[tuple[str, str]]:
    return [(one.entry_id.removeprefix(f"{AGENCY}."), one.what) for one in found]


async def test_what_was_delivered_is_what_is_held(stored: Catalogue) -> None:
    """Rules inside a unit are entries of their own; other sources' entries do not count."""
    await stored.deliver("hessen", FIRST)
    holdings = Holdings(stored.catalog)
    assert await differences(holdings.of("hessen"), await messages(stored, FIRST)) == []
    root = (await holdings.nodes("hessen", [""]))[""]
    assert (root.count, [child.prefix for child in root.children]) == (6, ["LB", "OE", "ZS"])
    assert (await holdings.nodes("sachsen", [""]))[""].count == 0


async def test_just_what_differs_is_named(stored: Catalogue) -> None:
    await stored.deliver("hessen", FIRST)
    other = message(
        created="2026-03-10T00:00:00+01:00",
        writes=[service("1", title="Anders", changed="2026-03-10T00:00:00+01:00"), service("3")],
        deletes=[delete("Leistung", "2"), delete("Zustaendigkeit", "102")],
    )
    side = Counting(await messages(stored, FIRST, other))
    found = await differences(Holdings(stored.catalog).of("hessen"), side)
    assert named(found) == [
        ("LB.1", "different"),
        ("LB.2", "missing there"),
        ("LB.3", "missing here"),
        ("ZS.102", "missing there"),
    ]
    assert found[0].there == MARCH_10
    assert found[0].here is not None
    assert not any(prefix.startswith("OE") for prefix in side.asked), "only where hashes differ"
    await stored.deliver("hessen", other)
    assert await differences(Holdings(stored.catalog).of("hessen"), side) == []


async def test_a_rule_that_its_unit_leaves_out_in_a_later_message_is_not_held(stored: Catalogue) -> None:
    files = [
        message(created="2026-03-10T00:00:00Z", writes=[authority("10", rules=[carried_rule("101", "2")])]),
        message(created="2026-03-12T00:00:00Z", writes=[authority("10"), rule("101", "10", "1", [WETZLAR])]),
        message(created="2026-03-11T00:00:00Z", writes=[authority("10", rules=[carried_rule("100", "1")])]),
    ]
    for one in (FIRST, *files):
        await stored.deliver("hessen", one)
    side = await messages(stored, FIRST, *files)
    assert await differences(Holdings(stored.catalog).of("hessen"), side) == []


async def test_a_kept_tree_is_made_anew_when_the_catalogue_changes(stored: Catalogue) -> None:
    await stored.deliver("hessen", FIRST)
    holdings = Holdings(stored.catalog)
    first = (await holdings.nodes("hessen", [""]))[""]
    before = len(stored.catalog.statements)
    assert (await holdings.nodes("hessen", [""]))[""] == first
    assert len(stored.catalog.statements) - before == 1, "nothing but the position is read"
    await stored.deliver("hessen", message(writes=[service("9")]))
    assert (await holdings.nodes("hessen", [""]))[""].count == first.count + 1


async def test_a_file_that_is_refused_cannot_be_compared(stored: Catalogue) -> None:
    with pytest.raises(UnreadableMessage):
        await messages(stored, FIRST, b"<no")


@pytest.fixture
async def portal(stored: Catalogue) -> AsyncIterator[httpx2.AsyncClient]:
    await stored.deliver("hessen", FIRST)
    app = Starlette(routes=digest_routes(Intake(stored.pipeline, Tokens()), Holdings(stored.catalog)))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url="http://localhost",
        headers={"Authorization": "Bearer vhs_hessen"},
    ) as made:
        yield made


async def test_over_http(portal: httpx2.AsyncClient) -> None:
    top = (await portal.get("/sync/hessen/digest")).json()
    assert (top["source"], top["reader"]) == ("hessen", wire.READER)
    assert [(one["prefix"], one["count"]) for one in top["nodes"][0]["children"]] == [
        ("LB", 2),
        ("OE", 1),
        ("ZS", 3),
    ]
    bucket = bucket_of(EntryKind.AUTHORITY, AGENCY, "10")
    low = (await portal.get("/sync/hessen/digest", params={"prefix": [bucket, bucket[:-2]]})).json()
    entries = low["nodes"][0]["entries"]
    assert [one["entryId"] for one in entries] == [f"{AGENCY}.OE.10"]
    assert len(entries[0]["hash"]) == 32
    assert low["nodes"][1]["children"][0]["prefix"] == bucket
    nothing = (await portal.get("/sync/hessen/digest?prefix=SP")).json()["nodes"][0]
    assert (nothing["count"], nothing["hash"], nothing["children"]) == (0, "", [])


@pytest.mark.parametrize(
    "query", ["prefix=XX", "prefix=LB.a%20b", "&".join(f"prefix=LB.A{n}" for n in range(65))]
)
async def test_prefixes_that_name_nothing(portal: httpx2.AsyncClient, query: str) -> None:
    answer = await portal.get(f"/sync/hessen/digest?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_PREFIX")


async def test_only_with_the_sources_own_token(portal: httpx2.AsyncClient) -> None:
    for token, status in (("nothing", 401), ("vhs_sachsen", 403)):
        answer = await portal.get("/sync/hessen/digest", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status


async def test_a_digest_is_read_as_it_was_told(stored: Catalogue) -> None:
    await stored.deliver("hessen", FIRST)
    bucket = bucket_of(EntryKind.SERVICE_ENTRY, AGENCY, "1")
    nodes = await Holdings(stored.catalog).nodes("hessen", ["", "LB", bucket])
    assert wire.read(wire.told("hessen", nodes)) == dict(nodes)


@pytest.mark.parametrize("answer", [{}, [], {"reader": wire.READER}, {"reader": "0", "nodes": []}])
def test_what_is_no_digest(answer: object) -> None:
    with pytest.raises(wire.OtherReader):
        wire.read(answer)


class Made:
    """A side with these entries."""

    def __init__(self, entries: dict[str, int]) -> None:
        self.tree, self.leaves = Tree(), dict[str, list[Leaf]]()
        for value, content in sorted(entries.items()):
            content_hash = bytes([content])
            self.tree.add(EntryKind.SERVICE_ENTRY, AGENCY, value, content_hash, content)
            bucket = bucket_of(EntryKind.SERVICE_ENTRY, AGENCY, value)
            self.leaves.setdefault(bucket, []).append(Leaf(value, content_hash, content))
        self.tree.close()

    async def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]:
        found = {}
        for prefix in prefixes:
            node = self.tree.node(prefix)
            entries = tuple(self.leaves.get(prefix, ())) if is_lowest(prefix) else ()
            found[prefix] = Node(node.prefix, node.count, node.hash, node.children, entries)
        return found


ENTRIES = st.dictionaries(st.text("ab1", min_size=1, max_size=3), st.integers(0, 2), max_size=8)


@settings(max_examples=100, deadline=None)
@given(ENTRIES, ENTRIES)
async def test_the_tree_finds_every_difference_and_no_other(
    one: dict[str, int], other: dict[str, int]
) -> None:
    found = await differences(Made(one), Made(other))
    assert {(d.entry_id, d.here, d.there) for d in found} == {
        (value, one.get(value), other.get(value))
        for value in one | other
        if one.get(value) != other.get(value)
    }


@pytest.mark.parametrize("prefix", ["", "LB", "LB.L1", "LB.L1.0f", "LB.L1.0f3a"])
def test_prefixes(prefix: str) -> None:
    assert check_prefix(prefix) == prefix


@pytest.mark.parametrize("prefix", ["lb", "LB.", "LB.L1.0", "LB.L1.0f3", "LB.L1.0F", "LB.L1.0f3a.1"])
def test_bad_prefixes(prefix: str) -> None:
    with pytest.raises(BadPrefix):
        check_prefix(prefix)
