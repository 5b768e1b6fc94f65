"""One caller on the staff pages: looked up by number, never shown or told more than was asked for."""

import json
import re
from datetime import date, timedelta

import pytest

from ivr.console.history import entry_shown
from ivr.demo.fill import fill
from ivr.engine.effects import ScheduleReminders
from ivr.loader import load
from ivr.staff import blocks as staff_blocks
from ivr.staff.accounts import Role
from ivr.store import audit, blocks, notes, opt_outs, rota, sms_inbox
from ivr.store.audit import By
from ivr.store.caller_history import HistoryEntry, HistoryKind
from ivr.store.item_kinds import ItemKind
from ivr.store.opt_outs import OptOutSource
from tests.console.crawl import crawl
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages
from tests.console.test_waiting_pages import callback, message, with_texts
from tests.store.fixtures import ADVISER, BODY, DAY, NOW, PARENT, enqueue_text, perform
from tests.store.test_talk_list import talked
from tests.store.test_waiting_list import text_in

WRITTEN, MASKED = "07700 900 123", "07··· ···123"
WHY = "Threatened Jo, twice."
LAST = "14/12/2026"


async def page_of(pages: StaffPages, number: str = "07700 900123", who: Role = Role.adviser) -> str:
    """Look a number up; return the address of the caller's page."""
    answer = await pages.post("/console/callers", {"number": number}, who)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def log(pages: StaffPages, most: int = 20) -> list[str]:
    async with pages.store.begin() as db:
        return [f"{one.who}: {one.what}" for one in await audit.read(db, most)]


@pytest.mark.parametrize("written", ["07700 900123", "+44 (0)7700 900-123", "0044 7700 900123", " (07700)900123 "])
async def test_a_caller_is_found_by_the_number_as_people_write_it(pages: StaffPages, written: str) -> None:
    await callback(pages)
    shown = text_of((await pages.get(await page_of(pages, written))).text)
    assert "Asked to be rung back" in shown and "waits to be rung back" in shown


@pytest.mark.parametrize("written", ["07700", "soon", "", "anonymous"])
async def test_what_is_no_number_is_told_so_and_stays_as_it_was_typed(pages: StaffPages, written: str) -> None:
    answer = await pages.post("/console/callers", {"number": written})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'value="{written}"' in answer.text


async def test_no_number_is_in_an_address_or_in_the_audit_log(pages: StaffPages) -> None:
    path = await page_of(pages)
    await pages.get(path)
    await pages.post(f"{path}/number")
    assert "900123" not in path and "7700" not in path
    assert await log(pages) == ["Ann: a caller: number seen", "Ann: a caller: looked up by number"]


async def test_the_page_is_of_whoever_looked_and_for_an_hour(pages: StaffPages) -> None:
    path = await page_of(pages)
    assert (await pages.get(path, Role.manager)).status_code == 409
    assert "Look the caller up again" in (await pages.get(path, Role.manager)).text
    pages.clock.now += timedelta(hours=1, seconds=1)
    assert (await pages.get(path)).status_code == 409
    assert (await pages.get("/console/callers/nothing")).status_code == 409


