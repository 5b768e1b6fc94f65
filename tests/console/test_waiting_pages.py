"""What waits for staff: the lists, one message, one caller, one text, and what is finished."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

import httpx2
import pytest

from ivr.console.app import build
from ivr.console.ringing import Ringing
from ivr.helpline.text_destinations import TextDestinations
from ivr.staff.accounts import Role
from ivr.staff.adviser_line import AdviserLine
from ivr.staff.outgoing_texts import Texting
from ivr.store import (
    audit,
    callback_attempts,
    callback_list,
    legs,
    rota,
    sms_inbox,
    sms_results,
    voicemail_audio,
    voicemail_list,
)
from ivr.store.audit import By
from ivr.store.voicemail_audio import PendingRecording
from ivr.tokens import CallStateTokens
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages
from tests.fake_provider import FakeProvider
from tests.store.fixtures import (
    ADVISER,
    MINUTE,
    NO_QUOTAS,
    OTHER,
    PARENT,
    callback_items,
    claim_texts,
    request_callback,
)
from tests.store.test_talk_list import talked
from tests.store.test_waiting_list import text_in
from tests.store.voicemail_driver import RECORDING, Caller
from tests.web.webhooks import SETTINGS, SHOWN, URL

SOUND = b"RIFF" + bytes(range(100))
NASTY = "<script>alert(1)</script>"
DAY = timedelta(days=1)


def with_texts(pages: StaffPages) -> None:
    """Let the pages send texts."""
    services = replace(pages.services, texting=Texting(TextDestinations(), NO_QUOTAS), number="01632 960000")
    pages.app = build(services)


async def callback(pages: StaffPages, deadline: date | None = None, number: str = PARENT) -> str:
    """Put a caller on the list; return the id."""
    await request_callback(pages.store, f"key {number}", number, deadline=deadline, at=pages.clock())
    return next(item.id for item in await callback_items(pages.store, pages.clock()) if item.number == number)


async def message(pages: StaffPages) -> str:
    """Leave a message that can be heard; return its id."""
    caller = Caller(pages.store, now=pages.clock())
    id = await caller.leave()
    await caller.submit(id)
    async with pages.store.begin() as db:
        await voicemail_audio.save(db, pages.store.cipher, PendingRecording(id, RECORDING, 1), SOUND)
    return id


async def entries(pages: StaffPages) -> list[str]:
    """Return what is in the audit log, the oldest first."""
    async with pages.store.begin() as db:
        return [entry.what for entry in reversed(await audit.read(db, 99))]


async def words(pages: StaffPages, path: str, who: Role = Role.adviser) -> str:
    answer = await pages.get(path, who)
    assert answer.status_code == 200, answer.text
    return text_of(answer.text)


async def does(pages: StaffPages, path: str, who: Role = Role.adviser, **form: str) -> httpx2.Response:
    """Send a form."""
    return await pages.post(path, form, who)


# The lists.


async def test_what_waits_is_listed_by_the_legal_date_without_a_number(pages: StaffPages) -> None:
    today = pages.clock().date()
    await callback(pages, today + 60 * DAY)
    await callback(pages, today + 2 * DAY, OTHER)
    await text_in(pages.store, at=pages.clock())
    page = await pages.get("/console/waiting")
    found = text_of(page.text)
    assert "3 waiting: 2 to ring back, 0 messages, 1 text" in found
    assert found.index(f"{today + 2 * DAY:%B}"[:3]) < found.index("Text since")
    assert "77009" not in page.text.replace(" ", "")
    assert "hx-get" in page.text


async def test_the_list_shows_one_kind_and_stays_with_it_when_it_updates(pages: StaffPages) -> None:
    await callback(pages)
    await text_in(pages.store, at=pages.clock())
    page = (await pages.get("/console/waiting?kind=text")).text
    assert "Ring back" not in page
    where = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert (await pages.get(where)).status_code == 204
    await text_in(pages.store, OTHER, pages.clock())
    again = await pages.get(where)
    assert (again.status_code, "Ring back" in again.text, again.text.count("/console/texts/")) == (200, False, 2)


async def test_a_long_list_has_pages(pages: StaffPages) -> None:
    for n in range(51):
        await text_in(pages.store, f"+4477009000{n:02}", pages.clock() + n * MINUTE)
    page = (await pages.get("/console/waiting?kind=text")).text
    assert 'href="/console/waiting?kind=text&amp;page=2"' in page
    second = (await pages.get("/console/waiting?kind=text&page=2")).text
    assert second.count("/console/texts/") == 1


async def test_what_is_finished_is_found_by_a_number_that_stands_in_no_address(pages: StaffPages) -> None:
    id = await callback(pages)
    await does(pages, f"/console/callbacks/{id}/done")
    assert "by Ann" in await words(pages, "/console/finished")
    found = await does(pages, "/console/finished", wanted="07700 900 123")
    assert f"/console/callbacks/{id}" in found.text
    nothing = await does(pages, "/console/finished", wanted=NASTY)
    assert "Nothing was found" in text_of(nothing.text) and NASTY not in nothing.text
    assert (await entries(pages))[-1] == "finished items: searched"


# One message.


async def test_a_message_is_heard_in_pieces_and_that_is_written_down_once(pages: StaffPages) -> None:
    id = await message(pages)
    page = await pages.get(f"/console/messages/{id}")
    assert f'<audio controls preload="none" src="/console/messages/{id}/sound"' in page.text
    assert "07··· ···123" in text_of(page.text)
    path = f"/console/messages/{id}/sound"
    whole, piece, end = [await pages.get(path, Range=asked) for asked in ("", "bytes=4-13", "bytes=100-")]
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, SOUND, "audio/wav")
    assert (piece.status_code, piece.content) == (206, SOUND[4:14])
    assert piece.headers["content-range"] == f"bytes 4-13/{len(SOUND)}"
    assert (end.status_code, end.content) == (206, SOUND[100:])
    assert (await pages.get(path, Range="bytes=900-")).status_code == 416
    assert whole.headers["cache-control"] == "no-store"
    assert await entries(pages) == [f"message {id[:8]}: seen", f"message {id[:8]}: played"]


async def test_a_message_goes_from_waiting_to_done_and_back(pages: StaffPages) -> None:
    id = await message(pages)
    path = f"/console/messages/{id}"
    claimed = await does(pages, f"{path}/claim")
    assert (claimed.status_code, claimed.headers["location"]) == (303, f"{path}?news=claim")
    assert "It is yours for two hours." in await words(pages, f"{path}?news=claim")
    assert "Ann has it" in await words(pages, path, Role.manager)
    refused = await does(pages, f"{path}/done", Role.manager)
    assert refused.status_code == 409 and "Ann has claimed it." in text_of(refused.text)
    await does(pages, f"{path}/done")
    assert "Done by Ann" in await words(pages, path)
    assert (await does(pages, f"{path}/undo", Role.manager)).status_code == 303
    async with pages.store.begin() as db:
        [again] = await voicemail_list.read(db, pages.store.cipher)
    assert again.by is None


async def test_an_adviser_undoes_what_they_did_and_a_manager_what_others_did(pages: StaffPages) -> None:
    path = f"/console/messages/{await message(pages)}"
    await does(pages, f"{path}/done", Role.manager)
    assert "It is not done after all" not in await words(pages, path)
    refused = await does(pages, f"{path}/undo")
    assert refused.status_code == 409 and "Max finished it" in text_of(refused.text)
    assert (await does(pages, f"{path}/undo", Role.manager)).status_code == 303


async def test_a_note_is_shown_as_it_was_written_and_runs_nothing(pages: StaffPages) -> None:
    path = f"/console/messages/{await message(pages)}"
    await does(pages, f"{path}/note", note=NASTY)
    page = await pages.get(path)
    assert NASTY not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    long = await does(pages, f"{path}/note", note="word " * 500)
    assert long.status_code == 409
    assert "shorten it" in long.text and "word word word" in long.text  # what was written is still there


# One caller.


async def test_before_ringing_it_says_when_that_is_safe_and_whether_a_message_may_be_left(pages: StaffPages) -> None:
    id = await callback(pages)
    found = await words(pages, f"/console/callbacks/{id}")
    assert "Safe to ring in the morning Voicemail not asked: leave none" in found
    assert "07··· ···123" in found
    assert (await entries(pages))[-1] == f"callback {id[:8]}: seen"


async def test_a_caller_is_claimed_tried_given_up_and_put_back(pages: StaffPages) -> None:
    path = f"/console/callbacks/{await callback(pages)}"
    done: list[tuple[str, dict[str, str]]] = [
        ("claim", {}),
        ("attempt", {"how": "no answer"}),
        ("remind", {"at": "23:30"}),
    ]
    for action, form in done:
        answer = await pages.post(f"{path}/{action}", form)
        assert answer.status_code == 303, text_of(answer.text)
    found = await words(pages, path)
    assert "On top of your list from" in found and "no answer Ann" in found
    assert (await does(pages, f"{path}/done", Role.manager)).status_code == 409
    await does(pages, f"{path}/gave-up")
    assert "Given up by Ann" in await words(pages, path)
    await does(pages, f"{path}/undo")
    assert "Nobody has them yet" in await words(pages, path)


@pytest.mark.parametrize(
    ("action", "form", "told"),
    [
        ("remind", {"at": "noon"}, "Write a time such as 15:00."),
        ("attempt", {"how": " "}, "Say in a few words how it went"),
        ("ring", {"telephone": "another", "number": ""}, "Nobody can be rung from here"),
        ("send", {"text": "school"}, "Ask the caller first"),
        ("note", {"note": ""}, "The note is empty"),
    ],
)
async def test_what_cannot_be_done_is_told_on_the_page_itself(
    pages: StaffPages, action: str, form: dict[str, str], told: str
) -> None:
    answer = await pages.post(f"/console/callbacks/{await callback(pages)}/{action}", form)
    assert answer.status_code == 409
    assert told in text_of(answer.text)


@asynccontextmanager
async def ringing(pages: StaffPages, fake: FakeProvider) -> AsyncIterator[Ringing]:
    """Let the pages ring advisers, through a provider that is none."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    async with fake.client() as provider:

        @asynccontextmanager
        async def open_line() -> AsyncIterator[AdviserLine]:
            tokens = CallStateTokens(*SETTINGS.secrets, clock=pages.clock)
            yield AdviserLine(pages.store, provider, tokens, URL, SHOWN, pages.clock, 9.0, sleep)

        made = Ringing(open_line, pages.services.content().flows.step_of_kind)
        pages.app = build(replace(pages.services, ringing=made))
        yield made


