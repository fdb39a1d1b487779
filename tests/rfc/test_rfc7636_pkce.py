"""RFC 7636: proof key for code exchange, S256 only."""

import pytest

from tests.rfc.stage import CHALLENGE, VERIFIER, Stage


async def test_the_right_verifier_redeems(stage: Stage) -> None:
    portal = await stage.portal()
    assert (await stage.redeem(portal, await stage.browser().code(portal))).status_code == 200


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"code_challenge_method": "s256"},
        {"code_challenge": "short"},
        {"code_challenge": CHALLENGE + "="},
    ],
)
async def test_a_request_without_s256_is_refused(
    stage: Stage, public: bool, changes: dict[str, str | None]
) -> None:
    portal = await stage.portal(public=public)
    answer = await stage.browser().signs_in(portal, **changes)
    assert answer["error"] == "invalid_request"
    assert "code" not in answer


@pytest.mark.parametrize("verifier", [None, "w" * 43, CHALLENGE, "v" * 42, "v" * 129, "ü" * 43])
async def test_a_wrong_verifier_is_refused_and_changes_nothing(stage: Stage, verifier: str | None) -> None:
    portal = await stage.portal()
    code = await stage.browser().code(portal)
    assert (await stage.redeem(portal, code, code_verifier=verifier)).json()["error"] == "invalid_grant"
    assert (await stage.redeem(portal, code)).status_code == 200


async def test_a_confidential_portal_may_be_registered_without_pkce(stage: Stage) -> None:
    portal = await stage.portal(require_pkce=False)
    code = await stage.browser().code(portal, code_challenge=None, code_challenge_method=None)
    assert (await stage.redeem(portal, code, code_verifier=None)).status_code == 200


async def test_a_verifier_without_a_challenge_is_a_downgrade(stage: Stage) -> None:
    portal = await stage.portal(require_pkce=False)
    code = await stage.browser().code(portal, code_challenge=None, code_challenge_method=None)
    assert (await stage.redeem(portal, code)).json()["error"] == "invalid_grant"


async def test_plain_is_refused_even_where_pkce_is_optional(stage: Stage) -> None:
    portal = await stage.portal(require_pkce=False)
    answer = await stage.browser().signs_in(portal, code_challenge=VERIFIER, code_challenge_method="plain")
    assert answer["error"] == "invalid_request"