async def test_all_that_is_kept_of_a_caller_is_on_one_page_the_latest_first(pages: StaffPages) -> None:
    asked, left, came = await callback(pages), await message(pages), await text_in(pages.store, at=pages.clock())
    talk = await talked(pages.store)
    await enqueue_text(pages.store, at=pages.clock())
    reminder = ScheduleReminders(PARENT, "deadline", ((NOW + 9 * DAY, "Ring them by Monday."),))
    await perform(pages.store, reminder, "CA1 remind")
    async with pages.store.begin() as db:
        await notes.add(db, pages.store.cipher, ItemKind.callback, asked, PARENT, "Rings after six.", "Ben", NOW)
    page = (await pages.get(await page_of(pages))).text
    shown = text_of(page)
    for words in (BODY, "Ring them by Monday.", "Rings after six.", "Reminder to come", "Text from us", "Note"):
        assert words in shown, words
    for path in (f"callbacks/{asked}", f"messages/{left}", f"texts/{came}", f"talks/{talk}"):
        assert f'href="/console/{path}"' in page, path
    assert shown.index("Reminder to come") < shown.index("Rings after six.")


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        (HistoryEntry(HistoryKind.complaint, "c1", NOW), "/console/complaints/c1"),
        (HistoryEntry(HistoryKind.note, "n1", NOW, about=("complaint", "c1")), "/console/complaints/c1"),
        (HistoryEntry(HistoryKind.message, "m1", NOW, state="discarded"), ""),
        (HistoryEntry(HistoryKind.sent, "s1", NOW, state="delivered"), ""),
        (HistoryEntry(HistoryKind.reminder, "r1", NOW), ""),
    ],
)
def test_an_entry_leads_to_its_own_page_where_it_has_one(entry: HistoryEntry, path: str) -> None:
    assert entry_shown(entry).path == path


async def test_nothing_is_an_answer_too(pages: StaffPages) -> None:
    await callback(pages)
    shown = text_of((await pages.get(await page_of(pages, "07700 900456"))).text)
    assert "Nothing is kept of this number." in shown
    assert "Asked to be rung back" not in shown


async def test_an_advisers_own_number_is_said_to_be_theirs(pages: StaffPages) -> None:
    async with pages.store.begin() as db:
        await rota.add(db, pages.store.cipher, "Jo", ADVISER, By("Ada", NOW))
    assert "the number of Jo" in text_of((await pages.get(await page_of(pages, ADVISER))).text)


async def test_a_number_is_masked_until_a_click_that_the_audit_log_tells(pages: StaffPages) -> None:
    talk = await talked(pages.store)
    items = {
        "callback": f"/console/callbacks/{await callback(pages)}",
        "message": f"/console/messages/{await message(pages)}",
        "text": f"/console/texts/{await text_in(pages.store, at=pages.clock())}",
        "talk": f"/console/talks/{talk}",
    }
    for kind, path in items.items():
        before = await pages.get(path)
        assert MASKED in before.text and WRITTEN not in text_of(before.text), kind
        assert "900123" not in re.sub(r"\s", "", before.text), kind
        after = await pages.post(f"{path}/number")
        assert after.status_code == 200 and WRITTEN in text_of(after.text), kind
        assert (await log(pages, 1)) == [f"Ann: {kind} {path.rpartition('/')[2][:8]}: number seen"]
        assert WRITTEN not in text_of((await pages.get(path)).text), kind


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_no_page_that_is_only_looked_at_shows_a_whole_number(pages: StaffPages) -> None:
    flows = load().flows
    async for _ in fill(pages.store, flows, "v1", b"RIFF", calls=300, seed=3, last=pages.clock(), days=7):
        pass
    kinds = set[str]()
    async for path, answer in crawl(pages, Role.administrator, most=600):
        assert re.findall(r"\+?(?:44|0)7700900[1-9]\d\d", re.sub(r"[\s()-]", "", text_of(answer.text))) == [], path
        kinds.add(path.split("/")[2] if path.count("/") > 2 else "")
    assert kinds >= {"callbacks", "messages", "texts", "talks", "callers"}


async def test_a_withheld_number_is_said_to_be_withheld_and_leads_nowhere(pages: StaffPages) -> None:
    async with pages.store.begin() as db:
        await sms_inbox.receive(db, pages.store.cipher, "SM9", "HMRC", "Refund!", pages.clock())
    id = (await pages.get("/console/waiting")).text.partition("/console/texts/")[2].partition('"')[0]
    page = (await pages.get(f"/console/texts/{id}")).text
    assert "Show the number" not in page and "/console/callers/" not in page


