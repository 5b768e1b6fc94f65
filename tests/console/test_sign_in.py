"""Staff sign in, over HTTP, as a browser does; strangers do not."""

from dataclasses import replace
from datetime import datetime
from http.cookies import SimpleCookie

import httpx2
import pytest

from ivr.console.post import Post
from ivr.console.sessions import COOKIE
from ivr.errors import IvrError
from ivr.staff import account_links
from ivr.staff.accounts import Role
from tests.console.page_text import text_of
from tests.console.staff_browser import browser
from tests.console.staff_pages import StaffPages
from tests.staff.staff_accounts import ELSEWHERE, PASSWORD, Person, email_of, invite, link_of, person
from tests.store.fixtures import HOUR, MINUTE


class Mailbox:
    """Keeps e-mails instead of sending them."""

    def __init__(self, *, fails: bool = False) -> None:
        self.letters: list[tuple[str, str, str]] = []
        self.fails = fails

    async def send(self, to: str, subject: str, text: str, now: datetime) -> None:
        if self.fails:
            raise IvrError("the e-mail was not sent")
        self.letters.append((to, subject, text))


def cookie(answer: httpx2.Response) -> SimpleCookie:
    return SimpleCookie(answer.headers.get("set-cookie", ""))


async def joined(pages: StaffPages, name: str = "Jo Marsh", role: Role = Role.adviser) -> Person:
    """Return somebody who followed their invitation a minute ago."""
    return await person(pages.store, name, role, pages.clock() - MINUTE)


async def test_somebody_who_is_invited_sets_a_password_and_is_in(pages: StaffPages) -> None:
    account = await invite(pages.store, "Jo Marsh")
    token = await link_of(pages.store, account, pages.clock(), pages.services.sign_in.tokens)
    async with browser(pages.services) as jo:
        shown = await jo.look(f"/console/invitation/{token}")
        assert shown.status_code == 200 and "<svg" in jo.page and "Jo Marsh" in jo.page
        app, path = Person(account, jo.key()), str(shown.url.path)
        weak = await jo.send(path, password="password12345", code=app.code(pages.clock()))
        assert weak.status_code == 422 and "tried first" in jo.page
        assert jo.key() == app.secret, "the app that was set up on the first try is still the right one"
        wrong = await jo.send(path, password=PASSWORD, code="000000")
        assert wrong.status_code == 422 and "That is not the code" in jo.page
        done = await jo.send(path, password=PASSWORD, code=app.code(pages.clock()))
        assert (done.status_code, done.headers["location"]) == (303, "/console?news=welcome")
        assert "you are signed in" in (await jo.look("/console?news=welcome")).text
        again = await jo.look(path)
        assert again.status_code == 410 and "This link works no more" in text_of(jo.page)


async def test_a_password_and_a_code_lead_to_where_somebody_wanted_to_go(pages: StaffPages) -> None:
    who = await joined(pages)
    async with browser(pages.services) as jo:
        outside = await jo.look("/console/me")
        assert outside.headers["location"] == "/console/sign-in?next=%2Fconsole%2Fme"
        await jo.look(outside.headers["location"])
        form = {"next": jo.hidden("next"), "email": email_of("Jo Marsh"), "password": PASSWORD}
        half = await jo.send("/console/sign-in", **form)
        assert half.status_code == 200 and "set-cookie" not in half.headers
        assert (await jo.look("/console/me")).status_code == 303, "a password alone opens nothing"
        await jo.send("/console/sign-in", **form)
        code = who.code(pages.clock())
        inside = await jo.send("/console/sign-in/code", half=jo.hidden("half"), next=jo.hidden("next"), code=code)
        assert inside.headers["location"] == "/console/me"
        assert "Firefox on Linux" in (await jo.look("/console/me")).text
        assert (await jo.look("/console/sign-in")).headers["location"] == "/console"


