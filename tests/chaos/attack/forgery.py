"""What another site makes a browser send, what is written into fields, and other people's ids."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Select, func, select

from ivr.console.pages import PAGES
from ivr.console.security_headers import POLICY
from ivr.staff.accounts import Role
from ivr.store.tables import accounts, audit_log, callbacks, hunts, sms_inbox, staff_sessions, voicemails
from tests.chaos.attack.attack import Tally
from tests.console.crawl import crawl
from tests.console.marked_fields import mark_everything
from tests.console.staff_pages import StaffPages

FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
    {"Sec-Fetch-Site": "", "Origin": "https://helpline.example.evil.example"},
    {"Sec-Fetch-Site": "", "Origin": ""},
)
"""What a browser tells of a form of another site, or an old one does not."""


async def forging_a_form(pages: StaffPages) -> Tally:
    """Every form of ours is sent by another site, in the browser of an administrator who is signed in; a success is
    any answer but a refusal, or an entry in the audit log."""
    tally, before = Tally(), await _count(pages, select(func.count()).select_from(audit_log))
    for page in PAGES:
        if page.method == "POST":
            for headers in FOREIGN:
                path = page.path.replace("{id}", str(uuid4()))
                answer = await pages.post(path, {}, Role.administrator, **headers)
                tally.count(f"{path} {headers}", succeeded=answer.status_code != 403)
    after = await _count(pages, select(func.count()).select_from(audit_log))
    tally.count("something was changed", succeeded=after != before)
    return tally


async def writing_markup_into_fields(pages: StaffPages) -> Tally:
    """Markup is written into every field of every table in which words can stand, and every page is looked at; a
    success is one of them as markup, or a page without the policy that forbids scripts."""
    tally = Tally()
    await mark_everything(pages)
    async for path, answer in crawl(pages, Role.administrator):
        is_markup = "<b id=" in answer.text
        tally.count(path, succeeded=is_markup or answer.headers["content-security-policy"] != POLICY)
    return tally


async def using_ids_of_others(pages: StaffPages) -> Tally:
    """An adviser asks for every page with ids of every other kind of thing, and for what only managers and
    administrators may; a success is an answer with something of it, or a change."""
    tally = Tally()
    await mark_everything(pages)
    ids = await _ids(pages)
    before = await _count(pages, select(func.count()).select_from(accounts).where(accounts.c.state == "active"))
    for page in PAGES:
        if page.least is None or "{id}" not in page.path:
            continue
        kind = page.path.split("/")[2]
        for other, id in ids.items():
            if other == kind and page.least is Role.adviser:
                continue  # that is what it is for
            sends = pages.get if page.method == "GET" else pages.post
            answer = await sends(page.path.replace("{id}", id), who=Role.adviser)
            tally.count(f"{page.path} with an id of {other}", succeeded=answer.status_code not in (403, 404, 405))
    after = await _count(pages, select(func.count()).select_from(accounts).where(accounts.c.state == "active"))
    tally.count("an account was changed", succeeded=after != before)
    return tally


async def _ids(pages: StaffPages) -> dict[str, str]:
    """Return the id of one thing of each kind, by the word for it in addresses."""
    tables = {"callbacks": callbacks, "messages": voicemails, "texts": sms_inbox, "talks": hunts, "people": accounts}
    async with pages.store.read() as db:
        found = {name: str(await db.scalar(select(table.c.id).limit(1))) for name, table in tables.items()}
        session = await db.scalar(select(staff_sessions.c.id).where(staff_sessions.c.account == "Ada"))
    return found | {"sessions": bytes(session or b"").hex()[:16], "nothing": str(uuid4())}


async def _count(pages: StaffPages, query: "Select[Any]") -> int:
    async with pages.store.read() as db:
        return await db.scalar(query) or 0
