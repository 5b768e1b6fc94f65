"""Single sign-on over HTTP, with an identity provider of our own: who comes in, as what, and what is not believed."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from ivr.console.services import Services
from ivr.console.sessions import COOKIE, SSO_COOKIE
from ivr.identity_provider import IdentityProvider
from ivr.openid.client import OpenIdClient
from ivr.openid.discovery import certificates
from ivr.staff import account_links
from ivr.staff import accounts as staff
from ivr.staff.accounts import Account, AccountState, Role
from ivr.store import accounts, audit
from ivr.store.audit import By
from tests.console.page_text import text_of
from tests.console.staff_browser import StaffBrowser, browser
from tests.console.staff_pages import StaffPages
from tests.console.test_sign_in import cookie, joined
from tests.identity_provider.faults import Fault
from tests.identity_provider.people import Person
from tests.identity_provider.server import CLIENT_ID, CLIENT_SECRET, IdentityServer, identity_server
from tests.staff.staff_accounts import PASSWORD, email_of, invite, link_of, source
from tests.store.fixtures import MINUTE

START, RETURN = "/console/sign-in/sso", "/console/sign-in/sso/return"
ROLES = {"advisers": "adviser", "managers": "manager", "bosses": "administrator"}
COUNCIL = "Devon County Council"
JO = Person()


@pytest.fixture
def council(pages: StaffPages) -> Iterator[IdentityServer]:
    with identity_server(pages.clock) as made:
        yield made


def services(pages: StaffPages, council: IdentityServer, *, only: bool = False, timeout: float = 30.0) -> Services:
    """Return the pages with single sign-on; `timeout` is generous: the tests share two processors."""
    provider = IdentityProvider(council.issuer, CLIENT_ID, CLIENT_SECRET, COUNCIL, "groups", ROLES, only)
    sso = OpenIdClient(provider, f"https://helpline.example{RETURN}", pages.clock, timeout)
    return replace(pages.services, sso=sso)


async def leave(jo: StaffBrowser, after: str = "/console") -> str:
    """Take the button; return the address at the identity provider to which it leads."""
    answer = await jo.look(f"{START}?next={after}")
    assert answer.status_code == 303, text_of(jo.page)
    return answer.headers["location"]


async def return_path(address: str) -> str:
    """Say who one is there; return the path at which one comes back."""
    async with httpx2.AsyncClient(timeout=30, verify=certificates()) as http:
        back = (await http.get(address)).headers["location"]
    assert back.startswith(f"https://helpline.example{RETURN}?")
    return back.removeprefix("https://helpline.example")


async def come(jo: StaffBrowser, after: str = "/console") -> httpx2.Response:
    """Sign in by single sign-on."""
    return await jo.look(await return_path(await leave(jo, after)))


async def refused(jo: StaffBrowser, says: str, status: int = 422) -> None:
    answer = await come(jo)
    assert answer.status_code == status and f"{COOKIE}=" not in answer.headers.get("set-cookie", "")
    assert says in text_of(jo.page), text_of(jo.page)


async def account_of(pages: StaffPages, name: str) -> Account:
    async with pages.store.read() as db:
        return await staff.find(db, pages.store.cipher, name)


async def log(pages: StaffPages) -> list[str]:
    async with pages.store.read() as db:
        return [entry.what for entry in reversed(await audit.read(db, 100))]


async def test_somebody_of_a_group_comes_in_for_the_first_time_and_leads_on_to_where_they_wanted(
    pages: StaffPages, council: IdentityServer
) -> None:
    async with browser(services(pages, council)) as jo:
        await jo.look("/console/sign-in?next=/console/me")
        assert f"Sign in with {COUNCIL}" in jo.page and "sso?next=/console/me" in jo.page
        answer = await come(jo, "/console/me")
        assert answer.status_code == 200 and 'content="0; url=/console/me"' in jo.page
        assert "Jo Marsh" in (await jo.look("/console/me")).text
        assert f"You sign in with {COUNCIL}" in jo.page and "Change your password" not in jo.page
        assert "Add a passkey" not in jo.page
    made = await account_of(pages, "Jo Marsh")
    assert (made.role, made.state, made.has_password, made.email) == (
        Role.adviser,
        AccountState.active,
        False,
        JO.email,
    )
    assert await log(pages) == [
        "account Jo Marsh: made by single sign-on",
        "account Jo Marsh: signs in by single sign-on from now on",
        "signed in by single sign-on",
    ]


async def test_the_cookies_are_for_this_host_and_what_is_begun_is_forgotten(
    pages: StaffPages, council: IdentityServer
) -> None:
    async with browser(services(pages, council)) as jo:
        address = (await jo.look(START)).headers
        begun = cookie(httpx2.Response(200, headers={"set-cookie": address["set-cookie"]}))[SSO_COOKIE]
        assert (begun["samesite"], begun["httponly"], begun["secure"], begun["path"]) == ("lax", True, True, "/")
        assert begun["max-age"] == "600"
        done = await jo.look(await return_path(address["location"]))
        given = {one.partition("=")[0]: one for one in done.headers.get_list("set-cookie")}
        assert "SameSite=strict" in given[COOKIE] and "Max-Age=0" in given[SSO_COOKIE]


async def test_a_browser_is_sent_with_pkce_state_and_nonce_that_are_new_each_time(
    pages: StaffPages, council: IdentityServer
) -> None:
    async with browser(services(pages, council)) as jo:
        first, second = [parse_qs(urlsplit(await leave(jo)).query) for _ in range(2)]
    assert first["redirect_uri"] == [f"https://helpline.example{RETURN}"]
    assert first["scope"] == ["openid email profile"] and first["code_challenge_method"] == ["S256"]
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


@pytest.mark.parametrize("methods", [("client_secret_post",), ("client_secret_basic",), ("client_secret_post", "x")])
async def test_we_prove_who_we_are_as_the_provider_wants_it(
    pages: StaffPages, council: IdentityServer, methods: tuple[str, ...]
) -> None:
    council.methods = methods
    async with browser(services(pages, council)) as jo:
        assert (await come(jo)).status_code == 200


NOT_BELIEVED = {
    Fault.OTHER_ISSUER: "iss",
    Fault.OTHER_AUDIENCE: "IVR_OIDC_CLIENT_ID",
    Fault.OTHER_NONCE: "nonce",
    Fault.NO_NONCE: "nonce",
    Fault.NO_SUBJECT: "sub",
    Fault.EXPIRED: "ivr clock",
    Fault.OF_THE_FUTURE: "ivr clock",
    Fault.OTHER_KEY: "bad_signature",
    Fault.UNKNOWN_KEY: "never",
    Fault.NOT_SIGNED: "none",
    Fault.SIGNED_WITH_THE_PUBLIC_KEY: "HS256",
    Fault.GIVES_NO_ID_TOKEN: "openid",
    Fault.KNOWS_NO_CLIENT: "IVR_OIDC_CLIENT_SECRET",
    Fault.TOO_MANY_GROUPS: "more groups than fit",
}


@pytest.mark.parametrize("fault", NOT_BELIEVED, ids=lambda fault: fault.name)
async def test_what_cannot_be_verified_is_not_believed_and_the_log_says_why(
    pages: StaffPages, council: IdentityServer, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    council.faults = {fault}
    async with browser(services(pages, council)) as jo:
        await refused(jo, f"What {COUNCIL} said of you could not be verified", 503)
    [line] = [record.message for record in caplog.records if record.message.startswith("single sign-on")]
    assert NOT_BELIEVED[fault] in line
    assert JO.email not in line


UNREACHABLE = {
    Fault.IS_DOWN: "503",
    Fault.IS_SLOW: "ReadTimeout",
    Fault.TALKS_NONSENSE: "no JSON object",
    Fault.HAS_ANOTHER_NAME: "set IVR_OIDC_ISSUER to exactly that",
    Fault.NAMES_ANOTHER_SCHEME: "authorization_endpoint",
}


@pytest.mark.parametrize("fault", UNREACHABLE, ids=lambda fault: fault.name)
async def test_a_provider_that_is_down_is_told_of_and_a_password_still_leads_in(
    pages: StaffPages, council: IdentityServer, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    who, council.faults = await joined(pages), {fault}
    async with browser(services(pages, council, timeout=0.5 if fault is Fault.IS_SLOW else 30.0)) as jo:
        answer = await jo.look(START)
        assert answer.status_code == 503 and f"{COUNCIL} cannot be reached just now" in text_of(jo.page)
        assert "IVR_OIDC_ISSUER" in caplog.text and UNREACHABLE[fault] in caplog.text
        council.faults = set()
        assert (await jo.sign_in(who, pages.clock())).status_code == 303


async def test_a_provider_without_keys_is_told_of(pages: StaffPages, council: IdentityServer) -> None:
    council.faults = {Fault.GIVES_NO_KEYS}
    async with browser(services(pages, council)) as jo:
        await refused(jo, "cannot be reached just now", 503)


async def test_whom_the_provider_does_not_let_in_is_told_so_and_the_log_names_nobody(
    pages: StaffPages, council: IdentityServer, caplog: pytest.LogCaptureFixture
) -> None:
    council.faults = {Fault.DENIES}
    async with browser(services(pages, council)) as jo:
        await refused(jo, f"{COUNCIL} did not let you in")
    assert "access_denied AADSTS50105:" in caplog.text and JO.email not in caplog.text


async def test_a_new_key_of_the_provider_is_asked_for_once_and_made_up_ones_not_each_time(
    pages: StaffPages, council: IdentityServer
) -> None:
    made = services(pages, council)
    async with browser(made) as jo, browser(made) as lee:
        await come(jo)
        pages.clock.now += 2 * MINUTE
        council.keys.rotate()
        council.person = Person("lee", "Lee Hill", "lee@devon.example")
        assert (await come(lee)).status_code == 200
        assert council.asked.count("/keys") == 2
        council.faults = {Fault.UNKNOWN_KEY}
        for _ in range(3):
            await lee.send("/console/sign-out")
            await come(lee)
        assert council.asked.count("/keys") == 2, "asked anew less than a minute ago"
        assert council.asked.count("/.well-known/openid-configuration") == 1


async def test_a_code_or_a_way_back_is_good_once_for_ten_minutes_and_in_its_own_browser(
    pages: StaffPages, council: IdentityServer
) -> None:
    made = services(pages, council)
    async with browser(made) as jo, browser(made) as stranger:
        path = await return_path(await leave(jo))
        elsewhere = await stranger.look(path)
        assert elsewhere.status_code == 422 and "Please begin again" in stranger.page
        own = await leave(stranger)
        assert (await stranger.look(path)).status_code == 422, "the state of another browser"
        kept = jo.client.cookies[SSO_COOKIE]
        assert (await jo.look(path)).status_code == 200
        assert (await jo.look(path)).headers["location"] == "/console", "the page is loaded again"
        await jo.send("/console/sign-out")
        jo.client.cookies.set(SSO_COOKIE, kept)
        assert (await jo.look(path)).status_code == 422
        late = await return_path(own)
        pages.clock.now += 11 * MINUTE
        assert (await stranger.look(late)).status_code == 422


async def test_an_answer_of_another_provider_is_refused(pages: StaffPages, council: IdentityServer) -> None:
    async with browser(services(pages, council)) as jo:
        path = await return_path(await leave(jo))
        mixed = path.replace("iss=http%3A%2F%2F127.0.0.1", "iss=http%3A%2F%2Fevil.example")
        assert mixed != path and (await jo.look(mixed)).status_code == 422


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (("advisers",), Role.adviser),
        (("advisers", "bosses", "managers"), Role.administrator),
        (("cooks", "managers"), Role.manager),
    ],
)
async def test_the_highest_role_of_the_groups_counts(
    pages: StaffPages, council: IdentityServer, groups: tuple[str, ...], role: Role
) -> None:
    council.person = replace(JO, groups=groups)
    async with browser(services(pages, council)) as jo:
        await come(jo)
    assert (await account_of(pages, "Jo Marsh")).role is role


async def test_the_role_is_that_of_the_groups_at_each_sign_in(pages: StaffPages, council: IdentityServer) -> None:
    async with browser(services(pages, council)) as jo:
        for groups, role in (
            (("managers",), Role.manager),
            (("bosses",), Role.administrator),
            (("advisers",), Role.adviser),
        ):
            council.person = replace(JO, groups=groups)
            assert (await come(jo)).status_code == 200
            assert (await account_of(pages, "Jo Marsh")).role is role
            await jo.send("/console/sign-out")
    assert "account Jo Marsh: is administrator now, by their groups" in await log(pages)


async def test_nobody_of_no_group_comes_in_and_whom_to_ask_is_named(pages: StaffPages, council: IdentityServer) -> None:
    async with browser(services(pages, council)) as jo:
        await come(jo)
        await jo.send("/console/sign-out")
        council.person = replace(JO, groups=("cooks",))
        await refused(jo, f"Please ask whoever looks after the groups at {COUNCIL}")
        assert (await log(pages))[-1].startswith("not signed in by single sign-on: You are in none of the groups")
        council.person = Person("lee", "Lee Hill", "lee@devon.example", groups=())
        await refused(jo, "You are in none of the groups")
    async with pages.store.read() as db:
        assert await accounts.by_email(db, pages.store.cipher, "lee@devon.example") is None


async def test_the_last_administrator_stays_one_whatever_their_groups_say(
    pages: StaffPages, council: IdentityServer
) -> None:
    council.person = replace(JO, email="ada@helpline.example", groups=("advisers",))
    async with browser(services(pages, council)) as ada:
        assert (await come(ada)).status_code == 200
    assert (await account_of(pages, "Ada")).role is Role.administrator
    assert any("stays administrator, as there is no other" in what for what in await log(pages))


async def test_an_account_of_the_same_e_mail_address_is_bound_once_if_the_provider_vouches_for_it(
    pages: StaffPages, council: IdentityServer
) -> None:
    council.person = replace(JO, email="MAX@helpline.example", groups=("managers",))
    async with browser(services(pages, council)) as somebody:
        for unsure in (False, None):
            council.person = replace(council.person, is_verified=unsure)
            await refused(somebody, "does not say that the address is yours")
        council.person = replace(council.person, is_verified=True)
        assert (await come(somebody)).status_code == 200
        assert (await account_of(pages, "Max")).has_single_sign_on
        await somebody.send("/console/sign-out")
        council.person = replace(council.person, subject="another")
        await refused(somebody, "comes in with your e-mail address")


async def test_an_administrator_has_an_account_forget_whom_the_provider_knows_as_it(
    pages: StaffPages, council: IdentityServer
) -> None:
    async with browser(services(pages, council)) as jo:
        await come(jo)
        council.person = replace(JO, subject="made anew")
        account = await account_of(pages, "Jo Marsh")
        assert (
            "Forget their single sign-on" in (await pages.get(f"/console/people/{account.id}", Role.administrator)).text
        )
        path = f"/console/people/{account.id}/single-sign-on/forget"
        assert (await pages.post(path, {}, Role.administrator)).status_code == 303
        assert (await jo.look("/console/me")).status_code == 303, "signed out"
        assert (await pages.post(path, {}, Role.administrator)).status_code == 422, "there is nothing to forget"
        assert (await come(jo)).status_code == 200
    assert (await account_of(pages, "Jo Marsh")).id == account.id
    assert "account Jo Marsh: single sign-on forgotten" in await log(pages)


async def test_somebody_who_is_invited_comes_by_single_sign_on_and_needs_no_link(
    pages: StaffPages, council: IdentityServer
) -> None:
    await invite(pages.store, "Lee Hill")
    council.person = Person("lee", "Somebody Else", email_of("Lee Hill"))
    async with browser(services(pages, council)) as lee:
        assert (await come(lee)).status_code == 200
    found = await account_of(pages, "Lee Hill")
    assert found.is_active and found.has_single_sign_on


async def test_whoever_has_left_stays_out_by_single_sign_on_too(pages: StaffPages, council: IdentityServer) -> None:
    async with browser(services(pages, council)) as jo:
        await come(jo)
        account = await account_of(pages, "Jo Marsh")
        async with pages.store.begin() as db:
            by = By("Sam", pages.clock())
            gone = await staff.leave(db, pages.store.cipher, account, by)
        assert (await jo.look("/console/me")).status_code == 303
        await refused(jo, "Your account here was ended")
        async with pages.store.begin() as db:
            await staff.rejoin(db, pages.store.cipher, gone, by)
        assert (await come(jo)).status_code == 200


async def test_two_people_of_one_name_are_told_apart(pages: StaffPages, council: IdentityServer) -> None:
    made = services(pages, council)
    for n in range(3):
        council.person = Person(f"jo {n}", "Jo Marsh", f"jo{n}@devon.example")
        async with browser(made) as jo:
            assert (await come(jo)).status_code == 200
    async with pages.store.read() as db:
        names = [one.name for one in await accounts.read(db, pages.store.cipher) if one.has_single_sign_on]
    assert sorted(names) == ["Jo Marsh", "Jo Marsh 2", "Jo Marsh 3"]


async def test_somebody_who_comes_for_the_first_time_in_two_windows_at_once_has_one_account(
    pages: StaffPages, council: IdentityServer
) -> None:
    made = services(pages, council)
    async with browser(made) as here, browser(made) as there:
        paths = [await return_path(await leave(one)) for one in (here, there)]
        answers = await asyncio.gather(*(one.look(path) for one, path in zip((here, there), paths, strict=True)))
        assert [answer.status_code for answer in answers] == [200, 200]
    async with pages.store.read() as db:
        assert [one.name for one in await accounts.read(db, pages.store.cipher) if one.has_single_sign_on] == [
            "Jo Marsh"
        ]


@pytest.mark.parametrize(
    ("name", "kept"),
    [("", "jo.marsh"), ("\x07<b>", "<b>"), ("x" * 200, "x" * 70), ("root (shell)", "root"), ("jo@devon.example", "jo")],
)
async def test_whatever_name_the_provider_has_one_that_we_can_keep_is_kept(
    pages: StaffPages, council: IdentityServer, name: str, kept: str
) -> None:
    council.person = replace(JO, name=name)
    async with browser(services(pages, council)) as jo:
        assert (await come(jo)).status_code == 200
        assert (await jo.look("/console/me")).status_code == 200 and "<b>" not in jo.page
    assert (await account_of(pages, JO.email)).name == kept


@pytest.mark.parametrize("email", ["", "jo", "jö@devon.example"])
async def test_without_an_e_mail_address_no_account_is_made(
    pages: StaffPages, council: IdentityServer, email: str
) -> None:
    council.person = replace(JO, email=email)
    async with browser(services(pages, council)) as jo:
        await refused(jo, f"{COUNCIL} does not tell us your e-mail address")


async def test_what_the_id_token_leaves_out_is_read_from_userinfo_if_it_is_about_the_same_person(
    pages: StaffPages, council: IdentityServer
) -> None:
    council.is_thin = True
    async with browser(services(pages, council)) as jo:
        council.userinfo = {**JO.claims, "sub": "somebody else", "groups": ["bosses"]}
        await refused(jo, "You are in none of the groups")
        council.userinfo = None
        assert (await come(jo)).status_code == 200
    assert (await account_of(pages, "Jo Marsh")).role is Role.adviser


async def test_entra_id_says_in_its_own_way_that_an_address_is_verified(
    pages: StaffPages, council: IdentityServer
) -> None:
    council.person = replace(JO, email="max@helpline.example", is_verified=None, more={"xms_edov": True})
    async with browser(services(pages, council)) as somebody:
        assert (await come(somebody)).status_code == 200
    assert (await account_of(pages, "Max")).has_single_sign_on


async def test_an_account_that_came_by_single_sign_on_is_sent_no_link_to_set_a_password(
    pages: StaffPages, council: IdentityServer
) -> None:
    made = services(pages, council)
    async with browser(made) as jo:
        await come(jo)
    assert await account_links.ask_for_link(made.sign_in, JO.email, source(pages.clock())) is None


async def test_where_single_sign_on_is_the_only_way_administrators_have_a_password_as_well(
    pages: StaffPages, council: IdentityServer
) -> None:
    adviser, boss = await joined(pages), await joined(pages, "Eve", Role.administrator)
    async with browser(services(pages, council, only=True)) as jo:
        await jo.look("/console/sign-in")
        assert "Administrators, if that does not work" in jo.page
        refusal = await jo.send("/console/sign-in", email=email_of("Jo Marsh"), password=PASSWORD)
        assert refusal.status_code == 422 and f"Please sign in with {COUNCIL}" in jo.page
        wrong = await jo.send("/console/sign-in", email=email_of("Jo Marsh"), password="a wrong one")
        assert COUNCIL not in text_of(jo.page).partition("do not go together")[0].partition("Everybody")[0]
        assert wrong.status_code == 422 and "do not go together" in jo.page
        token = await link_of(pages.store, adviser.account, pages.clock(), pages.services.sign_in.tokens)
        link = await jo.look(f"/console/reset/{token}")
        assert link.status_code == 410 and f"Please sign in with {COUNCIL}" in jo.page
        assert (await jo.sign_in(boss, pages.clock())).status_code == 303
        await jo.look("/console/people")
        assert "staff come in by their groups" in jo.page
    assert adviser.account.role is Role.adviser


async def test_without_single_sign_on_there_is_no_such_page(pages: StaffPages) -> None:
    async with browser(pages.services) as jo:
        for path in (START, f"{RETURN}?code=x&state=y"):
            assert (await jo.look(path)).status_code == 404
        await jo.look("/console/sign-in")
        assert "work account" not in jo.page


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?error=x", "?code=x&state=%00", "?state=%C3%BC"])
async def test_a_way_back_that_nobody_began_is_told_so(
    pages: StaffPages, council: IdentityServer, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    async with browser(services(pages, council)) as jo:
        assert (await jo.look(f"{RETURN}{query}")).status_code in (404, 422)
    assert council.asked == [] and caplog.text == ""
