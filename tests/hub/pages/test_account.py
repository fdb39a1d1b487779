from tests.hub.pages.login_stage import HUB, PORTAL, Browser, LoginStage
from tests.hub.pages.test_login import asks, session_of


async def signed_in(stage: LoginStage, choice: str = "erika:konto") -> Browser:
    """Somebody who has signed in at the portal and consented; the portal has its tokens and asked for userinfo."""
    browser, client = stage.browser(), await stage.portal()
    await browser.opens(asks(client))
    await browser.logs_in(choice)
    await browser.presses("/consent", decision="accept")
    bearer = await stage.redeemed(client, browser.query["code"])
    await browser.http.get(f"{HUB}/userinfo", headers={"authorization": f"Bearer {bearer}"})
    return browser


async def test_nobody_is_sent_to_the_login_and_comes_back(stage: LoginStage) -> None:
    for path in ("/account", "/account/data", "/account/ways-in", "/account/portals", "/account/sessions"):
        browser = stage.browser()
        await browser.opens(path)
        assert browser.heading == "Anmelden"
        await browser.logs_in("kim:konto")
        assert browser.at == HUB + path
        assert browser.response.status_code == 200
        assert browser.response.headers["cache-control"] == "no-store"


async def test_the_account_shows_name_level_and_four_doors(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account")
    assert browser.heading == "Mein Konto"
    assert "Erika Mustermann" in browser.page
    assert "Vertrauensniveau niedrig" in browser.page
    for door in ("/account/data", "/account/ways-in", "/account/portals", "/account/sessions"):
        assert f'href="{door}"' in browser.page


async def test_the_account_speaks_english(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account?lang=en")
    assert browser.heading == "My account"


async def test_a_representative_sees_for_whom(stage: LoginStage) -> None:
    browser = await signed_in(stage, "toni:zertifikat")
    await browser.opens("/account")
    assert "Musterbau GmbH" in browser.page
    await browser.opens("/account/data")
    assert "Musterbau GmbH (HRB 4711)" in browser.page


async def test_the_data_are_what_the_upstream_said(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account/data")
    for told in (
        "Erika Mustermann",
        "12. August 1964",
        "erika.mustermann@example.org",
        "Musterweg 1, 60311 Frankfurt am Main, DE",
    ):
        assert told in browser.page


async def test_the_way_in_is_named(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account/ways-in")
    assert "Bürgerkonto" in browser.page
    assert "niedrig" in browser.page


async def test_a_permission_can_be_taken_back_and_is_asked_for_again(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account/portals")
    assert "Erlaubnis zurücknehmen: Portal Hessen" in browser.page
    await browser.presses("/account/portals/withdraw")
    assert browser.at == f"{HUB}/account/portals"
    assert "Sie haben keinem Portal etwas erlaubt." in browser.page


async def test_a_forged_form_changes_nothing(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account/portals")
    good = browser.hidden()
    await browser.opens("/account/sessions")
    other = browser.hidden()
    for path, forged in (
        ("/account/portals/withdraw", {"client_id": good["client_id"]}),
        ("/account/portals/withdraw", good | {"form_token": "0" * 64}),
        ("/account/portals/withdraw", good | {"form_token": other["form_token"]}),
        ("/account/portals/withdraw", good | {"client_id": "another"}),
        ("/account/sessions/end", {"session_id": other["session_id"]}),
    ):
        await browser.sends(path, forged)
        assert (browser.response.status_code, browser.heading) == (403, "Es wurde nichts geändert")
    await browser.opens("/account/portals")
    assert "Portal Hessen" in browser.page
    assert await session_of(stage, browser) is not None


async def test_a_form_of_another_session_changes_nothing(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account/sessions")
    form = browser.hidden()
    stranger = stage.browser()
    await stranger.opens("/login")
    await stranger.logs_in("max:zertifikat")
    await stranger.sends("/account/sessions/end", form)
    assert stranger.response.status_code == 403
    assert await session_of(stage, browser) is not None


async def test_ending_ones_own_session_signs_out_here_and_in_the_portal(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account/sessions")
    assert "Dieser Browser" in browser.page
    assert "Portal Hessen" in browser.page
    fields = browser.hidden()
    response = await browser.http.post(f"{HUB}/account/sessions/end", data=fields)
    assert (response.status_code, response.headers["location"]) == (303, f"{HUB}/")
    assert await session_of(stage, browser) is None
    assert stage.told.posted == [f"{PORTAL}/backchannel"]


async def test_ending_a_session_elsewhere_keeps_this_one(stage: LoginStage) -> None:
    elsewhere = await signed_in(stage)
    here = stage.browser()
    await here.opens("/login")
    await here.logs_in("erika:ausweis")
    await here.opens("/account/sessions")
    other = await session_of(stage, elsewhere)
    assert other is not None
    form = next(part for part in here.response.text.split("<form")[1:] if f'value="{other.id}"' in part)
    token = form.split('name="form_token" value="')[1].split('"')[0]
    await here.sends("/account/sessions/end", {"session_id": other.id, "form_token": token})
    assert here.at == f"{HUB}/account/sessions"
    assert await session_of(stage, elsewhere) is None
    assert await session_of(stage, here) is not None
    assert stage.told.posted == [f"{PORTAL}/backchannel"]


async def test_the_log_says_who_received_what_for_what(stage: LoginStage) -> None:
    browser = await signed_in(stage)
    await browser.opens("/account")
    row = next(part for part in browser.page.split("<tr")[1:] if "Vorname" in part)
    for told in ("Portal Hessen", "Abruf durch das Portal", "niedrig", "28. Mai 2026"):
        assert told in row


async def test_the_log_is_honest_when_it_is_empty(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens("/login")
    await browser.logs_in("kim:konto")
    assert "Bisher hat kein Portal Angaben über Sie bekommen." in browser.page
