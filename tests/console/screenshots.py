"""Takes the pictures of the staff pages for docs/console.md: `make pictures`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect

from tests.console.browsing import serving, visitor
from tests.console.made_up_helpline import made_up
from tests.console.test_browser import ADMINISTRATOR, ADVISER, MANAGER, does, enter, open_first
from tests.console.test_callers_in_browser import look_up
from tests.console.test_rota_in_browser import ask_for_an_absence
from tests.fake_provider import FakeProvider
from tests.simulator.browsing import ROOT, chromium

PICTURES = ROOT / "docs/pictures"
SHOWN = {
    "today": (ADVISER, "/console"),
    "waiting": (ADVISER, "/console/waiting"),
    "talks": (ADVISER, "/console/talks"),
    "rota": (ADVISER, "/console/rota?week=2026-W49"),
    "hours": (MANAGER, "/console/hours"),
    "complaints": (ADVISER, "/console/complaints"),
    "unsent": (MANAGER, "/console/unsent"),
    "audit": (MANAGER, "/console/audit"),
    "people": (ADMINISTRATOR, "/console/people"),
}
"""The pages by the name of their picture, as whoever sees them at least."""
OWN = "#coming, #ring, #calendar"
"""The sections of an adviser's page besides the rota."""
HIGHEST = 1400
"""Pixels; what is further down on a page is not in its picture."""


def take(folder: Path) -> None:
    """Take every picture on a laptop, and the first page and a call back on a telephone."""
    with chromium() as browser, serving(made_up(folder, FakeProvider())) as address:
        with visitor(browser) as page:
            for name, (who, path) in SHOWN.items():
                enter(page, address, who)
                page.goto(f"{address}{path}")
                save(page, name)
        items(browser, address)
        caller(browser, address)
        planned(browser, address)
        absence(browser, address)
        own_shifts(browser, address)
        with visitor(browser, "telephone") as page:
            enter(page, address, ADVISER)
            save(page, "today-telephone")
            page.goto(f"{address}/console/callbacks/{claimed(page, address)}")
            save(page, "callback-telephone")


def items(browser: Browser, address: str) -> None:
    """Take the pictures of a message, a call back and a text that somebody works on."""
    with visitor(browser) as page:
        enter(page, address, ADVISER)
        open_first(page, address, "message")
        does(page, "I will do it")
        save(page, "message")
        open_first(page, address, "callback")
        does(page, "I will ring them")
        page.goto(page.url.partition("?")[0])
        save(page, "callback")
        open_first(page, address, "text")
        page.get_by_label("Answer").fill("Yes, it is the same form. You can send it by e-mail as well.")
        expect(page.locator("#length")).to_contain_text("text")
        save(page, "text")


def absence(browser: Browser, address: str) -> None:
    """Take the picture, on a telephone, of what an absence does, before it is saved."""
    with visitor(browser, "telephone") as page:
        enter(page, address, MANAGER)
        ask_for_an_absence(page, address, "2026-12-09")
        save(page, "rota-telephone")


def planned(browser: Browser, address: str) -> None:
    """Take the picture of other hours before they are saved."""
    with visitor(browser) as page:
        enter(page, address, MANAGER)
        page.goto(f"{address}/console/hours")
        page.get_by_text("Set other hours").click()
        page.get_by_label("From which day on").fill("2026-11-30")
        page.get_by_label("Tuesday").fill("09:00-19:00")
        page.locator("form[action$='/week'] button").click()
        save(page, "planned")


def caller(browser: Browser, address: str) -> None:
    """Take the pictures of a caller who is blocked, and of a letter to somebody."""
    with visitor(browser) as page:
        enter(page, address, MANAGER)
        look_up(page, address)
        save(page, "caller")
        page.goto(f"{address}/console/letter?deadline=2026-12-14")
        page.get_by_label("Name").fill("Jo Hill")
        page.get_by_label("Address").fill("1 High Street\nExeter\nEX1 1AA")
        does(page, "Show the letter, to print it")
        save(page, "letter")


def claimed(page: Page, address: str) -> str:
    """Return the id of the call back that the adviser of `items` has."""
    page.goto(f"{address}/console/waiting?kind=callback")
    page.locator("li", has_text="yours").get_by_role("link").first.click()
    return page.url.rpartition("/")[2]


def own_shifts(browser: Browser, address: str) -> None:
    """Take the picture of whether an adviser will be there, their test ring and their calendar, on a telephone."""
    with visitor(browser, "telephone") as page:
        enter(page, address, MANAGER)
        page.goto(f"{address}/console/rota")
        page.get_by_role("link", name="Jo Marsh").first.click()
        page.evaluate(f"document.querySelectorAll('main > p, main section:not(:has({OWN}))').forEach(n => n.remove())")
        save(page, "shifts-telephone")


def save(page: Page, name: str) -> None:
    """Save a picture of the page, as high as it is."""
    page.evaluate("document.activeElement.blur()")
    high = min(int(page.evaluate("document.documentElement.scrollHeight")), HIGHEST)
    size = page.viewport_size or {"width": 1366, "height": 768}
    clip = {"x": 0, "y": 0, "width": size["width"], "height": high}
    page.screenshot(path=PICTURES / f"console-{name}.png", clip=clip, full_page=True)  # type: ignore[arg-type]


if __name__ == "__main__":
    with TemporaryDirectory() as there:
        take(Path(there))
