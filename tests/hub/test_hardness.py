"""What scanners of GraphQL servers look for (the twelve checks of graphql-cop's kind), each with our answer.

docs/endpoint.md says of each why. Where something is allowed, the test shows what bounds it.
"""

import pytest
from graphql import get_introspection_query

from tests.hub.test_endpoint import JSON, Client, client, code, get, post, viewers

__all__ = ["client", "viewers"]

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


async def test_1_aliases_of_one_field_are_bounded(client: Client) -> None:
    for number, status in ((15, 200), (101, 400)):
        aliases = " ".join(f"alias{n}: __typename" for n in range(number))
        response = await post(client, {"query": f"{{ {aliases} }}"})
        assert response.status_code == status
    assert code(response) == "TOO_LARGE"


async def test_2_batches_are_bounded(client: Client) -> None:
    many = await post(client, [{"query": "{ __typename }"}] * 100)
    assert (many.status_code, code(many)) == (400, "BAD_BATCH")


async def test_3_repeated_directives_are_refused(client: Client) -> None:
    response = await post(client, {"query": f"{{ __typename {'@aa' * 10} }}"})
    assert response.status_code == 400
    assert "data" not in response.json()
    often = await post(client, {"query": f"{{ __typename {'@skip(if: false) ' * 10} }}"})
    assert often.status_code == 400
    once = await post(client, {"query": "{ __typename @skip(if: false) }"})
    assert once.json() == {"data": {"__typename": "Query"}}


async def test_4_circles_of_introspection_and_of_objects_are_bounded(client: Client) -> None:
    circle = "{ __schema { types " + "{ fields { type " * 10 + "{ name }" + " } }" * 10 + " } }"
    deep = '{ area(ars: "06") ' + "{ ancestors " * 12 + "{ name }" + " }" * 13
    spread = "{ ...f } fragment f on Query { ...f }"
    for document in (circle, deep, spread):
        response = await post(client, {"query": document})
        assert (response.status_code, "data" in response.json()) == (400, False)


async def test_5_the_schema_is_public_and_asked_for_once_in_a_request(client: Client) -> None:
    standard = get_introspection_query()
    assert "__schema" in (await post(client, {"query": standard})).json()["data"]
    twice = "{ a: __schema { types { name } } b: __schema { types { name } } }"
    assert (await post(client, {"query": twice})).status_code == 400


async def test_6_a_wrong_name_is_answered_with_the_right_one(client: Client) -> None:
    response = await post(client, {"query": "{ servces }"})
    assert "Did you mean" in response.json()["errors"][0]["message"]


MUTATION = (
    'mutation { putThesaurusEntry(word: "a", language: "de", relation: SAME, means: ["b"]) { __typename } }'
)


async def test_7_a_get_changes_nothing(client: Client) -> None:
    response = await get(client, MUTATION)
    assert (response.status_code, code(response)) == (405, "BAD_METHOD")
    assert response.headers["allow"] == "POST"


async def test_8_nothing_is_told_of_how_an_answer_was_made(client: Client) -> None:
    response = await post(client, {"query": "{ sources { key } }"}, apollo_federation_include_trace="ftv1")
    extensions = response.json().get("extensions", {})
    assert not {"tracing", "ftv1", "debug"} & set(extensions)
    wrong = (await post(client, {"query": "{ nothing }"})).json()["errors"][0]
    assert not {"stacktrace", "exception", "debug"} & set(wrong["extensions"])


async def test_9_fields_that_are_repeated_are_bounded_before_they_are_compared(client: Client) -> None:
    response = await post(client, {"query": "{ sources { " + "key " * 1900 + "} }"})
    assert (response.status_code, code(response)) == (400, "TOO_LARGE")


@pytest.mark.parametrize("content_type", [URLENCODED, MULTIPART, "text/plain", ""])
async def test_10_what_a_foreign_page_can_post_by_a_form_is_not_taken(
    client: Client, content_type: str
) -> None:
    response = await post(client, "query=%7B__typename%7D", content_type=content_type)
    assert (response.status_code, code(response)) == (415, "BAD_MEDIA_TYPE")


async def test_11_the_explorer_is_there_for_people_and_served_from_here(client: Client) -> None:
    page = await client.get("/graphql", headers={"accept": "text/html"})
    assert page.text == "<h1>Explorer</h1>"


async def test_12_only_json_is_taken_and_given_and_browsers_may_not_guess(client: Client) -> None:
    response = await post(client, {"query": "{ __typename }"}, accept=JSON)
    assert response.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert (await post(client, {"query": "{ __typename }"}, content_type="text/json")).status_code == 415
