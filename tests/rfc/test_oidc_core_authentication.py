"""OpenID Connect Core section 3.1.2: prompt, max_age, acr_values, hints, and step-up that is real."""

import pytest

from identity.assurance import AssuranceLevel
from tests.rfc.stage import HIGH, LOW, SUBSTANTIAL, Stage, arrived


async def test_logged_in_once_and_known_at_the_next_portal(stage: Stage) -> None:
    hessen, sachsen, browser = (
        await stage.portal(),
        await stage.portal("S", "sachsen.example"),
        stage.browser(),
    )
    await browser.code(hessen)
    stage.login = None
    await browser.code(sachsen)
    assert len(browser.consents) == 2
    await browser.code(hessen)
    await browser.code(sachsen)
    assert len(browser.consents) == 2


async def test_prompt_none_never_shows_a_page(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    assert (await browser.signs_in(portal, prompt="none"))["error"] == "login_required"
    await browser.code(portal, scope="openid")
    assert (await browser.signs_in(portal, prompt="none", scope="openid"))["code"]
    assert (await browser.signs_in(portal, prompt="none"))["error"] == "consent_required"


@pytest.mark.parametrize("prompt", ["none login", "create", "login foo"])
async def test_a_prompt_that_can_not_be_is_refused(stage: Stage, prompt: str) -> None:
    answer = await stage.browser().signs_in(await stage.portal(), prompt=prompt)
    assert answer["error"] == "invalid_request"


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "login consent"}])
async def test_the_person_acts_anew_when_the_portal_says_so(stage: Stage, changes: dict[str, str]) -> None:
    portal, browser = await stage.portal(), stage.browser()
    first = stage.read((await stage.tokens(portal, await browser.code(portal)))["id_token"])
    stage.clock.now += 100
    stage.login = stage.person("erika")
    second = stage.read((await stage.tokens(portal, await browser.code(portal, **changes)))["id_token"])
    assert stage.seen is not None
    assert stage.seen.fresh
    assert second["auth_time"] == first["auth_time"] + 100
    assert second["sid"] == first["sid"], "the portal's session goes on"