async def test_both_ends_are_rung_from_the_page_and_it_tells_how_that_goes(pages: StaffPages) -> None:
    id = await callback(pages)
    path, fake = f"/console/callbacks/{id}", FakeProvider()
    async with pages.store.begin() as db:
        await rota.add(db, pages.store.cipher, "Ann Marsh", ADVISER, By("Sam", pages.clock()))
    async with ringing(pages, fake) as made:
        answer = await does(pages, f"{path}/ring", telephone="Ann Marsh")
        assert answer.headers["location"] == f"{path}?news=ringing"
        await made.finish()
    assert [call.fields["To"] for call in fake.calls] == [ADVISER]
    assert "They are yours" in await words(pages, path)  # by the account, whatever the rota calls its telephone
    for status, told in (
        ("ringing", "Your telephone is ringing"),
        ("in-progress", "press 1 there"),
        ("no-answer", "was not picked up"),
    ):
        async with pages.store.begin() as db:
            [leg] = await legs.live(db)
            await legs.record_status(db, leg.id, str(leg.sid), status, pages.clock())
        assert told in text_of((await pages.get(f"{path}/live")).text)


async def test_who_has_pressed_1_is_not_told_to_press_it(pages: StaffPages) -> None:
    id = await callback(pages)
    async with pages.store.begin() as db:
        await callback_attempts.add(db, id, "Ben", callback_attempts.RINGING, pages.clock() - timedelta(hours=1))
        await legs.add(db, "leg", None, b"somebody", pages.clock(), id)
        await legs.record_status(db, "leg", "CA1", "in-progress", pages.clock())
    assert "press 1 there" in text_of((await pages.get(f"/console/callbacks/{id}/live")).text)
    async with pages.store.begin() as db:
        await callback_attempts.add(db, id, "Ann", callback_attempts.RINGING, pages.clock())
    assert "They are being rung, or you are connected" in text_of(
        (await pages.get(f"/console/callbacks/{id}/live")).text
    )
    async with pages.store.begin() as db:
        await callback_attempts.finish(db, id, "answered, 9 s")
    assert "That call is over" in text_of((await pages.get(f"/console/callbacks/{id}/live")).text)


