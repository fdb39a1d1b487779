"""OpenID Connect Core section 3.1.2.4: consent by attribute and purpose, in words, and nobody gives it for another."""

import pytest

from tests.rfc.stage import MUSTERBAU, Stage, arrived, hidden


async def test_the_page_says_what_goes_to_whom_for_what(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    page = await browser.opens("/authorize", portal.asks(scope="openid profile email graph:viewer"))
    for words in (
        "Portal Hessen",
        "hessen.example",
        "Erika Mustermann",
        "damit das Portal Sie ansprechen",
        "Freiwillig",
        "Ihre E-Mail-Adresse: erika@example.org",
        "12. August 1964",
        "Vertrauensniveau",
        "Mein Konto",
    ):
        assert words in page.text
    assert "graph:viewer" not in page.text
    assert "checked" not in page.text, "nothing optional is ticked beforehand"


async def test_the_page_exists_in_english(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    browser.http.headers["Accept-Language"] = "en"
    page = await browser.opens("/authorize", portal.asks())
    assert "May we pass these data on to Portal Hessen?" in page.text


async def test_the_form_may_lead_to_this_portal_only_and_is_never_framed(stage: Stage) -> None:
    """Attack 10: clickjacking; and Chromium blocks the redirect of a form to an origin that is not named."""
    portal, browser = await stage.portal(), stage.browser()
    page = await browser.opens("/authorize", portal.asks())
    policy = page.headers["content-security-policy"]
    assert "form-action 'self' https://hessen.example;" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"


async def test_refusing_leads_back_with_an_error_and_is_not_remembered(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    page = await browser.opens("/authorize", portal.asks())
    answer = arrived(await browser.decides(page.text, "refuse"), portal)
    assert answer["error"] == "access_denied"
    assert answer["state"] == "state-1"
    assert 'action="/consent"' in (await browser.opens("/authorize", portal.asks())).text


async def test_asked_once_and_again_only_for_more(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    for scope in ("openid", "openid", "openid profile", "openid profile", "openid"):
        await browser.code(portal, scope=scope)
    assert len(browser.consents) == 2


async def test_prompt_consent_asks_again_and_the_new_decision_counts(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    page = await browser.opens("/authorize", portal.asks(scope="openid email"))
    first = arrived(await browser.decides(page.text, "accept", "email"), portal)
    page = await browser.opens("/authorize", portal.asks(scope="openid email", prompt="consent"))
    second = arrived(await browser.decides(page.text), portal)
    told = [
        (await stage.userinfo((await stage.tokens(portal, answer["code"]))["access_token"])).json()
        for answer in (first, second)
    ]
    assert ["email" in claims for claims in told] == [True, False]


async def test_acting_for_a_business_is_asked_about_when_it_happens(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    stage.login = stage.person("toni", 2)
    await browser.code(portal, scope="openid organisation")
    stage.login = stage.person("toni", 2, acting_for=MUSTERBAU)
    await browser.code(portal, scope="openid organisation", prompt="login")
    assert "Musterbau GmbH" not in browser.consents[0]
    assert "Musterbau GmbH" in browser.consents[1]


@pytest.mark.parametrize("token", [None, "", "0" * 64])
async def test_a_forged_form_grants_nothing(stage: Stage, token: str | None) -> None:
    """Attack 10: consent CSRF."""
    portal, browser = await stage.portal(), stage.browser()
    page = await browser.opens("/authorize", portal.asks())
    fields = hidden(page.text) | {"decision": "accept"}
    fields.pop("form_token")
    response = await browser.http.post("/consent", data=fields | ({"form_token": token} if token else {}))
    assert response.status_code == 403
    assert 'action="/consent"' in (await browser.opens("/authorize", portal.asks())).text


async def test_a_form_of_one_tab_does_not_answer_in_another(stage: Stage) -> None:
    """Attack 10: consent swapped between tabs."""
    hessen, sachsen, browser = (
        await stage.portal(),
        await stage.portal("S", "sachsen.example"),
        stage.browser(),
    )
    first = hidden((await browser.opens("/authorize", hessen.asks())).text)
    second = hidden((await browser.opens("/authorize", sachsen.asks(scope="openid profile email"))).text)
    mixed = {"interaction": second["interaction"], "form_token": first["form_token"], "decision": "accept"}
    assert (await browser.http.post("/consent", data=mixed)).status_code == 403


async def test_a_form_of_another_session_does_not_count(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    page = (await browser.opens("/authorize", portal.asks())).text
    stage.login = stage.person("max")
    await browser.opens("/authorize", portal.asks(prompt="login"))
    response = await browser.http.post("/consent", data=hidden(page) | {"decision": "accept"})
    assert response.status_code == 403


async def test_another_browser_can_not_answer(stage: Stage) -> None:
    portal, browser, other = await stage.portal(), stage.browser(), stage.browser()
    page = (await browser.opens("/authorize", portal.asks())).text
    await other.code(portal)
    response = await other.http.post("/consent", data=hidden(page) | {"decision": "accept"})
    assert response.status_code == 400
    assert "neu" in response.text


async def test_who_is_no_longer_logged_in_logs_in_first(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    page = (await browser.opens("/authorize", portal.asks())).text
    session = await stage.sessions.find(browser.session_cookie)
    assert session is not None
    await stage.sessions.end(session.id)
    stage.login = None
    response = await browser.http.post("/consent", data=hidden(page) | {"decision": "accept"})
    assert "cancel" in (await browser.follows(response)).json()


async def test_ticking_what_was_not_asked_grants_nothing(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    page = await browser.opens("/authorize", portal.asks(scope="openid"))
    answer = arrived(await browser.decides(page.text, "accept", "email", "address", "no-such-thing"), portal)
    made = await stage.tokens(portal, answer["code"])
    assert set((await stage.userinfo(made["access_token"])).json()) == {"sub"}