async def test_an_upstream_that_only_remembers_does_not_fulfil_prompt_login(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    stage.login = stage.person("erika", age=3600)
    assert (await browser.signs_in(portal, prompt="login"))["error"] == "login_required"


async def test_select_account_asks_who_and_takes_an_older_event(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    await browser.code(portal)
    stage.login = stage.person("max", age=3600)
    made = await stage.tokens(portal, await browser.code(portal, prompt="select_account"))
    assert stage.seen is not None
    assert stage.seen.select_account
    assert (await stage.userinfo(made["access_token"])).json()["given_name"] == "Max"


async def test_max_age(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    await browser.code(portal)
    stage.login, stage.seen = None, None
    stage.clock.now += 10
    assert await browser.code(portal, max_age="10000")
    assert await browser.code(portal, max_age="10")
    assert (await browser.signs_in(portal, max_age="9", prompt="none"))["error"] == "login_required"
    stage.login = stage.person("erika")
    made = await stage.tokens(portal, await browser.code(portal, max_age="1"))
    assert stage.read(made["id_token"])["auth_time"] == int(stage.clock())


@pytest.mark.parametrize("age", ["-1", "x", "1.5", "٣", "9" * 30])
async def test_a_max_age_that_is_no_number_is_refused(stage: Stage, age: str) -> None:
    answer = await stage.browser().signs_in(await stage.portal(), max_age=age)
    assert answer["error"] == "invalid_request"


async def test_an_upstream_that_only_remembers_does_not_fulfil_max_age(stage: Stage) -> None:
    stage.login = stage.person("erika", age=3600)
    answer = await stage.browser().signs_in(await stage.portal(), max_age="60")
    assert answer["error"] == "login_required"


async def test_step_up_asks_for_a_new_event_of_that_level(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    stage.login = stage.person("erika", AssuranceLevel.LOW)
    low = stage.read((await stage.tokens(portal, await browser.code(portal)))["id_token"])
    assert low["acr"] == LOW
    stage.clock.now += 50
    stage.login = stage.person("erika", AssuranceLevel.HIGH)
    high = stage.read((await stage.tokens(portal, await browser.code(portal, acr_values=HIGH)))["id_token"])
    assert stage.seen is not None
    assert stage.seen.required_level is AssuranceLevel.HIGH
    assert (high["acr"], high["auth_time"]) == (HIGH, low["auth_time"] + 50)
    assert high["sub"] == low["sub"]


async def test_a_session_that_suffices_is_not_asked_again(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    await browser.code(portal)
    stage.login = None
    assert await browser.code(portal, acr_values=SUBSTANTIAL)


async def test_a_login_that_comes_out_too_low_is_no_answer(stage: Stage) -> None:
    """Attack 15: neither the old session nor a weaker event meets the step-up."""
    portal, browser = await stage.portal(), stage.browser()
    stage.login = stage.person("erika", AssuranceLevel.SUBSTANTIAL)
    await browser.code(portal)
    answer = await browser.signs_in(portal, acr_values=HIGH)
    assert answer["error"] == "unmet_authentication_requirements"
    assert "code" not in answer


async def test_step_up_without_a_page_is_an_error(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    stage.login = stage.person("erika", AssuranceLevel.LOW)
    await browser.code(portal)
    assert (await browser.signs_in(portal, acr_values=HIGH, prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize(
    ("acr_values", "needed"),
    [
        (f"{HIGH} {SUBSTANTIAL}", AssuranceLevel.SUBSTANTIAL),
        (f"urn:foo {HIGH}", AssuranceLevel.HIGH),
        ("1 2", AssuranceLevel.NONE),
    ],
)
async def test_any_of_the_values_will_do(stage: Stage, acr_values: str, needed: AssuranceLevel) -> None:
    await stage.browser().code(await stage.portal(), acr_values=acr_values)
    assert stage.seen is not None
    assert stage.seen.required_level is needed


async def test_a_token_keeps_the_level_of_its_own_login(stage: Stage) -> None:
    """A later weaker or stronger login changes no token that is out."""
    portal, browser = await stage.portal(), stage.browser()
    stage.login = stage.person("erika", AssuranceLevel.LOW)
    made = await stage.tokens(portal, await browser.code(portal, scope="openid graph:viewer"))
    stage.login = stage.person("erika", AssuranceLevel.HIGH)
    await browser.code(portal, acr_values=HIGH)
    viewer = await stage.viewers.of_token(made["access_token"])
    assert viewer is not None
    assert viewer.assurance is AssuranceLevel.LOW


async def test_id_token_hint_of_the_same_person(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    hint = (await stage.tokens(portal, await browser.code(portal)))["id_token"]
    stage.clock.now += 3000
    assert await browser.code(portal, id_token_hint=hint, prompt="none")


async def test_id_token_hint_of_another_person(stage: Stage) -> None:
    portal = await stage.portal()
    hint = (await stage.tokens(portal, await stage.browser().code(portal)))["id_token"]
    stage.login = stage.person("max")
    browser = stage.browser()
    await browser.code(portal)
    assert (await browser.signs_in(portal, id_token_hint=hint, prompt="none"))["error"] == "login_required"
    assert (await browser.signs_in(portal, id_token_hint=hint))["error"] == "login_required"
    stage.login = stage.person("erika")
    assert await browser.code(portal, id_token_hint=hint)


async def test_id_token_hint_of_another_portal_is_refused(stage: Stage) -> None:
    hessen, sachsen, browser = (
        await stage.portal(),
        await stage.portal("S", "sachsen.example"),
        stage.browser(),
    )
    hint = (await stage.tokens(hessen, await browser.code(hessen)))["id_token"]
    assert (await browser.signs_in(sachsen, id_token_hint=hint))["error"] == "invalid_request"


async def test_hints_reach_the_login_page(stage: Stage) -> None:
    await stage.browser().code(await stage.portal(), login_hint="erika@example.org", ui_locales="en de")
    assert stage.seen is not None
    assert stage.seen.login_hint == "erika@example.org"
    assert stage.seen.ui_locales == ("en", "de")
    assert stage.seen.client_name == "Portal Hessen"
    assert stage.seen.redirect_origin == "https://hessen.example"


async def test_the_pages_learn_which_language_the_portal_wishes(stage: Stage) -> None:
    stage.login = None
    portal = await stage.portal()
    wished = await stage.browser().opens("/authorize", portal.asks(ui_locales="en de"))
    assert wished.url.params["ui_locales"] == "en de"
    long = await stage.browser().opens("/authorize", portal.asks(ui_locales="x" * 5000))
    assert len(long.url.params["ui_locales"]) == 100
    assert "ui_locales" not in (await stage.browser().opens("/authorize", portal.asks())).url.params


@pytest.mark.parametrize(
    ("name", "error"), [("request", "request_not_supported"), ("request_uri", "request_uri_not_supported")]
)
async def test_request_objects_are_refused_by_their_code(stage: Stage, name: str, error: str) -> None:
    answer = await stage.browser().signs_in(await stage.portal(), **{name: "https://evil.example/object"})
    assert answer["error"] == error
    assert stage.outside.posted == []


async def test_who_gives_up_comes_back_with_an_error(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    stage.login = None
    page = await browser.opens("/authorize", portal.asks())
    answer = arrived(await browser.opens(page.json()["cancel"]), portal)
    assert (answer["error"], answer["state"]) == ("access_denied", "state-1")
    assert (await browser.opens(page.json()["cancel"])).status_code == 400
    assert (await browser.opens(page.json()["resume"])).status_code == 400


async def test_resuming_without_a_login_leads_to_the_login_again(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    stage.login = None
    page = await browser.opens("/authorize", portal.asks())
    assert (await browser.opens(page.json()["resume"])).json() == page.json()


async def test_a_waiting_request_is_of_one_browser_and_of_one_use(stage: Stage) -> None:
    """Attack 9: nobody goes on with another's login."""
    portal, victim, attacker = await stage.portal(), stage.browser(), stage.browser()
    stage.login = None
    page = await attacker.opens("/authorize", portal.asks())
    await victim.opens("/authorize", portal.asks())
    assert (await victim.opens(page.json()["resume"])).status_code == 400
    stage.login = stage.person("erika")
    assert (await stage.browser().opens(page.json()["resume"])).status_code == 400


async def test_a_waiting_request_grows_old(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    stage.login = None
    page = await browser.opens("/authorize", portal.asks())
    stage.clock.now += 15 * 60
    assert (await browser.opens(page.json()["resume"])).status_code == 400


async def test_two_tabs_wait_beside_each_other(stage: Stage) -> None:
    hessen, sachsen, browser = (
        await stage.portal(),
        await stage.portal("S", "sachsen.example"),
        stage.browser(),
    )
    stage.login = None
    first = await browser.opens("/authorize", hessen.asks())
    second = await browser.opens("/authorize", sachsen.asks())
    stage.login = stage.person("erika")
    for page, portal in ((first, hessen), (second, sachsen)):
        shown = await browser.opens(page.json()["resume"])
        assert arrived(await browser.decides(shown.text), portal)["code"]
