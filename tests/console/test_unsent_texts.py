"""Managers see which texts could not be sent, and why, and have one sent again."""

import re

from ivr.staff.accounts import Role
from ivr.store import opt_outs, sms_results
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages
from tests.store.fixtures import PARENT, claim_texts, enqueue_text, states

REASON = "the number is not in use"


async def unsent(pages: StaffPages) -> str:
    await enqueue_text(pages.store, "key")
    [text] = await claim_texts(pages.store)
    async with pages.store.begin() as db:
        await sms_results.failed(db, text.id, REASON, pages.clock())
    return text.id


async def test_a_manager_sees_the_reason_and_has_it_sent_again(pages: StaffPages) -> None:
    id = await unsent(pages)
    assert "1 text could not be sent" in text_of((await pages.get("/console", Role.manager)).text)
    assert REASON in (await pages.get("/console/unsent", Role.manager)).text
    answer = await pages.post(f"/console/unsent/{id}/retry", who=Role.manager)
    assert answer.headers["location"] == "/console/unsent?news=text_again"
    assert await states(pages.store) == {"waiting": 1}
    assert "None." in text_of((await pages.get("/console/unsent", Role.manager)).text)


async def test_whoever_said_stop_is_not_texted_again(pages: StaffPages) -> None:
    id = await unsent(pages)
    async with pages.store.begin() as db:
        await opt_outs.opt_out(db, pages.store.cipher.blind_index(PARENT), pages.clock())
    answer = await pages.post(f"/console/unsent/{id}/retry", who=Role.manager)
    assert answer.status_code == 409 and "said STOP" in answer.text
    assert await states(pages.store) == {"failed": 1}


async def test_no_number_is_shown_there(pages: StaffPages) -> None:
    await unsent(pages)
    page = (await pages.get("/console/unsent", Role.manager)).text
    assert PARENT not in page and PARENT[3:] not in page.replace(" ", "")


async def test_each_leads_to_all_we_hold_of_its_caller(pages: StaffPages) -> None:
    await unsent(pages)
    page = (await pages.get("/console/unsent", Role.manager)).text
    [path] = re.findall(r'href="(/console/callers/[^"]+)"', page)
    assert "not sent" in text_of((await pages.get(path, Role.manager)).text)