async def test_every_item_leads_to_all_we_hold_of_its_caller(pages: StaffPages) -> None:
    page = (await pages.get(f"/console/callbacks/{await callback(pages)}")).text
    [path] = re.findall(r'href="(/console/callers/[^"]+)"', page)
    assert "Asked to be rung back" in text_of((await pages.get(path)).text)


async def test_texts_are_stopped_and_allowed_again_by_whoever_is_asked(pages: StaffPages) -> None:
    path = await page_of(pages)
    assert (await pages.post(f"{path}/opt-out")).status_code == 303
    assert "not texted" in text_of((await pages.get(path)).text)
    refused = await pages.post(f"{path}/opt-in")
    assert refused.status_code == 422 and "has asked to be texted again" in refused.text
    assert (await pages.post(f"{path}/opt-in", {"asked": "yes"})).status_code == 303
    assert "whenever they ask for it" in text_of((await pages.get(path)).text)
    assert {"Ann: opt-out: one set", "Ann: opt-out: one lifted"} <= set(await log(pages))


async def test_what_only_the_person_can_lift_is_said(pages: StaffPages) -> None:
    async with pages.store.begin() as db:
        await opt_outs.opt_out(db, pages.store.cipher.blind_index(PARENT), NOW, OptOutSource.provider)
    path = await page_of(pages)
    assert "until they text START" in text_of((await pages.get(path)).text)
    assert (await pages.post(f"{path}/opt-in", {"asked": "yes"})).status_code == 409


async def test_a_manager_exports_all_once_it_is_known_who_asks(pages: StaffPages) -> None:
    await callback(pages)
    path = await page_of(pages, who=Role.manager)
    refused = await pages.post(f"{path}/export", {"as": "file"}, Role.manager)
    assert refused.status_code == 422 and "Tick first" in refused.text
    told = await pages.post(f"{path}/export", {"as": "file", "known": "yes"}, Role.manager)
    disposition = told.headers["content-disposition"]
    assert disposition.startswith("attachment") and "900" not in disposition
    assert json.loads(told.text)["number"] == PARENT
    assert (await log(pages, 1)) == ["Max: all that is kept of a number: exported"]


async def test_the_person_can_be_given_a_page_in_words(pages: StaffPages) -> None:
    await callback(pages, deadline=date(2026, 12, 14))
    await message(pages)
    path = await page_of(pages, who=Role.manager)
    page = (await pages.post(f"{path}/export", {"as": "page", "known": "yes"}, Role.manager)).text
    shown = text_of(page)
    assert "What we hold of you" in shown and WRITTEN in shown
    assert "Mon 14 December 2026" in shown and "Messages you left" in shown
    assert "<nav" not in page


async def test_erasing_shows_how_much_asks_and_tells_what_is_left_at_the_provider(pages: StaffPages) -> None:
    await callback(pages)
    path = await page_of(pages, who=Role.manager)
    asked = text_of((await pages.get(f"{path}/erase", Role.manager)).text)
    assert "1 calls back they asked for" in asked or "1 call back they asked for" in asked
    assert (await pages.post(f"{path}/erase", {}, Role.manager)).status_code == 422
    done = text_of((await pages.post(f"{path}/erase", {"sure": "yes"}, Role.manager)).text)
    assert "Erased" in done and "still to delete" in done
    assert "Nothing is kept of this number." in text_of((await pages.get(path, Role.manager)).text)
    assert any("erased (1 of callbacks)" in one for one in await log(pages))


async def test_an_adviser_exports_erases_and_blocks_nobody(pages: StaffPages) -> None:
    path = await page_of(pages)
    page = (await pages.get(path)).text
    for action in ("export", "erase", "block"):
        assert f"{path}/{action}" not in page
        assert (await pages.post(f"{path}/{action}", {"sure": "yes", "known": "yes"})).status_code == 403


async def blocked(pages: StaffPages) -> list[blocks.Block]:
    async with pages.store.begin() as db:
        return await blocks.read(db, pages.store.cipher, pages.clock())


