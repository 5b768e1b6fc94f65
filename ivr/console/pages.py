"""The whole route table of the staff pages, and who may see what."""

from ivr.console import (
    app_for_codes,
    audit,
    callbacks,
    dev_entry,
    links,
    me,
    messages,
    passkeys,
    people,
    sign_in,
    speech,
    talks,
    texts,
    today,
    unsent_texts,
    waiting,
)
from ivr.console.page import Page

PAGES: tuple[Page, ...] = (
    *today.PAGES,
    *waiting.PAGES,
    *messages.PAGES,
    *callbacks.PAGES,
    *texts.PAGES,
    *talks.PAGES,
    *speech.PAGES,
    *sign_in.PAGES,
    *links.PAGES,
    *me.PAGES,
    *passkeys.PAGES,
    *app_for_codes.PAGES,
    *people.PAGES,
    *unsent_texts.PAGES,
    *audit.PAGES,
    *dev_entry.PAGES,
)
