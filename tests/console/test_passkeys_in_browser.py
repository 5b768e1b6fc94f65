"""Passkeys in a real browser, on a device that Chromium plays: made, used by a button and by autofill, removed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from pyotp import TOTP

from ivr.console.services import Services
from ivr.loader import load
from ivr.staff.accounts import Role
from ivr.store.database import Store
from tests.accessibility import violations
from tests.app_factory import PATIENT
from tests.console.browsing import content_width, free_port, serving, visitor
from tests.console.test_accounts_in_browser import A_CODE_LATER, NOW, invited, join, sign_in
from tests.staff.staff_accounts import PASSWORD
from tests.store.conftest import sqlite_url
from tests.web.running_app import Clock
from tests.web.webhooks import SETTINGS

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path)


@pytest.fixture
def address(url: str, clock: Clock) -> Iterator[str]:
    port = free_port()

    async def services() -> Services:
        helpline, origin = load(), f"http://localhost:{port}"
        store = Store(url, SETTINGS.secrets, PATIENT)
        return Services(store, lambda: helpline, clock, SETTINGS.secrets, origin=origin)

    with serving(services, port) as address:
        yield address


class Device:
    """A device with passkeys, played by Chromium: https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/."""

    def __init__(self, page: Page, *, verifies: bool = True) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }
        self._id = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        self.is_touched(False)

    def is_touched(self, touched: bool) -> None:
        """Have somebody put their finger on it whenever it asks, or never."""
        self._cdp.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self._id, "enabled": touched})

    def verifies(self, verified: bool) -> None:
        """Have it know the finger, or not."""
        self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": verified})

    def __len__(self) -> int:
        return len(self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._id})["credentials"])


def offers_nothing_by_itself(page: Page) -> None:
    """Have a browser wait for the button: a finger that is there at once would take what it offers by itself."""
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")


def does(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def is_on(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("width", ["laptop", "telephone"])
def test_an_invitation_makes_a_passkey_which_signs_in_and_is_one_of_several(
    browser: Browser, address: str, url: str, width: str
) -> None:
    with visitor(browser, width) as page:
        offers_nothing_by_itself(page)
        device = Device(page)
        page.goto(f"{address}{invited(url, 'Jo', Role.adviser)}")
        expect(page.get_by_role("heading", name="The quick way: a passkey")).to_be_visible()
        assert violations(page) == []
        page.get_by_label("A name for it").fill("My telephone")
        device.is_touched(True)
        does(page, "Make a passkey and sign in")
        is_on(page, "Today")
        expect(page.get_by_role("status").first).to_have_text("Your passkey is made, and you are signed in.")
        assert len(device) == 1
        device.is_touched(False)
        does(page, "Sign out")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
        assert violations(page) == []
        device.is_touched(True)
        does(page, "Sign in with a passkey")
        is_on(page, "Today")
        page.goto(f"{address}/console/me")
        expect(page.get_by_text("My telephone")).to_be_visible()
        assert violations(page) == []
        does(page, "Remove the passkey My telephone")
        expect(page.get_by_role("alert").filter(has_text="last way")).to_be_visible()


def test_whoever_has_a_password_adds_a_passkey_and_removes_it(
    browser: Browser, address: str, url: str, clock: Clock
) -> None:
    with visitor(browser) as page:
        offers_nothing_by_itself(page)
        device = Device(page)
        app = join(page, address, invited(url, "Jo", Role.adviser), clock)
        page.goto(f"{address}/console/me")
        device.is_touched(True)
        page.get_by_label("A name for it").fill("Laptop")
        does(page, "Add a passkey")
        expect(page.get_by_role("status").first).to_contain_text("You can sign in with that passkey")
        page.get_by_label("A name for it").fill("Laptop again")
        does(page, "Add a passkey")
        expect(page.get_by_role("alert").filter(has_text="has a passkey for you already")).to_be_visible()
        assert violations(page) == []
        does(page, "Remove the passkey Laptop")
        expect(page.get_by_role("status").first).to_contain_text("signs nobody in any more")
        device.is_touched(False)
        does(page, "Sign out")
        device.is_touched(True)
        does(page, "Sign in with a passkey")
        expect(page.get_by_role("alert").filter(has_text="signs nobody in here")).to_be_visible()
        clock.now += A_CODE_LATER
        device.is_touched(False)
        sign_in(page, "Jo", PASSWORD, app.at(clock()))
        is_on(page, "Today")


def test_a_browser_offers_the_passkey_by_itself(browser: Browser, address: str, url: str) -> None:
    with visitor(browser) as page:
        device = Device(page)
        page.goto(f"{address}{invited(url, 'Jo', Role.adviser)}")
        device.is_touched(True)
        does(page, "Make a passkey and sign in")
        is_on(page, "Today")
        does(page, "Sign out")  # the field of the e-mail address offers it, and a finger that is there at once takes it
        is_on(page, "Today")


def test_a_device_that_does_not_know_the_finger_signs_nobody_in(browser: Browser, address: str, url: str) -> None:
    with visitor(browser) as page:
        offers_nothing_by_itself(page)
        device = Device(page)
        page.goto(f"{address}{invited(url, 'Jo', Role.adviser)}")
        device.is_touched(True)
        does(page, "Make a passkey and sign in")
        is_on(page, "Today")
        device.verifies(False)
        does(page, "Sign out")
        does(page, "Sign in with a passkey")
        expect(page.get_by_role("alert").filter(has_text="Nothing was done")).to_be_visible()
        assert violations(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_another_app_for_codes_takes_the_place_of_the_old_one(
    browser: Browser, address: str, url: str, clock: Clock, scheme: Literal["light", "dark"]
) -> None:
    with visitor(browser, "telephone", color_scheme=scheme) as page:
        old = join(page, address, invited(url, "Jo", Role.adviser), clock)
        page.goto(f"{address}/console/me")
        page.get_by_role("link", name="I have a new telephone").click()
        expect(page.get_by_role("img", name="QR code for the app")).to_be_visible()
        assert violations(page) == []
        new = TOTP(page.locator("code").inner_text().replace(" ", ""))
        page.get_by_label("Your password").fill("a wrong password")
        page.get_by_label("The six digits").fill(new.at(clock()))
        does(page, "Let the new app count")
        expect(page.get_by_role("alert")).to_contain_text("not your current password")
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_label("The six digits").fill(new.at(clock()))
        does(page, "Let the new app count")
        expect(page.get_by_role("status").first).to_contain_text("The new app for codes counts")
        does(page, "Sign out")
        clock.now += A_CODE_LATER
        sign_in(page, "Jo", PASSWORD, old.at(clock()))
        expect(page.get_by_role("alert")).to_contain_text("not the code")
        page.get_by_label("The six digits").fill(new.at(clock()))
        does(page, "Go on")
        is_on(page, "Today")


def test_without_javascript_there_is_a_password_and_nothing_of_passkeys(
    browser: Browser, address: str, url: str
) -> None:
    with visitor(browser, java_script_enabled=False) as page:
        for path in (invited(url, "Jo", Role.adviser), "/console/sign-in"):
            page.goto(f"{address}{path}")
            expect(page.get_by_text("passkey", exact=False).first).to_be_hidden()
            expect(page.get_by_label("password", exact=False).first).to_be_visible()


def test_nothing_runs_out_of_the_small_screen(browser: Browser, address: str, url: str, clock: Clock) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()

        def is_whole(path: str) -> None:
            page.goto(f"{address}{path}")
            assert content_width(page) <= 320, path

        link = invited(url, "Jo", Role.adviser)
        for path in (link, "/console/sign-in"):
            is_whole(path)
        join(page, address, link, clock)
        for path in ("/console/me", "/console/me/app"):
            is_whole(path)