async def test_the_cookie_is_kept_from_scripts_other_sites_and_lines_without_tls(pages: StaffPages) -> None:
    who = await joined(pages)
    async with browser(pages.services) as jo:
        found = cookie(await jo.sign_in(who, pages.clock()))[COOKIE]
    assert (found["secure"], found["httponly"], found["samesite"], found["path"]) == (True, True, "strict", "/")
    assert (found["domain"], found["expires"], found["max-age"]) == ("", "", "")


@pytest.mark.parametrize("after", ["https://evil.example", "//evil.example", "/console//evil", "/consoles", "/\\evil"])
async def test_nobody_is_led_elsewhere_by_signing_in(pages: StaffPages, after: str) -> None:
    who = await joined(pages)
    async with browser(pages.services) as jo:
        await jo.send("/console/sign-in", email=email_of("Jo Marsh"), password=PASSWORD)
        form = {"half": jo.hidden("half"), "code": who.code(pages.clock()), "next": after}
        assert (await jo.send("/console/sign-in/code", **form)).headers["location"] == "/console"


async def test_a_new_session_has_another_token_and_signing_out_ends_it(pages: StaffPages) -> None:
    who = await joined(pages)
    async with browser(pages.services) as jo:
        first = cookie(await jo.sign_in(who, pages.clock()))[COOKIE].value
        pages.clock.now += MINUTE
        second = cookie(await jo.sign_in(who, pages.clock()))[COOKIE].value
        assert first != second
        async with browser(pages.services) as thief:
            thief.client.cookies.set(COOKIE, first)
            assert (await thief.look("/console")).status_code == 303, "a session ends when the browser gets another"
        out = await jo.send("/console/sign-out")
        assert (out.headers["location"], cookie(out)[COOKIE].value) == ("/console/sign-in?news=signed_out", "")
        assert "You are signed out." in (await jo.look(out.headers["location"])).text
        jo.client.cookies.set(COOKIE, second)
        assert (await jo.look("/console")).status_code == 303


async def test_what_is_wrong_is_told_in_words_and_never_which(pages: StaffPages) -> None:
    await joined(pages)
    async with browser(pages.services) as stranger:
        found = set()
        for email in (email_of("Jo Marsh"), "nobody@helpline.example"):
            answer = await stranger.send("/console/sign-in", email=email, password="a wrong password")
            found.add((answer.status_code, text_of(stranger.page)))
            assert f'value="{email}"' in stranger.page
    [(status, text)] = found
    assert status == 422 and "do not go together" in text


async def test_whoever_guesses_is_stopped_and_a_colleague_elsewhere_is_not(pages: StaffPages) -> None:
    who = await joined(pages)
    async with browser(pages.services, ELSEWHERE) as stranger, browser(pages.services) as jo:
        for n in range(11):
            answer = await stranger.send("/console/sign-in", email=email_of("Jo Marsh"), password=f"wrong {n}")
        assert answer.status_code == 429 and "wait five minutes" in stranger.page
        assert (await jo.sign_in(who, pages.clock())).status_code == 303


async def test_addresses_of_one_ipv6_network_count_as_one(pages: StaffPages) -> None:
    await joined(pages)
    for n in range(11):
        async with browser(pages.services, f"2001:db8:1:2::{n + 1}") as stranger:
            answer = await stranger.send("/console/sign-in", email=email_of("Jo Marsh"), password=f"wrong {n}")
    assert answer.status_code == 429


async def test_a_live_part_keeps_nobody_signed_in_and_a_page_does(pages: StaffPages) -> None:
    who = await joined(pages)
    async with browser(pages.services) as jo:
        await jo.sign_in(who, pages.clock())
        for path, minutes, status in (
            ("/console/me", 110, 200),
            ("/console/today/live", 110, 200),
            ("/console/today/live", 15, 401),
        ):
            pages.clock.now += minutes * MINUTE
            assert (await jo.look(path)).status_code == status
        assert (await jo.look("/console/me")).status_code == 303


