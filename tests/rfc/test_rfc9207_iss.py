"""RFC 9207: every authorization response says who answers, against mix-up."""

from tests.rfc.stage import ISSUER, Stage


async def test_a_code_comes_with_the_issuer(stage: Stage) -> None:
    assert (await stage.browser().signs_in(await stage.portal()))["iss"] == ISSUER


async def test_an_error_comes_with_the_issuer(stage: Stage) -> None:
    answer = await stage.browser().signs_in(await stage.portal(), prompt="none")
    assert answer["error"] == "login_required"
    assert answer["iss"] == ISSUER
