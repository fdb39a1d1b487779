"""OpenID Connect Discovery 1.0: what is said exists, and what exists not is not said."""

from starlette.routing import Route

from tests.rfc.stage import ISSUER, Stage


async def test_every_endpoint_named_is_there(stage: Stage) -> None:
    async with stage.client() as client:
        found = (await client.get("/.well-known/openid-configuration")).json()
        for name, address in found.items():
            if name.endswith(("_endpoint", "jwks_uri")):
                path = address.removeprefix(ISSUER)
                assert any(isinstance(r, Route) and r.path == path for r in stage.app.routes), name


async def test_what_is_supported(stage: Stage) -> None:
    async with stage.client() as client:
        response = await client.get("/.well-known/openid-configuration")
    found = response.json()
    assert response.headers["content-type"] == "application/json"
    assert found["issuer"] == ISSUER
    assert found["response_types_supported"] == ["code"]
    assert found["subject_types_supported"] == ["pairwise"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["id_token_signing_alg_values_supported"][0] == "RS256"
    assert found["acr_values_supported"] == [
        f"http://eidas.europa.eu/LoA/{level}" for level in ("low", "substantial", "high")
    ]
    assert found["authorization_response_iss_parameter_supported"] is True
    assert found["backchannel_logout_supported"] is True
    assert found["request_uri_parameter_supported"] is False


async def test_nothing_is_said_that_does_not_exist(stage: Stage) -> None:
    async with stage.client() as client:
        found = (await client.get("/.well-known/openid-configuration")).json()
    for name in ("registration_endpoint", "revocation_endpoint", "introspection_endpoint"):
        assert name not in found
    assert found["grant_types_supported"] == ["authorization_code"]
    assert "pushed_authorization_request_endpoint" not in found


async def test_every_scope_named_is_understood(stage: Stage) -> None:
    async with stage.client() as client:
        scopes = (await client.get("/.well-known/openid-configuration")).json()["scopes_supported"]
    portal = await stage.portal()
    code = await stage.browser().code(portal, scope=" ".join(scopes))
    assert (await stage.tokens(portal, code))["scope"].split() == scopes


async def test_only_public_keys_are_published(stage: Stage) -> None:
    async with stage.client() as client:
        keys = (await client.get("/jwks")).json()["keys"]
    assert {key["alg"] for key in keys} == {"RS256", "ES256"}
    for key in keys:
        assert key["use"] == "sig"
        assert key["kid"]
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key)