async def test_a_telephone_that_is_none_is_refused_before_anybody_is_rung(pages: StaffPages) -> None:
    id, fake = await callback(pages), FakeProvider()
    async with ringing(pages, fake) as made:
        answer = await does(pages, f"/console/callbacks/{id}/ring", telephone="another", number="12")
        await made.finish()
    assert answer.status_code == 409 and "“12” is not on the rota" in text_of(answer.text)
    assert 'value="12"' in answer.text
    assert fake.calls == []
    [item] = await callback_items(pages.store, pages.clock())
    assert item.by is None


async def test_a_part_that_updates_tells_nothing_of_who_they_are_and_is_no_look_at_them(pages: StaffPages) -> None:
    id = await callback(pages)
    answer = await pages.get(f"/console/callbacks/{id}/live")
    assert "7700" not in answer.text
    assert await entries(pages) == []


# One text.


async def test_a_text_is_read_and_answered_and_the_page_tells_what_became_of_the_answer(pages: StaffPages) -> None:
    with_texts(pages)
    id = await text_in(pages.store, at=pages.clock())
    path = f"/console/texts/{id}"
    assert "ask the school for a meeting" in await words(pages, path)
    assert (await entries(pages))[-1] == f"text {id[:8]}: read"
    answer = await does(pages, f"{path}/answer", words="We will ring you.\r\nToday.")
    assert answer.headers["location"] == f"{path}?news=answer"
    assert "Our answer waits to be sent" in await words(pages, path)
    [text] = await claim_texts(pages.store, pages.clock())
    assert (text.body, text.to) == ("We will ring you.\nToday.", PARENT)
    async with pages.store.begin() as db:
        await sms_results.failed(db, text.id, "their phone is off", pages.clock())
    assert "Our answer not sent: their phone is off" in await words(pages, path)


