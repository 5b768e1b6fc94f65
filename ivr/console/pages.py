"""The whole route table of the staff pages, and who may see what."""

from ivr.console import dev_entry, today
from ivr.console.page import Page

PAGES: tuple[Page, ...] = (*today.PAGES, *dev_entry.PAGES)
