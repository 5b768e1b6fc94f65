"""Complaints about data on the staff pages: an adviser takes one down, a manager acknowledges and closes it."""

from datetime import timedelta

import pytest

from ivr.helpline.data_complaints import TOPIC, Channel
from ivr.staff.accounts import Role
from ivr.staff.complaint_words import Written
from ivr.staff.data_complaints import take_down
from ivr.staff.working import SAW_NUMBER
from ivr.store import data_complaints
from ivr.store.audit import By
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages
from tests.console.test_waiting_pages import NASTY, does, entries, message, with_texts, words
from tests.store.fixtures import PARENT, claim_texts
from tests.store.test_waiting_list import text_in
from tests.store.voicemail_driver import Caller

LIST = "/console/complaints"
SAID = "You told the school that I rang."
CLOSING = {"outcome": "upheld", "answer": "We are sorry.", "told_by": "letter"}


async def complaint(pages: StaffPages, days_ago: int = 0, number: str = PARENT) -> str:
    """Take one down; return the path of its page."""
    by, received = By("Ann", pages.clock()), pages.clock().date() - timedelta(days=days_ago)
    async with pages.store.begin() as db:
        written = Written(SAID, "Jo Hill", number)
        made = await take_down(db, pages.store.cipher, written, Channel.telephone, received, by)
    return f"{LIST}/{made.id}"


async def test_one_is_taken_down_while_listening_with_the_words_and_the_day_alone(pages: StaffPages) -> None:
    today = pages.clock().date()
    assert f'value="{today}"' in (await pages.get(f"{LIST}/new")).text
    answer = await does(pages, LIST, body=SAID, channel="telephone", received=today.isoformat())
    assert answer.status_code == 303 and answer.headers["location"].endswith("?news=complaint_taken")
    found = await words(pages, answer.headers["location"])
    assert SAID in found and "It is taken down." in found and "A manager confirms, answers and closes it" in found
    last_day = today + timedelta(days=29)
    listed = await words(pages, LIST)
    assert f"confirm by {last_day:%a} {last_day.day} {last_day:%B}" in listed
    assert "Jo Hill" not in listed and SAID not in listed


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"body": " "}, "body", "Write what they complain of"),
        ({"number": "12"}, "number", "Write a telephone number"),
        ({"received": "soon"}, "received", "Write a day such as"),
        ({"received": "2999-01-01"}, "received", "still to come"),
        ({"channel": "owl"}, "channel", "Choose how it came"),
    ],
)
async def test_what_cannot_be_taken_is_told_beside_its_field_and_nothing_written_is_lost(
    pages: StaffPages, changed: dict[str, str], field: str, told: str
) -> None:
    form = {"body": SAID, "name": "Jo Hill", "channel": "letter", "received": "23/11/2026"}
    answer = await pages.post(LIST, form | changed)
    assert answer.status_code == 422
    assert told in answer.text.split(f'id="wrong-{field}"')[1][:200]
    assert 'value="Jo Hill"' in answer.text and ("body" in changed or SAID in answer.text)
    async with pages.store.begin() as db:
        assert await data_complaints.read(db, pages.store.cipher) == []


async def test_it_is_acknowledged_by_a_text_that_names_the_day_and_the_page_tells_what_became_of_it(
    pages: StaffPages,
) -> None:
    with_texts(pages)
    path = await complaint(pages)
    assert "We received your complaint about your data on" in await words(pages, path, Role.manager)
    answer = await pages.post(f"{path}/text", {}, Role.manager)
    assert answer.headers["location"] == f"{path}?news=complaint_text"
    [text] = await claim_texts(pages.store, pages.clock())
    assert (text.to, "01632 960000" in text.body) == (PARENT, True)
    found = await words(pages, path, Role.manager)
    assert "Confirmed by text" in found and "The text: is being sent" in found


async def test_without_a_number_no_text_is_offered_and_none_is_sent(pages: StaffPages) -> None:
    with_texts(pages)
    path = await complaint(pages, number="")
    assert "We have no telephone number of theirs" in await words(pages, path, Role.manager)
    assert (await pages.post(f"{path}/text", {}, Role.manager)).status_code == 409


async def test_it_is_acknowledged_closed_and_opened_again(pages: StaffPages) -> None:
    path, today = await complaint(pages, days_ago=3), pages.clock().date()
    for action, form in (
        ("acknowledge", {"how": "telephone", "day": today.isoformat()}),
        ("note", {"note": "Asked the school what it was told."}),
        ("close", CLOSING),
    ):
        answer = await pages.post(f"{path}/{action}", form, Role.manager)
        assert answer.status_code == 303, text_of(answer.text)
    found = await words(pages, path, Role.manager)
    assert "Upheld: they were right We are sorry." in found and "Asked the school" in found
    assert path not in (await pages.get(LIST)).text
    assert path in (await pages.get(f"{LIST}?all=yes")).text
    await pages.post(f"{path}/reopen", {"why": "They rang again."}, Role.manager)
    again = await words(pages, path, Role.manager)
    assert "Opened again: They rang again." in again and "Answer and close it" in again