async def test_a_manager_blocks_a_caller_from_their_page_and_ends_it(pages: StaffPages) -> None:
    path = await page_of(pages, who=Role.manager)
    form = {"preset": "a week", "why": WHY}
    assert (await pages.post(f"{path}/block", form, Role.manager)).status_code == 303
    [block] = await blocked(pages)
    assert (block.number, block.why, staff_blocks.last_day(block)) == (PARENT, WHY, date(2026, 11, 30))
    shown = text_of((await pages.get(path, Role.manager)).text)
    assert WHY in shown and "Blocked until the end of Mon 30 November 2026" in shown
    assert (await pages.post(f"/console/blocks/{block.id}/end", {}, Role.manager)).status_code == 303
    assert await blocked(pages) == []


async def test_a_block_that_is_refused_is_shown_again_with_what_was_typed(pages: StaffPages) -> None:
    path = await page_of(pages, who=Role.manager)
    for form in ({"last_day": "soon", "why": WHY}, {"last_day": "14/12/2028", "why": WHY}, {"why": WHY}):
        answer = await pages.post(f"{path}/block", form, Role.manager)
        assert answer.status_code == 422
        assert WHY in answer.text
    assert await blocked(pages) == []


async def test_the_list_of_blocks_has_masked_numbers(pages: StaffPages) -> None:
    form = {"number": "07700 900123", "last_day": LAST, "why": WHY}
    assert (await pages.post("/console/blocks", form, Role.manager)).status_code == 303
    page = (await pages.get("/console/blocks", Role.manager)).text
    assert MASKED in page and "900123" not in page
    assert WHY in text_of(page)
    assert (await pages.get("/console/blocks")).status_code == 403


@pytest.mark.parametrize("number", ["anonymous", "07700", ADVISER])
async def test_who_cannot_be_blocked_is_said_why(pages: StaffPages, number: str) -> None:
    async with pages.store.begin() as db:
        await rota.add(db, pages.store.cipher, "Jo", ADVISER, By("Ada", NOW))
    answer = await pages.post("/console/blocks", {"number": number, "last_day": LAST, "why": WHY}, Role.manager)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text and WHY in answer.text
    assert await blocked(pages) == []


async def test_a_letter_has_what_was_chosen_and_is_kept_nowhere(pages: StaffPages) -> None:
    with_texts(pages)
    id = await callback(pages, deadline=date(2026, 12, 14))
    page = (await pages.get(f"/console/callbacks/{id}")).text
    [path] = re.findall(r'href="(/console/letter[^"]*)"', page)
    form = (await pages.get(path.replace("&amp;", "&"))).text
    assert "deadline_certificate" in form
    written = {
        "text deadline_certificate": "yes",
        "deadline": "2026-12-14",
        "of": f"callback {id[:8]}",
        "name": "Jo Hill",
        "address": "1 High Street\nExeter\nEX1 1AA",
        "large": "yes",
    }
    letter = await pages.post("/console/letter", written)
    shown = text_of(letter.text)
    assert letter.status_code == 200
    for words in (
        "Dear Jo Hill,",
        "1 High Street",
        "Monday 14 December 2026",
        "mediation certificate",
        "Global Mediation",
    ):
        assert words in shown, words
    assert "<nav" not in letter.text and 'class="large"' in letter.text
    assert (await log(pages, 1)) == [f"Ann: callback {id[:8]}: letter printed (deadline_certificate)"]


async def test_a_letter_without_anything_chosen_is_asked_for_again_with_what_was_typed(pages: StaffPages) -> None:
    answer = await pages.post("/console/letter", {"address": "1 High Street"})
    assert answer.status_code == 422
    assert "Choose what the letter is to tell" in answer.text and "1 High Street" in answer.text
    answer = await pages.get("/console/letter?deadline=soon")
    assert answer.status_code == 422 and 'value="soon"' in answer.text