async def test_somebody_who_forgot_their_password_is_sent_a_link(pages: StaffPages) -> None:
    who, mailbox = await joined(pages), Mailbox()
    post = Post(mailbox)
    services = replace(pages.services, post=post, origin="https://helpline.example")
    async with browser(services) as jo:
        told = set()
        for email in (email_of("Jo Marsh"), "nobody@helpline.example"):
            jo.client.headers["Host"] = "evil.example"  # a link must not lead where whoever asks wants
            await jo.send("/console/forgotten", email=email)
            told.add(text_of(jo.page))
        del jo.client.headers["Host"]
        await post.sent()
        [(to, _, letter)] = mailbox.letters
        assert to == email_of("Jo Marsh") and len(told) == 1 and "evil" not in letter
        jo.page = letter
        path = jo.link()
        assert "<svg" not in (await jo.look(path)).text, "they have the app"
        done = await jo.send(path, password="other words of mine", code=who.code(pages.clock()))
        assert done.status_code == 303
        pages.clock.now += MINUTE
        assert (await jo.sign_in(who, pages.clock(), "other words of mine")).status_code == 303


async def test_without_a_mail_server_an_administrator_is_named(pages: StaffPages) -> None:
    async with browser(pages.services) as jo:
        await jo.look("/console/forgotten")
        assert "Ask an administrator" in jo.page and "<form" not in jo.page
        await jo.send("/console/forgotten", email=email_of("Jo"))
        assert "Ask an administrator" in jo.page


async def test_one_sees_where_one_is_signed_in_and_ends_it(pages: StaffPages) -> None:
    who = await joined(pages)
    async with browser(pages.services) as here, browser(pages.services, ELSEWHERE) as there:
        await there.sign_in(who, pages.clock())
        pages.clock.now += MINUTE
        await here.sign_in(who, pages.clock())
        await here.look("/console/me")
        assert here.page.count("Firefox on Linux</strong>") == 3  # the invitation began one, too
        end = here.page.partition('action="/console/me/sessions/')[2].partition('"')[0]
        assert (await here.send(f"/console/me/sessions/{end}")).status_code == 303
        assert (await there.look("/console/me")).status_code == 303
        assert (await here.send("/console/me/sessions/end")).status_code == 303
        await here.look("/console/me")
        assert here.page.count("Firefox on Linux</strong>") == 1


async def test_nobody_ends_a_session_of_somebody_else_by_its_name(pages: StaffPages) -> None:
    who, other = await joined(pages), await joined(pages, "Lee")
    async with browser(pages.services) as jo, browser(pages.services) as lee:
        await lee.sign_in(other, pages.clock())
        await lee.look("/console/me")
        name = lee.page.partition('action="/console/me/sessions/')[2].partition("/")[0]
        await jo.sign_in(who, pages.clock())
        assert (await jo.send(f"/console/me/sessions/{name}/end")).status_code == 404
        assert (await lee.look("/console/me")).status_code == 200


async def test_one_changes_one_s_password(pages: StaffPages) -> None:
    who = await joined(pages)
    async with browser(pages.services) as jo:
        await jo.sign_in(who, pages.clock())
        wrong = await jo.send("/console/me/password", old="a wrong one", new="other words of mine")
        assert wrong.status_code == 422 and "not your current password" in jo.page
        weak = await jo.send("/console/me/password", old=PASSWORD, new="short")
        assert weak.status_code == 422 and "12 characters" in jo.page
        done = await jo.send("/console/me/password", old=PASSWORD, new="other words of mine")
        assert done.headers["location"] == "/console/me?news=password_changed"
        pages.clock.now += HOUR
        assert (await jo.sign_in(who, pages.clock(), "other words of mine")).status_code == 303


async def test_a_page_that_fails_does_not_log_the_link_that_led_to_it(
    pages: StaffPages, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(account_links, "open_link", fail)
    async with browser(pages.services) as jo:
        assert (await jo.look("/console/invitation/a-token-of-somebody")).status_code == 500
    assert "path=/console/invitation/{token}" in caplog.text
    assert "a-token-of-somebody" not in caplog.text
