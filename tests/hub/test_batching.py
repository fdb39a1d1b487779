"""Several operations in one request: answered in their order, bounded, as private as the most private of them."""

from typing import Any

import pytest

from tests.hub.test_endpoint import BROWSER, Client, Response, client, code, post, viewers

__all__ = ["client", "viewers"]

SOURCES = {"query": "{ sources { key } }"}
VIEWER = {"query": "{ viewer { subject { id } } }"}
FRESH = {"query": '{ source(id: "hessen") { freshness } }'}


async def test_each_operation_has_its_answer_in_its_place(client: Client) -> None:
    named = {"query": "query($k: ID!) { source(id: $k) { key } }", "variables": {"k": "bund"}}
    response = await post(client, [SOURCES, named, {"query": "{ nothing }"}, {"documentId": "x"}])
    first, second, third, fourth = response.json()
    assert (response.status_code, len(first["data"]["sources"])) == (200, 4)
    assert second == {"data": {"source": {"key": "bund"}}}
    assert third["errors"][0]["extensions"]["code"] == "BAD_DOCUMENT"
    assert fourth["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_a_batch_is_bounded(client: Client) -> None:
    assert len((await post(client, [SOURCES] * 10)).json()) == 10
    for batch in ([], [SOURCES] * 11):
        response = await post(client, batch)
        assert (response.status_code, code(response)) == (400, "BAD_BATCH")


@pytest.mark.parametrize("batch", [[SOURCES, 1], [[SOURCES]], [{}], [SOURCES, {"query": 1}]])
async def test_one_that_is_no_request_refuses_the_batch(client: Client, batch: Any) -> None:
    response = await post(client, batch)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


async def test_a_subscription_in_a_batch_is_refused_by_itself(client: Client) -> None:
    response = await post(client, [SOURCES, {"query": "subscription { catalogChanges { action } }"}])
    assert "data" in response.json()[0]
    assert response.json()[1]["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize(
    ("batch", "expected"),
    [
        ([SOURCES, SOURCES], "public, max-age=60"),
        ([SOURCES, FRESH], "public, no-cache"),
        ([SOURCES, FRESH, {"query": "{"}], "no-store"),
        ([SOURCES, {"query": "{"}, VIEWER], "private, no-store"),
    ],
)
async def test_a_batch_is_as_private_as_the_most_private_in_it(
    client: Client, batch: Any, expected: str
) -> None:
    response: Response = await post(client, batch)
    assert response.headers["cache-control"].startswith(expected)
    assert "etag" not in response.headers


async def test_who_asks_is_known_to_all_of_them(client: Client) -> None:
    response = await post(client, [VIEWER, VIEWER], authorization="Bearer good")
    assert [one["data"]["viewer"]["subject"]["id"] for one in response.json()] == ["by-token"] * 2
    assert code(await post(client, [SOURCES], authorization="Bearer bad")) == "INVALID_TOKEN"


async def test_a_browser_s_accept_does_not_hinder_it(client: Client) -> None:
    assert len((await post(client, [SOURCES], accept=BROWSER)).json()) == 1
