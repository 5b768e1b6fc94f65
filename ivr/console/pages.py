"""The whole route table of the staff pages, and who may see what."""

from ivr.console import today
from ivr.console.page import Page

PAGES: tuple[Page, ...] = (*today.PAGES,)
