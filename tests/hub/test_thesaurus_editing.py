"""Editors change the thesaurus over HTTP: by their own session at the hub, surely enough, and nobody else."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest

from catalog_sync.search.thesaurus_entries import SHIPPED, Entry, Relation
from catalog_sync.search.thesaurus_store import put
from hub.endpoint import GraphEndpoint
from hub.execution.running import Operation
from hub.graph import Graph
from identity.keys import Keys
from identity.sessions import SESSION_COOKIE
from identity.source_readers import SourceReaders
from identity.source_staff import SourceStaff
from identity.source_tokens import SourceTokens
from identity.thesaurus_editors import EditorDoor, ThesaurusEditors
from identity.viewers import Viewers
from tests.catalogues import HUB, IDENTITY_CARD, Catalogue, small
from tests.conftest import Databases
from tests.hub.pages.login_stage import LoginStage
from tests.hub.pages.test_login import session_of
from tests.hub.pages.test_source_readers import no_explorer
from tests.rfc.conftest import keys

__all__ = ["keys"]

PUT = """mutation($word: String!, $relation: ThesaurusRelation!, $means: [String!]) {
  putThesaurusEntry(word: $word, language: "de", relation: $relation, means: $means) { __typename
    ... on ThesaurusEntryPut { entry { word language relation means note origin changedOn } }
    ... on ThesaurusFaults { code faults { field rule message } }
    ... on ThesaurusRefusal { code message stepUpUrl } } }"""
REMOVE = """mutation($word: String!, $relation: ThesaurusRelation!, $origin: String) {
  removeThesaurusEntry(word: $word, language: "de", relation: $relation, origin: $origin) { __typename
    ... on ThesaurusEntryRemoved { entry { word origin } } ... on ThesaurusRefusal { code message } } }"""
FIND = '{ services(query: "Plastik", first: 5) { edges { node { leikaKey } } } }'
PLASTIK = {"word": "Plastik", "relation": "USE", "means": ["Personalausweis"]}


@dataclass
class Stage:
    catalogue: Catalogue
    login: LoginStage
    editors: ThesaurusEditors
    tokens: SourceTokens
    client: httpx2.AsyncClient

    async def sends(self, query: str, variables: dict[str, Any], **headers: str) -> httpx2.Response:
        sent = {
            "content-type": "application/json",
            **{name.replace("_", "-"): one for name, one in headers.items()},
        }
        body = orjson.dumps({"query": query, "variables": variables})
        return await self.client.post("/graphql", content=body, headers=sent)

    async def payload(self, query: str, variables: dict[str, Any], **headers: str) -> dict[str, Any]:
        """The payload of the one mutation; the answer must be for the asker alone."""
        answer = await self.sends(query, variables, **headers)
        assert answer.headers["cache-control"] == "private, no-store"
        assert "errors" not in answer.json(), answer.text
        (found,) = answer.json()["data"].values()
        return dict(found)

    async def cookie(self, choice: str, *, granted: bool) -> str:
        browser = self.login.browser(accept="text/html")
        await browser.opens("/login")
        await browser.logs_in(choice)
        session = await session_of(self.login, browser)
        assert session is not None
        if granted:
            await self.editors.grant(session.account_id)
        return f"{SESSION_COOKIE}={browser.http.cookies[SESSION_COOKIE]}"

    async def editor(self, choice: str = "max:zertifikat") -> dict[str, str]:
        """The headers of somebody who may."""
        return {"cookie": await self.cookie(choice, granted=True), "sec_fetch_site": "same-origin"}

    async def ship(self, *entries: Entry) -> None:
        await self.catalogue.catalog.write(lambda connection: put(connection, SHIPPED, entries, "2026-01-01"))

    async def keys(self, graph: Graph | None = None) -> list[str]:
        """What is found by the word, in a process."""
        answer = (await (graph or self.catalogue.graph).run(Operation(FIND), "r")).answer
        return [edge["node"]["leikaKey"] for edge in answer.data["services"]["edges"]]


@pytest.fixture
async def stage(databases: Databases, keys: Keys, tmp_path: Path) -> Stage:
    catalogue = await small(databases.catalog, databases.operations, tmp_path)
    login = LoginStage(databases.identity, keys)
    editors = ThesaurusEditors(databases.identity, login.clock)
    tokens = SourceTokens(databases.identity, login.clock, secrets.token_bytes)
    pairwise = login.provider.pairwise
    endpoint = GraphEndpoint(
        catalogue.graph,
        Viewers(HUB, databases.identity, login.sessions, login.accounts, pairwise, login.clock),
        origin=HUB,
        cookie=SESSION_COOKIE,
        explorer=no_explorer,
        new_id=lambda: "id-1",
        readers=SourceReaders(login.sessions, SourceStaff(databases.identity, login.clock), tokens),
        editors=EditorDoor(login.sessions, editors, pairwise),
    )
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url=HUB)
    return Stage(catalogue, login, editors, tokens, client)


async def test_an_editor_s_word_is_found_by_at_once_in_every_process_and_gone_when_removed(
    stage: Stage,
) -> None:
    editor = await stage.editor()
    other = Graph(stage.catalogue.catalog, stage.catalogue.operations, stage.catalogue.clock, HUB)
    assert await stage.keys() == await stage.keys(other) == []
    done = await stage.payload(PUT, PLASTIK | {"word": "  Plastik "}, **editor)
    entry = done["entry"]
    assert entry["origin"].startswith("editor-")
    del entry["origin"]
    assert entry == {
        "word": "Plastik",
        "language": "de",
        "relation": "USE",
        "means": ["Personalausweis"],
        "note": None,
        "changedOn": "2026-03-02",
    }
    assert await stage.keys() == await stage.keys(other) == [IDENTITY_CARD]
    gone = await stage.payload(REMOVE, {"word": "PLASTIK", "relation": "USE"}, **editor)
    assert (gone["__typename"], gone["entry"]["word"]) == ("ThesaurusEntryRemoved", "Plastik")
    assert await stage.keys() == await stage.keys(other) == []
    again = await stage.payload(REMOVE, {"word": "PLASTIK", "relation": "USE"}, **editor)
    assert again["code"] == "UNKNOWN_ENTRY"


async def test_an_editor_switches_a_shipped_word_off_and_cannot_remove_it(stage: Stage) -> None:
    await stage.ship(Entry("Plastik", "de", Relation.USE, ("Personalausweis",)))
    editor = await stage.editor()
    refused = await stage.payload(
        REMOVE, {"word": "Plastik", "relation": "USE", "origin": "verbundhub"}, **editor
    )
    assert refused["code"] == "SHIPPED_ENTRY"
    assert await stage.keys() == [IDENTITY_CARD]
    done = await stage.payload(PUT, {"word": "plastik", "relation": "NONE"}, **editor)
    assert done["__typename"] == "ThesaurusEntryPut"
    assert await stage.keys() == []


async def test_an_entry_that_is_wrong_is_told_so(stage: Stage) -> None:
    told = await stage.payload(
        PUT, {"word": "!", "relation": "USE", "means": ["a|b"]}, **await stage.editor()
    )
    assert (told["__typename"], told["code"]) == ("ThesaurusFaults", "BAD_THESAURUS_ENTRY")
    assert [(one["field"], one["rule"]) for one in told["faults"]] == [
        ("word", "no-word"),
        ("means", "bar-in-phrase"),
    ]


@pytest.mark.parametrize(("query", "variables"), [(PUT, PLASTIK), (REMOVE, PLASTIK)])
async def test_who_may_not_hears_why(stage: Stage, query: str, variables: dict[str, Any]) -> None:
    same = {"sec_fetch_site": "same-origin"}
    sent = {name: one for name, one in variables.items() if name != "means" or query is PUT}
    assert (await stage.payload(query, sent))["code"] == "NOT_SIGNED_IN"
    editor = await stage.cookie("max:zertifikat", granted=True)
    assert (await stage.payload(query, sent, cookie=editor))["code"] == "NOT_SIGNED_IN"
    foreign = {"sec_fetch_site": "cross-site", "origin": "https://evil.example"}
    assert (await stage.payload(query, sent, cookie=editor, **foreign))["code"] == "NOT_SIGNED_IN"
    stranger = await stage.cookie("erika:ausweis", granted=False)
    assert (await stage.payload(query, sent, cookie=stranger, **same))["code"] == "FORBIDDEN_THESAURUS"
    weak = await stage.cookie("erika:konto", granted=True)
    assert (await stage.payload(query, sent, cookie=weak, **same))["code"] == "ASSURANCE_TOO_LOW"
    token = await stage.tokens.issue("hessen")
    by_token = await stage.payload(query, sent, authorization=f"Bearer {token}")
    assert by_token["code"] == "FORBIDDEN_THESAURUS"
    session = await stage.login.sessions.find(editor.partition("=")[2])
    assert session is not None
    await stage.editors.withdraw(session.account_id)
    assert (await stage.payload(query, sent, cookie=editor, **same))["code"] == "FORBIDDEN_THESAURUS"
    assert await stage.keys() == []


async def test_the_way_to_step_up_is_named(stage: Stage) -> None:
    weak = await stage.cookie("erika:konto", granted=True)
    told = await stage.payload(PUT, PLASTIK, cookie=weak, sec_fetch_site="same-origin")
    assert "substantial" in told["stepUpUrl"]


async def test_a_get_never_writes(stage: Stage) -> None:
    query = 'mutation { putThesaurusEntry(word: "Plastik", language: "de", relation: USE, means: ["Personalausweis"]) { __typename } }'
    editor = await stage.editor()
    headers = {"cookie": editor["cookie"], "sec-fetch-site": "same-origin", "accept": "application/json"}
    answer = await stage.client.get("/graphql", params={"query": query}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (405, "BAD_METHOD")
    assert await stage.keys() == []


PAGE = """query($word: String, $language: Language, $first: Int, $after: String) {
  thesaurus(word: $word, language: $language, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { word origin note } } } }"""


async def test_entries_are_read_page_by_page(stage: Stage) -> None:
    words = [("Müll", "de"), ("Muelltonne", "de"), ("mullet", "en"), ("Auto", "de")]
    await stage.ship(*(Entry(word, tag, Relation.USE, ("Abfall",), "n") for word, tag in words))

    async def page(**variables: Any) -> tuple[list[str], int, str | None]:
        found = (await stage.catalogue.ask(PAGE, {"first": 2, **variables}))["thesaurus"]
        cursor = found["pageInfo"]["endCursor"] if found["pageInfo"]["hasNextPage"] else None
        return [edge["node"]["word"] for edge in found["edges"]], found["totalCount"], cursor

    first, total, cursor = await page()
    assert (first, total) == (["Auto", "Müll"], 4)
    assert (await page(after=cursor))[0] == ["mullet", "Muelltonne"]
    assert await page(word="MULL", language="de") == (["Müll", "Muelltonne"], 2, None)
    assert (await page(word="Mond"))[:2] == ([], 0)
    assert (await stage.catalogue.error(PAGE, {"first": 0}))[0] == "BAD_PAGE_SIZE"
    for wrong in ("nonsense", "MQ", "////", "OjE"):
        assert (await stage.catalogue.error(PAGE, {"first": 1, "after": wrong}))[0] == "BAD_CURSOR"
    assert (await stage.catalogue.error(PAGE, {"first": 1, "word": "x" * 121}))[0] == "BAD_QUERY"
