"""The whole route table of the staff pages, and who may see what."""

from ivr.console import audit, dev_entry, links, me, people, sign_in, today
from ivr.console.page import Page

PAGES: tuple[Page, ...] = (
    *today.PAGES,
    *sign_in.PAGES,
    *links.PAGES,
    *me.PAGES,
    *people.PAGES,
    *audit.PAGES,
    *dev_entry.PAGES,
)