@pytest.mark.parametrize(
    ("action", "form", "told"),
    [
        ("close", CLOSING | {"outcome": ""}, "nothing is closed without an outcome"),
        ("close", CLOSING | {"answer": " "}, "nothing is closed without an answer"),
        ("close", CLOSING | {"told_by": "owl"}, "Choose how they were told."),
        ("acknowledge", {"how": "letter", "day": "2999-01-01"}, "That day is still to come."),
        ("acknowledge", {"how": "letter", "day": "1/1/2026"}, "that day is before."),
        ("acknowledge", {"how": "", "day": "2026-11-23"}, "Choose how they were told."),
        ("amend", {"body": "", "name": "Jo Hill"}, "Write what they complain of"),
        ("reopen", {"why": "Again."}, "It is open already."),
        ("note", {"note": ""}, "The note is empty"),
    ],
)
async def test_what_cannot_be_done_is_told_on_the_page_with_what_was_written(
    pages: StaffPages, action: str, form: dict[str, str], told: str
) -> None:
    path = await complaint(pages)
    answer = await pages.post(f"{path}/{action}", form, Role.manager)
    assert answer.status_code in (409, 422)
    assert told in text_of(answer.text)
    assert all(value in answer.text for name, value in form.items() if name in ("answer", "name") and value.strip())
    async with pages.store.begin() as db:
        [found] = await data_complaints.read(db, pages.store.cipher)
    assert (found.is_open, found.acknowledged) == (True, None)


async def test_an_adviser_looks_and_notes_and_does_not_close(pages: StaffPages) -> None:
    path = await complaint(pages)
    found = await pages.get(path)
    assert f"{path}/close" not in found.text and f"{path}/letter" not in found.text
    assert (await pages.post(f"{path}/close", CLOSING)).status_code == 403
    await pages.post(f"{path}/amend", {"body": NASTY, "name": "Jo Hill", "contact": "4 Mill Lane"})
    now = await pages.get(path)
    assert NASTY not in now.text and "4 Mill Lane" in now.text
    assert (await entries(pages))[-1] == f"complaint {path[-36:][:8]}: seen"


async def test_a_spoken_one_is_heard_on_its_page_and_waits_in_the_list(pages: StaffPages) -> None:
    caller = Caller(pages.store, now=pages.clock(), topic=TOPIC)
    await caller.submit(id := await caller.leave())
    async with pages.store.begin() as db:
        [made] = await data_complaints.read(db, pages.store.cipher)
    waiting = await pages.get("/console/waiting")
    assert f'href="{LIST}/{made.id}"' in waiting.text and f"/console/messages/{id}" not in waiting.text
    assert "1 complaint about data" in text_of(waiting.text) and "confirm by" in text_of(waiting.text)
    assert f'src="/console/messages/{id}/sound"' in (await pages.get(f"{LIST}/{made.id}")).text


async def test_a_text_and_a_message_become_one_complaint_each_with_what_is_known(pages: StaffPages) -> None:
    text, left = await text_in(pages.store, at=pages.clock()), await message(pages)
    for kind, id, known in (("text", text, "ask the school for a meeting"), ("message", left, "words are not needed")):
        where = f"{LIST}/new?kind={kind}&amp;of={id}"
        assert where in (await pages.get(f"/console/{kind}s/{id}")).text
        form = await pages.get(where.replace("&amp;", "&"))
        assert known in form.text and "We have one: leave this empty" in form.text and PARENT not in form.text
        body = "They want a meeting." if kind == "text" else ""
        sent = {
            "kind": kind,
            "of": id,
            "body": body,
            "channel": "telephone",
            "received": "2026-11-23",
        }
        first = await pages.post(LIST, sent)
        again = await pages.get(where.replace("&amp;", "&"))
        assert again.status_code == 303 and first.headers["location"].startswith(again.headers["location"])


async def test_a_number_is_shown_when_it_is_asked_for_and_kept_when_none_is_written(pages: StaffPages) -> None:
    path = await complaint(pages)
    assert "07700 900 123" not in await words(pages, path)
    shown = await pages.post(f"{path}/number", {})
    assert "07700 900 123" in text_of(shown.text)
    assert (await entries(pages))[-1].endswith(f": {SAW_NUMBER}")
    await pages.post(f"{path}/amend", {"body": SAID, "number": ""})
    async with pages.store.begin() as db:
        [found] = await data_complaints.read(db, pages.store.cipher)
    assert (found.number, found.name) == (PARENT, "")


async def test_what_is_of_no_kind_becomes_no_complaint(pages: StaffPages) -> None:
    for query in ("kind=owl&of=1", "kind=text&of=nothing", "kind=complaint&of=1"):
        assert (await pages.get(f"{LIST}/new?{query}")).status_code == 404


async def test_today_names_those_that_are_overdue_or_due_soon(pages: StaffPages) -> None:
    late, due, new = await complaint(pages, 31), await complaint(pages, 25), await complaint(pages, 2)
    page = (await pages.get("/console")).text.split('id="look"')[1]
    assert page.index(late) < page.index(due) and new not in page
    assert "was to be confirmed by" in page


async def test_the_letters_are_for_a_manager_and_the_answer_only_once_it_is_closed(pages: StaffPages) -> None:
    path = await complaint(pages)
    confirms = await words(pages, f"{path}/letter/acknowledgement", Role.manager)
    assert "Dear Jo Hill" in confirms and SAID in confirms and "Information Commissioner" in confirms
    assert (await pages.get(f"{path}/letter/answer", Role.manager)).status_code == 404
    assert (await pages.get(f"{path}/letter/owl", Role.manager)).status_code == 404
    await pages.post(f"{path}/close", CLOSING, Role.manager)
    assert "We are sorry." in await words(pages, f"{path}/letter/answer", Role.manager)
    assert (await pages.get(f"{path}/letter/answer")).status_code == 403