async def test_an_answer_that_is_refused_is_still_there_to_be_shortened(pages: StaffPages) -> None:
    with_texts(pages)
    path = f"/console/texts/{await text_in(pages.store, at=pages.clock())}"
    long = "A long answer. " * 40
    refused = await does(pages, f"{path}/answer", words=long)
    assert refused.status_code == 409
    assert "may be 3: shorten it" in refused.text and long.strip() in refused.text
    assert "too long, 3 are the most" in text_of(refused.text)
    told = await does(pages, "/console/text-length", words="Yes.")
    assert told.text == "156 characters left of 1 text"


async def test_a_text_that_was_a_picture_says_so(pages: StaffPages) -> None:
    async with pages.store.begin() as db:
        await sms_inbox.receive(db, pages.store.cipher, "SM1", PARENT, "", pages.clock(), media=1)
        [text] = await sms_inbox.read(db, pages.store.cipher, 1)
    assert "a picture, which we cannot see" in await words(pages, f"/console/texts/{text.id}")


# Talks.


async def test_after_a_call_back_a_text_goes_with_consent_and_the_page_tells_what_became_of_it(
    pages: StaffPages,
) -> None:
    with_texts(pages)
    id = await callback(pages, pages.clock().date() + 60 * DAY)
    path = f"/console/callbacks/{id}"
    async with pages.store.begin() as db:
        await callback_list.settle(db, id, "Ann", pages.clock(), reached=True)
    found = await words(pages, path)
    assert "Their last day to appeal, without a mediation certificate" in found
    answer = await does(pages, f"{path}/send", text="school", consent="yes")
    assert answer.headers["location"] == f"{path}?news=send"
    assert "waits to be sent" in await words(pages, path)
    [text] = await claim_texts(pages.store, pages.clock())
    assert (text.to, text.topic) == (PARENT, "school")
    assert (await entries(pages))[-2] == f"callback {id[:8]}: text “school” sent, with consent"


async def test_talks_tell_who_did_not_pick_up_and_lead_to_the_text_for_the_caller(pages: StaffPages) -> None:
    with_texts(pages)
    id = await talked(pages.store)
    found = await words(pages, "/console/talks")
    assert "talked for 2 min 0 s" in found
    assert "Did not pick up:" in found and "(unanswered)" in found
    assert "07700" not in found
    path = f"/console/talks/{id}"
    assert "07··· ···123" in await words(pages, path)
    refused = await does(pages, f"{path}/send", text="general")
    assert refused.status_code == 409 and "Ask the caller first" in text_of(refused.text)
    assert 'value="general" required checked' in refused.text
    assert (await does(pages, f"{path}/send", text="general", consent="yes")).status_code == 303
    await does(pages, f"{path}/note", note="She will send us the letter.")
    assert "She will send us the letter." in await words(pages, path)
    written = [entry for entry in await entries(pages) if not entry.endswith(": seen")]
    assert written == [f"talk {id[:8]}: text “general” sent, with consent", f"talk {id[:8]}: note added"]


async def test_a_caller_who_withheld_their_number_is_offered_no_text(pages: StaffPages) -> None:
    id = await talked(pages.store, "anonymous")
    assert "Their number was withheld, so no text can be sent." in await words(pages, f"/console/talks/{id}")
