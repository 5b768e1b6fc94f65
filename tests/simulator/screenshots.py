"""Takes the pictures of the telephone in the browser that the first page shows: `make pictures`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect

from tests.simulator.browsing import ROOT, AtThePhone, chromium, content_in, serving

PICTURES = ROOT / "docs/pictures"


def take(folder: Path) -> None:
    """On a desk, while an adviser is asked; on a phone, while the last day is told."""
    with chromium() as browser, serving(content_in(folder)) as address:
        with browser.new_context(viewport={"width": 1280, "height": 840}, locale="en-GB") as context:
            phone = to_the_deadline(AtThePhone(context.new_page(), address))
            phone.presses("0").does("Adviser", "Pick up")
            expect(phone.telephone("Adviser")).to_contain_text("Their last day to appeal")
            saves(phone.page, "desk.png")
        narrow = {"width": 390, "height": 844}
        with browser.new_context(viewport=narrow, locale="en-GB", color_scheme="dark") as context:  # type: ignore[arg-type]
            saves(to_the_deadline(AtThePhone(context.new_page(), address)).page, "pocket.png")


def to_the_deadline(phone: AtThePhone) -> AtThePhone:
    """A parent keys in the date of a letter."""
    phone.rings()
    for keys in ("1", "1", "14102026", "1", "2"):
        phone.presses(keys)
    return phone.hears("First you need a mediation certificate")


def saves(page: Page, name: str) -> None:
    """As the screen shows it, without the mouse on anything."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=PICTURES / name)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        take(Path(folder))
