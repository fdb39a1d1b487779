"""Logging in from page to page: hub, stand-in identity provider and portal, as a browser walks."""

import hashlib
from base64 import urlsafe_b64encode
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.pages.local_path import local_path
from hub.pages.login import LOGIN_COOKIE
from identity.assurance import AssuranceLevel
from identity.provider.clients import Client
from identity.provider.interactions import BROWSER_COOKIE
from identity.sessions import SESSION_COOKIE, Session
from tests.hub.pages.login_stage import ACR, HUB, IDP, PORTAL, VERIFIER, Browser, LoginStage


def asks(client: Client, **more: str) -> str:
    challenge = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": client.client_id,
        "redirect_uri": f"{PORTAL}/callback",
        "response_type": "code",
        "scope": "openid profile",
        "state": "portal-state",
        "nonce": "portal-nonce",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return "/authorize?" + urlencode(query | more)


async def session_of(stage: LoginStage, browser: Browser) -> Session | None:
    return await stage.sessions.find(browser.http.cookies.get(SESSION_COOKIE))


async def test_a_portal_gets_its_code_after_login_and_consent(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens(asks(await stage.portal()))
    assert browser.heading == "Anmelden bei Portal Hessen"
    assert "Bürgerkonto" in browser.page
    assert "Vertrauensniveau niedrig bis hoch" in " ".join(browser.page.split())
    await browser.logs_in("erika:ausweis")
    assert "Dürfen wir diese Daten an Portal Hessen weitergeben?" in browser.heading
    await browser.presses("/consent", decision="accept")
    assert browser.at.startswith(f"{PORTAL}/callback?")
    assert {"code", "state", "iss"} <= browser.query.keys()
    session = await session_of(stage, browser)
    assert session is not None
    assert (session.level, session.upstream) == (AssuranceLevel.HIGH, "demo")


@pytest.mark.parametrize(
    ("choice", "name", "level", "organisation"),
    [
        ("erika:ausweis", "Erika Mustermann", AssuranceLevel.HIGH, None),
        ("max:zertifikat", "Max Mustermann", AssuranceLevel.SUBSTANTIAL, None),
        ("kim:konto", "Kim Beispiel", AssuranceLevel.LOW, None),
        ("toni:zertifikat", "Toni Beispiel", AssuranceLevel.SUBSTANTIAL, "Musterbau GmbH"),
    ],
)
async def test_the_persons_of_the_demonstration(
    stage: LoginStage, choice: str, name: str, level: AssuranceLevel, organisation: str | None
) -> None:
    browser = stage.browser()
    await browser.opens("/login")
    await browser.logs_in(choice)
    session = await session_of(stage, browser)
    assert session is not None
    person = await stage.accounts.person(session.account_id)
    assert person is not None
    assert (person.display_name, session.level) == (name, level)
    assert (session.acting_for.name if session.acting_for else None) == organisation
    assert browser.at == f"{HUB}/account"
    assert name in browser.page


async def test_the_same_person_is_known_again(stage: LoginStage) -> None:
    accounts = set()
    for _ in range(2):
        browser = stage.browser()
        await browser.opens("/login")
        await browser.logs_in("kim:konto")
        session = await session_of(stage, browser)
        assert session is not None
        accounts.add(session.account_id)
    assert len(accounts) == 1


async def test_a_step_up_says_what_one_has_and_needs_and_leads_on(stage: LoginStage) -> None:
    portal = await stage.portal()
    browser = stage.browser()
    await browser.opens(asks(portal))
    await browser.logs_in("erika:konto")
    await browser.presses("/consent", decision="accept")
    before = await session_of(stage, browser)
    assert before is not None
    assert before.level is AssuranceLevel.LOW
    await browser.opens(asks(portal, acr_values=ACR + "substantial"))
    assert browser.heading == "Dafür brauchen Sie ein höheres Vertrauensniveau"
    assert "niedrig" in browser.page
    assert "substanziell" in browser.page
    await browser.presses("/login/start", upstream="demo")
    assert browser.query["acr_values"] == ACR + "substantial"
    assert "kim:konto" in browser.page
    assert "erreicht nur das Niveau niedrig" in browser.page
    await browser.presses("/choose", choice="erika:zertifikat")
    assert "code" in browser.query
    after = await session_of(stage, browser)
    assert after is not None
    assert (after.id, after.level) == (before.id, AssuranceLevel.SUBSTANTIAL)


async def test_the_secret_of_a_session_changes_with_every_login(stage: LoginStage) -> None:
    browser = stage.browser()
    browser.http.cookies.set(SESSION_COOKIE, "planted", domain="hub.example")
    await browser.opens("/login")
    await browser.logs_in("kim:konto")
    first = browser.http.cookies.get(SESSION_COOKIE, domain="hub.example", path="/")
    assert first != "planted"
    await browser.opens("/login?" + urlencode({"acr": ACR + "high"}))
    await browser.logs_in("erika:ausweis")
    assert browser.http.cookies.get(SESSION_COOKIE) != first


async def test_who_gives_up_at_the_hub_goes_back_to_the_portal(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens(asks(await stage.portal()))
    assert "Abbrechen und zurück zu Portal Hessen" in browser.page
    await browser.opens(browser.link("/authorize/cancel?"))
    assert browser.at.startswith(f"{PORTAL}/callback?")
    assert (browser.query["error"], browser.query["state"]) == ("access_denied", "portal-state")


async def test_who_gives_up_at_the_upstream_may_try_again_or_go_back(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens(asks(await stage.portal()))
    await browser.logs_in("cancel")
    assert browser.heading == "Sie haben die Anmeldung abgebrochen"
    assert 'href="/authorize/cancel?' in browser.page
    await browser.opens(browser.link("/login?"))
    assert browser.heading == "Anmelden bei Portal Hessen"


async def test_a_level_below_the_needed_one_begins_no_session(stage: LoginStage) -> None:
    """The stand-in refuses it itself, so an upstream that ignores what was asked is played by hand."""
    browser = stage.browser()
    await browser.opens("/login?" + urlencode({"acr": ACR + "high"}))
    await browser.presses("/login/start", upstream="demo")
    fields = browser.hidden()
    del fields["acr_values"]
    await browser.sends(f"{IDP}/choose", fields | {"choice": "kim:konto"})
    assert browser.response.status_code == 403
    assert browser.heading == "Das Vertrauensniveau reicht noch nicht"
    assert "Anderes Mittel wählen" in browser.page
    assert await session_of(stage, browser) is None


async def test_a_callback_counts_once_and_in_its_own_browser(stage: LoginStage) -> None:
    browser, thief = stage.browser(), stage.browser()
    await browser.opens("/login")
    await thief.opens("/login")
    await browser.presses("/login/start", upstream="demo")
    response = await browser.http.post(f"{IDP}/choose", data=browser.hidden() | {"choice": "kim:konto"})
    callback = response.headers["location"]
    await thief.opens(callback)
    assert (thief.response.status_code, thief.heading) == (400, "Diese Anmeldung gilt nicht mehr")
    assert await session_of(stage, thief) is None
    await browser.opens(callback)
    assert await session_of(stage, browser) is not None
    await browser.opens(callback)
    assert browser.response.status_code == 400


async def test_a_portals_request_belongs_to_one_browser(stage: LoginStage) -> None:
    browser, thief = stage.browser(), stage.browser()
    await browser.opens(asks(await stage.portal()))
    assert browser.http.cookies.get(BROWSER_COOKIE)
    await thief.opens(browser.at)
    assert (thief.response.status_code, thief.heading) == (400, "Diese Anmeldung gilt nicht mehr")


async def test_the_form_of_another_browser_or_site_starts_nothing(stage: LoginStage) -> None:
    browser, other = stage.browser(), stage.browser()
    await browser.opens("/login")
    good = browser.hidden() | {"upstream": "demo"}
    await other.opens("/login")
    for wrong, headers in (
        (good | {"form_token": other.hidden()["form_token"]}, {}),
        (good | {"form_token": ""}, {}),
        (good, {"sec-fetch-site": "cross-site"}),
        (good, {"sec-fetch-site": "same-site"}),
    ):
        await browser.sends("/login/start", wrong, **headers)
        assert browser.response.status_code == 400
    await stage.browser().sends("/login/start", good)
    await browser.sends("/login/start", good, **{"sec-fetch-site": "same-origin"})
    assert browser.at.startswith(f"{IDP}/authorize")


async def test_a_form_without_any_cookie_starts_nothing(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.sends("/login/start", {"upstream": "demo", "form_token": "x", "next": "/account"})
    assert browser.response.status_code == 400


async def test_an_upstream_that_is_down_is_said_so(stage: LoginStage) -> None:
    stage.streets.closed.add("idp.example")
    browser = stage.browser()
    await browser.opens("/login")
    assert browser.response.status_code == 200
    assert "Zurzeit nicht erreichbar" in browser.page
    await browser.presses("/login/start", upstream="demo")
    assert browser.response.status_code == 503
    assert browser.heading == "Der Anmeldedienst ist zurzeit nicht erreichbar"
    assert "Noch einmal versuchen" in browser.page


async def test_an_upstream_that_goes_down_on_the_way_is_said_so(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens("/login")
    await browser.presses("/login/start", upstream="demo")
    response = await browser.http.post(f"{IDP}/choose", data=browser.hidden() | {"choice": "kim:konto"})
    stage.streets.closed.add("idp.example")
    await browser.opens(response.headers["location"])
    assert browser.response.status_code == 503
    assert await session_of(stage, browser) is None


async def test_an_upstream_that_is_none(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens("/login")
    await browser.presses("/login/start", upstream="nobody")
    assert (browser.response.status_code, browser.heading) == (404, "Diesen Anmeldeweg gibt es nicht")
    await browser.opens("/login/callback/nobody?state=x&code=y")
    assert browser.response.status_code == 404


async def test_a_mixed_up_answer_is_refused(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens("/login")
    await browser.presses("/login/start", upstream="demo")
    response = await browser.http.post(f"{IDP}/choose", data=browser.hidden() | {"choice": "kim:konto"})
    forged = response.headers["location"].replace("idp.example", "evil.example")
    await browser.opens(forged)
    assert (browser.response.status_code, browser.heading) == (400, "Die Anmeldung hat nicht geklappt")
    assert await session_of(stage, browser) is None


async def test_who_is_signed_in_well_enough_goes_straight_on(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens("/login")
    await browser.logs_in("kim:konto")
    await browser.opens("/login?next=/account/sessions")
    assert browser.at == f"{HUB}/account/sessions"
    await browser.opens("/login?" + urlencode({"next": "/account/sessions", "acr": ACR + "substantial"}))
    assert browser.heading == "Dafür brauchen Sie ein höheres Vertrauensniveau"


async def test_the_page_may_send_forms_to_the_upstream_and_the_portal_only(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens(asks(await stage.portal()))
    policy = browser.response.headers["content-security-policy"]
    assert f"form-action 'self' {IDP} {PORTAL};" in policy + ";"
    assert "frame-ancestors 'none'" in policy
    assert browser.response.headers["cache-control"] == "no-store"


async def test_the_cookie_of_a_login_is_for_this_host_only_and_brief(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens("/login")
    cookie = browser.response.headers["set-cookie"]
    assert cookie.startswith(f"{LOGIN_COOKIE}=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/", "Max-Age=3600"):
        assert part in cookie
    assert "Domain" not in cookie


async def test_two_tabs_can_log_in_beside_each_other(stage: LoginStage) -> None:
    browser = stage.browser()
    await browser.opens("/login?next=/account/data")
    first = browser.hidden()
    await browser.opens("/login?next=/account/sessions")
    await browser.logs_in("kim:konto")
    assert browser.at == f"{HUB}/account/sessions"
    await browser.sends("/login/start", first | {"upstream": "demo"})
    await browser.presses("/choose", choice="kim:konto")
    assert browser.at == f"{HUB}/account/data"


async def test_the_page_speaks_english_and_tells_the_upstream(stage: LoginStage) -> None:
    browser = stage.browser(**{"accept-language": "en"})
    await browser.opens(asks(await stage.portal(), acr_values=ACR + "high"))
    assert browser.heading == "Sign in to Portal Hessen"
    assert "Needed is the level of assurance “high”" in browser.page
    await browser.presses("/login/start", upstream="demo")
    assert browser.query["ui_locales"] == "en"


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/" + "x" * 2000,
    ],
)
async def test_next_never_leads_elsewhere(stage: LoginStage, evil: str) -> None:
    assert local_path(evil, "/account") == "/account"
    browser = stage.browser()
    await browser.opens("/login?" + urlencode({"next": evil}))
    await browser.logs_in("kim:konto")
    assert browser.at == f"{HUB}/account"


@pytest.mark.parametrize(
    "path", ["/", "/account", "/leistung/99000000000000?ort=06", "/a//b", "/x?next=https://y.example"]
)
def test_a_path_on_this_host_is_kept(path: str) -> None:
    assert local_path(path, "/account") == path


@given(st.text(alphabet="/\\.:@?#%\t\n ae", max_size=12) | st.text(max_size=40))
def test_no_text_leads_to_another_host(text: str) -> None:
    found = local_path(text, "/account")
    try:
        place = urlsplit(urljoin(f"{HUB}/login", found))
        assert (place.scheme, place.netloc) == ("https", "hub.example")
    except ValueError:
        pytest.fail(f"{found!r} is no address")
    assert httpx2.URL(HUB).join(found).host == "hub.example"
