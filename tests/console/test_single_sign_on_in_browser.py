"""Single sign-on in a real browser, with an identity provider on another site: there, back, and on to where one was."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.console.services import Services
from ivr.console.single_sign_on import RETURN
from ivr.identity_provider import IdentityProvider
from ivr.loader import load
from ivr.openid.client import OpenIdClient
from ivr.store.database import Store
from tests.accessibility import violations
from tests.app_factory import PATIENT
from tests.console.browsing import content_width, free_port, serving, visitor
from tests.console.test_accounts_in_browser import NOW
from tests.identity_provider.faults import Fault
from tests.identity_provider.server import CLIENT_ID, CLIENT_SECRET, IdentityServer, identity_server
from tests.store.conftest import sqlite_url
from tests.web.running_app import Clock
from tests.web.webhooks import SETTINGS

ROLES = {"advisers": "adviser", "bosses": "administrator"}
COUNCIL = "Devon County Council"
CASES: tuple[tuple[str, Literal["light", "dark"]], ...] = (("laptop", "light"), ("telephone", "dark"))


@pytest.fixture
def council() -> Iterator[IdentityServer]:
    with identity_server(Clock(NOW)) as made:
        made.shows_a_page = True
        yield made


@pytest.fixture
def address(tmp_path: Path, council: IdentityServer) -> Iterator[str]:
    port, url, clock = free_port(), sqlite_url(tmp_path), Clock(NOW)
    origin = f"http://localhost:{port}"

    async def services() -> Services:
        helpline, store = load(), Store(url, SETTINGS.secrets, PATIENT)
        provider = IdentityProvider(council.issuer, CLIENT_ID, CLIENT_SECRET, COUNCIL, "groups", ROLES)
        sso = OpenIdClient(provider, f"{origin}{RETURN}", clock, 30)
        return Services(store, lambda: helpline, clock, SETTINGS.secrets, origin=origin, sso=sso)

    with serving(services, port) as address:
        yield address


def go_to_the_council(page: Page) -> None:
    page.get_by_role("link", name=f"Sign in with {COUNCIL}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


@pytest.mark.parametrize(("width", "scheme"), CASES)
def test_one_comes_back_from_another_site_to_the_page_that_one_wanted(
    browser: Browser, address: str, council: IdentityServer, width: str, scheme: Literal["light", "dark"]
) -> None:
    with visitor(browser, width, color_scheme=scheme) as page:
        page.goto(f"{address}/console/me")
        assert violations(page) == []
        go_to_the_council(page)
        assert page.url.startswith("http://127.0.0.1")
        page.get_by_role("link", name="Go on as Jo Marsh").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
        expect(page.get_by_role("heading", name=f"You sign in with {COUNCIL}")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.get_by_role("status").first).to_have_text("You are signed out.")


def test_without_javascript_it_is_the_same(browser: Browser, address: str) -> None:
    with visitor(browser, java_script_enabled=False) as page:
        page.goto(f"{address}/console/sign-in")
        go_to_the_council(page)
        page.get_by_role("link", name="Go on as Jo Marsh").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_whoever_is_not_let_in_is_told_why_where_they_can_try_again(
    browser: Browser, address: str, council: IdentityServer
) -> None:
    with visitor(browser, "telephone", may_fail=(503,)) as page:
        page.goto(f"{address}/console/sign-in")
        council.person = replace(council.person, groups=("cooks",))
        go_to_the_council(page)
        page.get_by_role("link", name="Go on as Jo Marsh").click()
        expect(page.get_by_role("alert").first).to_contain_text("in none of the groups")
        assert violations(page) == []
        council.faults = {Fault.DENIES}
        go_to_the_council(page)
        page.get_by_role("link", name="Go on as Jo Marsh").click()
        expect(page.get_by_role("alert").first).to_contain_text(f"{COUNCIL} did not let you in")
        assert content_width(page) <= 390


def test_nothing_runs_out_of_the_small_screen(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"{address}/console/sign-in")
        assert content_width(page) <= 320
