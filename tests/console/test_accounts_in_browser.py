"""In a real browser: somebody joins, signs in, changes a password; an administrator looks after accounts."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp import TOTP

from ivr.console.services import Services
from ivr.loader import load
from ivr.staff import accounts
from ivr.staff.accounts import Role
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.tokens import AccountTokens
from tests.accessibility import violations
from tests.app_factory import PATIENT
from tests.console.browsing import serving, visitor
from tests.staff.staff_accounts import PASSWORD
from tests.store.conftest import sqlite_url
from tests.web.running_app import Clock
from tests.web.webhooks import SETTINGS

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
A_CODE_LATER = timedelta(seconds=60)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path)


@pytest.fixture
def address(url: str, clock: Clock) -> Iterator[str]:
    async def services() -> Services:
        helpline = load()
        return Services(Store(url, SETTINGS.secrets, PATIENT), lambda: helpline, clock, SETTINGS.secrets)

    with serving(services) as address:
        yield address


def invited(url: str, name: str, role: Role) -> str:
    """Return the path of somebody's invitation."""

    async def invite() -> str:
        by = By("root", NOW)
        async with Store(url, SETTINGS.secrets, PATIENT) as store, store.begin() as db:
            email = f"{name.lower()}@helpline.example"
            account = await accounts.invite(db, store.cipher, name, email, role, by)
            return await accounts.link(db, store.cipher, AccountTokens(SETTINGS.secrets), account, by)

    with ThreadPoolExecutor(1) as apart:  # the browser has an event loop of its own running here
        return apart.submit(lambda: asyncio.run(invite())).result()


def join(page: Page, address: str, path: str, clock: Clock) -> TOTP:
    """Follow an invitation; return the app for codes."""
    page.goto(f"{address}{path}")
    app = TOTP(page.locator("code").inner_text().replace(" ", ""))
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_label("The six digits").fill(app.at(clock()))
    page.get_by_role("button", name="Set it and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    return app


def sign_in(page: Page, name: str, password: str, code: str) -> None:
    page.get_by_label("E-mail address").fill(f"{name.lower()}@helpline.example")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("The six digits").fill(code)
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("width", ["laptop", "telephone"])
def test_somebody_joins_signs_out_and_in_and_changes_their_password(
    browser: Browser, address: str, url: str, clock: Clock, width: str
) -> None:
    with visitor(browser, width) as page:
        path = invited(url, "Jo", Role.adviser)
        page.goto(f"{address}{path}")
        assert violations(page) == []
        expect(page.get_by_role("img", name="QR code for the app")).to_be_visible()
        app = join(page, address, path, clock)
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("status").first).to_have_text("You are signed out.")
        assert violations(page) == []
        clock.now += A_CODE_LATER
        page.goto(f"{address}/console/me")
        page.get_by_label("E-mail address").fill("jo@helpline.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_label("The six digits")).to_be_focused()
        assert violations(page) == []
        page.keyboard.type(app.at(clock()))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
        assert violations(page) == []
        page.get_by_label("Your current password").fill(PASSWORD)
        page.get_by_label("A new one").fill("other words of mine")
        page.get_by_role("button", name="Change it").click()
        expect(page.get_by_role("status").first).to_contain_text("Your password is changed")


def test_an_administrator_invites_changes_and_ends_an_account(
    browser: Browser, address: str, url: str, clock: Clock
) -> None:
    with visitor(browser) as page:
        join(page, address, invited(url, "Ada", Role.administrator), clock)
        page.get_by_role("link", name="People").click()
        assert violations(page) == []
        page.get_by_label("Name", exact=True).fill("Lee Hill")
        page.get_by_label("E-mail address").fill("lee@helpline.example")
        page.get_by_label("Manager").check()
        page.get_by_role("button", name="Invite").click()
        expect(page.locator("code")).to_contain_text(f"{address}/console/invitation/")
        assert violations(page) == []
        page.get_by_role("link", name="Go on to Lee Hill").click()
        page.get_by_label("What they may").select_option("adviser")
        page.get_by_role("button", name="Change the role").click()
        expect(page.get_by_role("status").first).to_have_text("Changed.")
        assert violations(page) == []
        page.get_by_text("They have left").click()
        page.get_by_role("button", name="Let Lee Hill in no more").click()
        expect(page.get_by_role("button", name="Invite them again")).to_be_visible()
        page.goto(f"{address}/console/people")
        page.get_by_role("link", name="Ada").last.click()
        page.get_by_label("What they may").select_option("adviser")
        page.get_by_role("button", name="Change the role").click()
        expect(page.get_by_role("alert")).to_contain_text("last administrator")


def test_a_manager_reads_and_verifies_the_audit_log(browser: Browser, address: str, url: str, clock: Clock) -> None:
    with visitor(browser, "telephone") as page:
        join(page, address, invited(url, "Max", Role.manager), clock)
        expect(page.get_by_role("link", name="People")).to_have_count(0)
        page.get_by_role("link", name="Audit log").click()
        expect(page.get_by_role("cell", name="account Max: invited as manager")).to_be_visible()
        page.get_by_role("button", name="Verify the log").click()
        expect(page.get_by_role("status").first).to_contain_text("The log is whole")
        assert violations(page) == []
        page.get_by_label("Words of who or what").fill("password set")
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_role("row")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_wrong_can_be_read_by_everybody(browser: Browser, address: str, scheme: str) -> None:
    with visitor(browser, color_scheme=scheme) as page:
        page.goto(f"{address}/console/sign-in")
        page.get_by_label("E-mail address").fill("nobody@helpline.example")
        page.get_by_label("Password").fill("a wrong password")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("do not go together")
        assert violations(page) == []
        page.goto(f"{address}/console/forgotten")
        assert violations(page) == []
        page.goto(f"{address}/console/invitation/nothing")
        expect(page.get_by_role("alert")).to_contain_text("works no more")
        assert violations(page) == []
