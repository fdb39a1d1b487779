"""The graph over HTTP: media types, statuses, who is asking, and what others may cache."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx2
import orjson
import pytest
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from hub.endpoint import GraphEndpoint
from identity.assurance import AssuranceLevel
from identity.subject import Subject, SubjectKind
from identity.viewer import Viewer
from tests.catalogues import HUB, Catalogue, Json
from tests.makers import message, service

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
SOURCES = "{ sources { key } }"
VIEWER = "{ viewer { subject { id } } }"


class FakeViewers:
    """Knows one token and one cookie."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def of_token(self, bearer: str) -> Viewer | None:
        """Whose access token it is."""
        self.asked.append(bearer)
        return _citizen("by-token") if bearer == "good" else None

    async def of_cookie(self, cookie: str | None) -> Viewer | None:
        """Whose session it is."""
        self.asked.append(cookie or "")
        return _citizen("by-cookie") if cookie == "secret" else None


def _citizen(name: str) -> Viewer:
    return Viewer(Subject(name, None, SubjectKind.CITIZEN), AssuranceLevel.LOW)


async def explorer(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for the explorer's page."""
    await HTMLResponse("<h1>Explorer</h1>")(scope, receive, send)


@pytest.fixture
def viewers() -> FakeViewers:
    return FakeViewers()


@pytest.fixture
async def client(catalogue: Catalogue, viewers: FakeViewers) -> AsyncIterator[httpx2.AsyncClient]:
    endpoint = GraphEndpoint(
        catalogue.graph, viewers, origin=HUB, cookie="session", explorer=explorer, new_id=lambda: "id-1"
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url=HUB) as made:
        yield made


Client = httpx2.AsyncClient
Response = httpx2.Response


async def post(client: Client, body: Json | Sequence[Any] | str | bytes, **headers: str) -> Response:
    """A POST of JSON."""
    content = body if isinstance(body, str | bytes) else orjson.dumps(body)
    named = {"content-type": JSON, "accept": GRAPHQL} | _named(headers)
    return await client.post("/graphql", content=content, headers=named)


async def get(client: Client, query: str, **headers: str) -> Response:
    """A GET of a query."""
    return await client.get(f"/graphql?query={quote(query)}", headers={"accept": GRAPHQL} | _named(headers))


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def code(response: Response) -> str:
    """The code of the one error."""
    errors = response.json()["errors"]
    assert len(errors) == 1, errors
    found: str = errors[0]["extensions"]["code"]
    return found


async def test_a_query_is_answered_by_post_and_get(client: Client) -> None:
    expected = {"data": {"sources": [{"key": key} for key in ("bund", "hamburg", "hessen", "sachsen")]}}
    for response in (await post(client, {"query": SOURCES}), await get(client, SOURCES)):
        assert response.status_code == 200
        assert response.json() == expected
        assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-request-id"] == "id-1"


async def test_variables_and_the_operation_s_name_are_taken(client: Client) -> None:
    document = "query a($k: ID!) { source(id: $k) { name } } query b { sources { key } }"
    body = {"query": document, "operationName": "a", "variables": {"k": "hessen"}, "extensions": {}}
    expected = {"data": {"source": {"name": "Landesredaktion Hessen"}}}
    assert (await post(client, body)).json() == expected
    url = f"/graphql?query={quote(document)}&operationName=a&variables={quote(orjson.dumps({'k': 'hessen'}))}"
    assert (await client.get(url, headers={"accept": JSON})).json() == expected
    nulls = {"query": SOURCES, "operationName": None, "variables": None, "extensions": None}
    assert (await post(client, nulls)).status_code == 200


@pytest.mark.parametrize("name", [None, "c", ""])
async def test_it_must_be_clear_which_operation_is_meant(client: Client, name: str | None) -> None:
    document = "query a { sources { key } } query b { sources { key } }"
    response = await post(client, {"query": document, "operationName": name})
    assert (response.status_code, code(response)) == (400, "BAD_OPERATION_NAME")
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (GRAPHQL, GRAPHQL),
        (JSON, JSON),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0, {JSON}", JSON),
        ("*/*", JSON),
        ("", JSON),
        ("application/*", GRAPHQL),
        ("text/html;q=0.9, application/json", JSON),
    ],
)
async def test_the_answer_s_media_type_is_one_that_is_accepted(
    client: Client, accept: str, media_type: str
) -> None:
    response = await post(client, {"query": SOURCES}, accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/plain", "image/*", f"{GRAPHQL};q=0"])
async def test_what_is_not_acceptable_is_told(client: Client, accept: str) -> None:
    response = await post(client, {"query": SOURCES}, accept=accept)
    assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{", "BAD_SYNTAX"),
        ("{ nothing }", "BAD_DOCUMENT"),
        ("mutation { x }", "BAD_DOCUMENT"),
        ("fragment f on Query { sources { key } }", "BAD_DOCUMENT"),
    ],
)
async def test_a_wrong_document_is_400_in_the_new_media_type_and_200_in_the_old(
    client: Client, document: str, expected: str
) -> None:
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        response = await post(client, {"query": document}, accept=accept)
        assert response.status_code == status
        assert expected in {error["extensions"]["code"] for error in response.json()["errors"]}
        assert "data" not in response.json()


async def test_wrong_variables_are_a_refusal_before_anything_runs(client: Client) -> None:
    document = "query($a: Ars!) { area(ars: $a) { name } }"
    for variables, expected in (
        ({}, "BAD_VARIABLES"),
        ({"a": "0653"}, "BAD_ARS"),
        ({"a": None}, "BAD_VARIABLES"),
    ):
        response = await post(client, {"query": document, "variables": variables})
        assert (response.status_code, code(response)) == (400, expected)
        assert "data" not in response.json()


async def test_a_field_that_fails_is_null_and_the_answer_is_200(client: Client) -> None:
    response = await post(client, {"query": "{ services(first: 0) { totalCount } }"})
    assert (response.status_code, code(response)) == (200, "BAD_PAGE_SIZE")
    assert response.json()["data"] is None
    response = await post(client, {"query": '{ node(id: "x") { id } sources { key } }'})
    assert (response.status_code, code(response)) == (200, "BAD_ID")
    assert response.json()["data"]["node"] is None
    assert len(response.json()["data"]["sources"]) == 4


ARGUMENTS = {
    'area(ars: "0653") { name }': "BAD_ARS",
    'area(ars: "06532023") { name }': "BAD_ARS",
    'service(leikaKey: "123") { title }': "BAD_LEIKA_KEY",
    'entry(id: "L100042") { id }': "BAD_ENTRY_ID",
    'areas(postcode: "123", first: 1) { totalCount }': "BAD_POSTCODE",
    'node(id: "nothing") { id }': "BAD_ID",
    'authority(id: "L1.LB.1") { id }': "BAD_ENTRY_ID",
    'services(first: 1, after: "nothing") { totalCount }': "BAD_CURSOR",
    "services(first: -1) { totalCount }": "BAD_PAGE_SIZE",
    "services(first: 101) { totalCount }": "BAD_PAGE_SIZE",
    "services { totalCount }": "BAD_PAGE_SIZE",
    "services(first: 1, onlineOnly: true) { totalCount }": "BAD_QUERY",
    'services(first: 1, area: "06999") { totalCount }': "UNKNOWN_AREA",
    'service(leikaKey: "99008001012000") { title(language: "d e") }': "BAD_LANGUAGE",
    'service(leikaKey: "99008001012000") { description(area: "06999") { title } }': "UNKNOWN_AREA",
}


@pytest.mark.parametrize(("field", "expected"), ARGUMENTS.items())
async def test_every_wrong_argument_has_its_code_and_a_sentence(
    client: Client, field: str, expected: str
) -> None:
    response = await post(client, {"query": f"{{ {field} }}"})
    assert code(response) == expected
    sentence = response.json()["errors"][0]["message"]
    assert len(sentence) > 30
    assert "Traceback" not in sentence


BODIES: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "BAD_JSON"),
    "nothing": (b"", "BAD_JSON"),
    "a list of no requests": (b"[1]", "BAD_REQUEST"),
    "a text": (b'"x"', "BAD_REQUEST"),
    "no query": (b'{"variables": {}}', "BAD_REQUEST"),
    "query empty": (b'{"query": ""}', "BAD_REQUEST"),
    "query a number": (b'{"query": 1}', "BAD_REQUEST"),
    "variables a list": (b'{"query": "{ sources { key } }", "variables": []}', "BAD_REQUEST"),
    "variables a text": (b'{"query": "{ sources { key } }", "variables": "{}"}', "BAD_REQUEST"),
    "name a number": (b'{"query": "{ sources { key } }", "operationName": 1}', "BAD_REQUEST"),
    "extensions a text": (b'{"query": "{ sources { key } }", "extensions": "x"}', "BAD_REQUEST"),
    "no UTF-8": (b'{"query": "\xff"}', "BAD_JSON"),
    "deep": (b'{"query": "x", "variables": ' + b"[" * 5000 + b"]" * 5000 + b"}", "BAD_JSON"),
}


@pytest.mark.parametrize(("content", "expected"), BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_a_body_that_is_no_request_is_400(
    client: Client, content: bytes, expected: str, accept: str
) -> None:
    response = await post(client, content, accept=accept)
    assert (response.status_code, code(response)) == (400, expected)
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"


@pytest.mark.parametrize("query", ["", "variables=%7B%7D", "query=%7Ba%7D&variables=%7B", "query=a&query=b"])
async def test_wrong_parameters_of_a_get_are_400(client: Client, query: str) -> None:
    response = await client.get(f"/graphql?{query}", headers={"accept": GRAPHQL})
    assert response.status_code == 400
    assert code(response) in ("BAD_REQUEST", "BAD_JSON")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"],
)
async def test_a_post_of_anything_but_json_is_415(client: Client, content_type: str) -> None:
    response = await post(client, {"query": SOURCES}, content_type=content_type)
    assert (response.status_code, code(response)) == (415, "BAD_MEDIA_TYPE")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", 'APPLICATION/JSON; charset="UTF-8"']
)
async def test_json_may_say_that_it_is_utf_8(client: Client, content_type: str) -> None:
    assert (await post(client, {"query": SOURCES}, content_type=content_type)).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_methods_are_405(client: Client, method: str) -> None:
    response = await client.request(method, "/graphql", content=b"{}")
    assert (response.status_code, code(response)) == (405, "BAD_METHOD")
    assert response.headers["allow"] == "GET, POST, OPTIONS"


async def test_head_tells_what_get_would_without_a_body(client: Client) -> None:
    told = await client.head(f"/graphql?query={quote(SOURCES)}", headers={"accept": GRAPHQL})
    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["etag"] == (await get(client, SOURCES)).headers["etag"]


async def test_a_body_beyond_the_limit_is_413_whatever_its_headers_say(client: Client) -> None:
    body = orjson.dumps({"query": SOURCES, "extensions": {"x": "y" * 262144}})

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 4096):
            yield body[start : start + 4096]

    for content in (body, pieces()):
        response = await client.post("/graphql", content=content, headers={"content-type": JSON})
        assert (response.status_code, code(response)) == (413, "TOO_LARGE")
    assert (await post(client, {"query": SOURCES, "extensions": {"x": "y" * 262000}})).status_code == 200


TOO_LARGE = {
    "depth": '{ area(ars: "06") ' + "{ ancestors " * 10 + "{ name }" + " }" * 11,
    "root fields": "{ "
    + " ".join(f"a{n}: sources {{ key }} b{n}: catalogue {{ dataVersion }}" for n in range(11))
    + " }",
    "aliases": "{ sources { " + " ".join(f"k{n}: key" for n in range(16)) + " } }",
    "aliases over fragments": "{ sources { ...f ...g } } fragment f on Source { "
    + " ".join(f"k{n}: key" for n in range(8))
    + " } fragment g on Source { "
    + " ".join(f"l{n}: key" for n in range(8))
    + " }",
}
WITHIN = {
    "depth": '{ area(ars: "06") ' + "{ ancestors " * 8 + "{ name }" + " }" * 9,
    "root fields": "{ "
    + " ".join(f"a{n}: sources {{ key }} b{n}: catalogue {{ dataVersion }}" for n in range(10))
    + " }",
    "aliases": "{ sources { " + " ".join(f"k{n}: key" for n in range(15)) + " } }",
}


@pytest.mark.parametrize("document", TOO_LARGE.values(), ids=TOO_LARGE)
async def test_an_operation_beyond_a_limit_is_refused_by_name(client: Client, document: str) -> None:
    response = await post(client, {"query": document})
    assert (response.status_code, code(response)) == (400, "TOO_LARGE")


@pytest.mark.parametrize("document", WITHIN.values(), ids=WITHIN)
async def test_an_operation_at_a_limit_is_answered(client: Client, document: str) -> None:
    assert (await post(client, {"query": document})).status_code == 200


async def test_more_than_two_thousand_tokens_are_refused(client: Client) -> None:
    document = "{ sources { " + "key " * 2000 + "} }"
    response = await post(client, {"query": document})
    assert (response.status_code, code(response)) == (400, "TOO_LARGE")
    assert "2000" in response.json()["errors"][0]["message"]
    kinds = " ".join(["NAME"] * 1970)
    within = (
        f'{{ entry(id: "L1.LB.1") {{ ... on ServiceEntry {{ modules(kinds: [{kinds}]) {{ code }} }} }} }}'
    )
    assert (await post(client, {"query": within})).status_code == 200


async def test_fields_repeated_beyond_what_can_be_checked_are_refused(client: Client) -> None:
    response = await post(client, {"query": "{ sources { " + "key " * 1500 + "} }"})
    assert (response.status_code, code(response)) == (400, "TOO_LARGE")
    assert "in parts" in response.json()["errors"][0]["message"]
    assert (await post(client, {"query": "{ sources { " + "key " * 500 + "} }"})).status_code == 200


async def test_a_public_answer_may_be_held_and_is_asked_again_cheaply(client: Client) -> None:
    first = await get(client, SOURCES)
    kept = "public, max-age=60, s-maxage=60, stale-while-revalidate=30, stale-if-error=3600"
    assert first.headers["cache-control"] == kept
    assert first.headers["vary"] == "Accept, Authorization"
    etag = first.headers["etag"]
    for tags in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await get(client, SOURCES, if_none_match=tags)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await get(client, SOURCES, if_none_match='"other"')).status_code == 200


async def test_the_tag_changes_with_the_answer(client: Client, catalogue: Catalogue) -> None:
    query = "{ catalogue { counts { live } } }"
    before = await get(client, query)
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    after = await get(client, query, if_none_match=before.headers["etag"])
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]


async def test_a_post_says_how_public_it_is_but_has_no_tag_and_takes_no_condition(client: Client) -> None:
    tag = (await get(client, SOURCES)).headers["etag"]
    response = await post(client, {"query": SOURCES}, if_none_match=tag)
    assert response.status_code == 200
    assert response.headers["cache-control"].startswith("public, max-age=60")
    assert "etag" not in response.headers


async def test_errors_and_refusals_are_not_held(client: Client) -> None:
    for response in (
        await get(client, "{ services(first: 0) { totalCount } }"),
        await get(client, "{ nothing }"),
        await get(client, SOURCES, accept="text/plain"),
    ):
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers


async def test_a_token_says_who_is_asking(client: Client, viewers: FakeViewers) -> None:
    for response in (
        await post(client, {"query": VIEWER}, authorization="Bearer good"),
        await get(client, VIEWER, authorization="bearer good"),
    ):
        assert response.json() == {"data": {"viewer": {"subject": {"id": "by-token"}}}}
        assert response.headers["cache-control"] == "private, no-store"
        assert response.headers["vary"] == "Authorization, Cookie"
    assert viewers.asked == ["good", "good"]


@pytest.mark.parametrize("token", ["bad", ""])
async def test_a_token_that_is_not_valid_is_401_whatever_is_asked(client: Client, token: str) -> None:
    for query in (VIEWER, SOURCES):
        response = await post(client, {"query": query}, authorization=f"Bearer {token}")
        assert (response.status_code, code(response)) == (401, "INVALID_TOKEN")
        challenge = response.headers["www-authenticate"]
        assert challenge.startswith("Bearer ")
        assert 'error="invalid_token"' in challenge
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("authorization", ["Bearer good", "Basic eDp5", "x"])
async def test_an_answer_to_authorization_may_never_be_held_by_others(
    client: Client, authorization: str
) -> None:
    response = await get(client, SOURCES, authorization=authorization)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers


COOKIE = "other=1; session=secret"


@pytest.mark.parametrize("headers", [{"sec_fetch_site": "same-origin"}, {"origin": HUB}])
async def test_the_cookie_counts_on_a_post_of_the_hub_s_own_pages(
    client: Client, headers: dict[str, str]
) -> None:
    response = await post(client, {"query": VIEWER}, cookie=COOKIE, **headers)
    assert response.json() == {"data": {"viewer": {"subject": {"id": "by-cookie"}}}}
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": "https://portal.example"},
        {"sec_fetch_site": "none"},
        {"origin": "null"},
        {"origin": f"{HUB}.evil.example"},
        {"origin": "http://hub.example"},
    ],
)
async def test_from_elsewhere_the_cookie_is_ignored_without_an_error(
    client: Client, viewers: FakeViewers, headers: dict[str, str]
) -> None:
    response = await post(client, {"query": VIEWER}, cookie=COOKIE, **headers)
    assert (response.status_code, response.json()) == (200, {"data": {"viewer": None}})
    assert viewers.asked == []


async def test_on_a_get_the_cookie_is_ignored_without_an_error(client: Client, viewers: FakeViewers) -> None:
    response = await get(client, VIEWER, cookie=COOKIE, sec_fetch_site="same-origin")
    assert response.json() == {"data": {"viewer": None}}
    assert response.headers["cache-control"] == "private, no-store"
    assert viewers.asked == []


async def test_the_session_is_looked_up_only_when_a_field_asks_for_it(
    client: Client, viewers: FakeViewers
) -> None:
    await post(client, {"query": SOURCES}, cookie=COOKIE, origin=HUB)
    assert viewers.asked == []


async def test_an_unknown_session_is_nobody(client: Client) -> None:
    response = await post(client, {"query": VIEWER}, cookie="session=forged", origin=HUB)
    assert response.json() == {"data": {"viewer": None}}


async def test_a_token_goes_before_the_cookie(client: Client) -> None:
    response = await post(client, {"query": VIEWER}, cookie=COOKIE, origin=HUB, authorization="Bearer good")
    assert response.json() == {"data": {"viewer": {"subject": {"id": "by-token"}}}}


async def test_other_origins_may_ask_without_credentials(client: Client) -> None:
    wanted = {"origin": "https://portal.example", "access-control-request-method": "POST"}
    preflight = await client.options("/graphql", headers=wanted)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-headers"] == "authorization, content-type, graphql-cost"
    assert preflight.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    for response in (preflight, await post(client, {"query": SOURCES}), await post(client, b"{")):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_a_browser_gets_the_explorer_and_a_program_does_not(client: Client) -> None:
    page = await client.get("/graphql", headers={"accept": BROWSER})
    assert page.text == "<h1>Explorer</h1>"
    assert (await client.get("/graphql", headers={"accept": "*/*"})).status_code == 400
    assert (await post(client, {"query": SOURCES}, accept=BROWSER)).json()["data"]


class Broken:
    """A source of errors that nobody may read."""

    def __init__(self, error: Callable[[], Exception]) -> None:
        self._error = error

    async def of_token(self, bearer: str) -> Viewer | None:
        """Fails."""
        raise self._error()

    async def of_cookie(self, cookie: str | None) -> Viewer | None:
        """Fails."""
        raise self._error()


async def test_what_fails_inside_is_masked_and_logged_with_the_request(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Broken(lambda: RuntimeError("the password is 1234"))
    endpoint = GraphEndpoint(
        catalogue.graph, broken, origin=HUB, cookie="session", explorer=explorer, new_id=lambda: "id-7"
    )
    body: dict[str, Any] = {"query": "{ viewer { subject { id } } sources { key } }"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url=HUB) as client:
        in_a_field = await post(client, body, cookie=COOKIE, origin=HUB)
        before = await post(client, body, authorization="Bearer good")
    assert (in_a_field.status_code, before.status_code) == (200, 500)
    assert in_a_field.json()["data"]["viewer"] is None
    assert len(in_a_field.json()["data"]["sources"]) == 4
    for response in (in_a_field, before):
        assert code(response) == "INTERNAL"
        assert response.json()["errors"][0]["extensions"]["requestId"] == "id-7"
        assert "1234" not in response.text
    assert sum("id-7" in record.getMessage() for record in caplog.records) == 2
    assert "1234" in caplog.text
