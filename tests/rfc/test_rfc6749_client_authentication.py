"""RFC 6749 section 2.3 and 5.2: how a portal authenticates at the token endpoint."""

import pytest

from tests.rfc.stage import Portal, Stage, basic


async def posted(
    stage: Stage, portal: Portal, header: str | None, fields: dict[str, str], code: str | None = None
) -> tuple[int, dict[str, str], str | None]:
    data = {
        "grant_type": "authorization_code",
        "code": code or "x",
        "redirect_uri": portal.redirect_uri,
    } | fields
    data["code_verifier"] = "v" * 43
    async with stage.client() as client:
        response = await client.post("/token", data=data, headers={"Authorization": header} if header else {})
    return response.status_code, response.json(), response.headers.get("www-authenticate")


async def test_basic_and_post_both_work(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    client_id, secret = portal.client.client_id, str(portal.secret)
    status, _, _ = await posted(stage, portal, basic(client_id, secret), {}, await browser.code(portal))
    assert status == 200
    fields = {"client_id": client_id, "client_secret": secret}
    status, _, _ = await posted(stage, portal, None, fields, await browser.code(portal))
    assert status == 200


async def test_a_public_portal_says_its_id_only(stage: Stage) -> None:
    portal = await stage.portal(public=True)
    assert portal.secret is None
    assert (await stage.redeem(portal, await stage.browser().code(portal))).status_code == 200


@pytest.mark.parametrize("secret", ["", "wrong", "vhc_" + "A" * 43, "ü", "\0"])
async def test_a_wrong_secret_is_refused_and_spends_nothing(stage: Stage, secret: str) -> None:
    portal = await stage.portal()
    code = await stage.browser().code(portal)
    status, body, challenge = await posted(stage, portal, basic(portal.client.client_id, secret), {}, code)
    assert (status, body["error"]) == (401, "invalid_client")
    assert challenge is not None
    assert challenge.startswith("Basic")
    assert (await stage.redeem(portal, code)).status_code == 200


async def test_a_confidential_portal_can_not_pass_as_public(stage: Stage) -> None:
    portal = await stage.portal()
    status, body, challenge = await posted(stage, portal, None, {"client_id": portal.client.client_id})
    assert (status, body["error"], challenge) == (401, "invalid_client", None)


async def test_a_public_portal_has_no_secret(stage: Stage) -> None:
    portal = await stage.portal(public=True)
    status, body, _ = await posted(stage, portal, basic(portal.client.client_id, "any"), {})
    assert (status, body["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "header", ["Basic", "Basic ???", "Basic YQ==", "Bearer x", "Basic /w==", "Basic YQA6Yg=="]
)
async def test_a_header_that_can_not_be_read_is_refused(stage: Stage, header: str) -> None:
    status, body, _ = await posted(stage, await stage.portal(), header, {})
    assert (status, body["error"]) == (401, "invalid_client")


async def test_two_ways_at_once_are_refused(stage: Stage) -> None:
    portal = await stage.portal()
    client_id, secret = portal.client.client_id, str(portal.secret)
    status, body, _ = await posted(stage, portal, basic(client_id, secret), {"client_secret": secret})
    assert (status, body["error"]) == (400, "invalid_request")
    status, body, _ = await posted(stage, portal, basic(client_id, secret), {"client_id": "other"})
    assert (status, body["error"]) == (400, "invalid_request")


async def test_nobody_is_refused(stage: Stage) -> None:
    status, body, _ = await posted(stage, await stage.portal(), None, {})
    assert (status, body["error"]) == (401, "invalid_client")


async def test_unknown_portal_and_wrong_secret_read_alike(stage: Stage) -> None:
    portal = await stage.portal()
    known = await posted(stage, portal, basic(portal.client.client_id, "wrong"), {})
    unknown = await posted(stage, portal, basic("nobody", "wrong"), {})
    assert known == unknown


@pytest.mark.parametrize(
    "body", ["grant_type=a&grant_type=b", "code=a&code=b", "code=%00", "x=" + "y" * 70_000]
)
async def test_doubled_garbled_or_huge_bodies_are_refused(stage: Stage, body: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with stage.client() as client:
        response = await client.post("/token", content=body, headers=headers)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


async def test_another_type_of_body_is_refused(stage: Stage) -> None:
    async with stage.client() as client:
        response = await client.post("/token", json={"grant_type": "authorization_code"})
    assert response.json()["error"] == "invalid_request"
    assert response.headers["cache-control"] == "no-store"
