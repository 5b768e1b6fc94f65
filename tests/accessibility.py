"""Finds who is kept out of a page, by WCAG 2.2 AA and the best practices that axe-core knows."""

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Tags of axe-core's rules."""
OF_COLOURS = ["color-contrast"]
"""The rules that look at colours; the others find the same in every colour scheme."""


def violations(page: Page, rules: list[str] = EVERY_RULE) -> list[str]:
    """Return what keeps somebody out: the rule, and the element.

    A page whose styles are still on their way is not yet the one that anybody sees; and what is scrolled half beneath
    something that stays in view is not too small a target.
    """
    page.wait_for_load_state("load")
    page.evaluate("scrollTo(0, 0)")
    axe = Axe("" if page.evaluate("'axe' in window") else AXE_SCRIPT)  # half a megabyte, once for each page
    found = axe.run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
    assert found["passes"], "the audit itself did not run"
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


def violations_by_scheme(page: Page) -> dict[str, list[str]]:
    """Return what keeps somebody out by daylight, and by the colours of the dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    by_day = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return {"light": by_day, "dark": violations(page, OF_COLOURS)}
