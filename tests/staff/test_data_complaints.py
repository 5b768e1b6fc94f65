"""A complaint about data is taken down, acknowledged in time, answered, and never lost or closed without an outcome."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.errors import InvalidInput, IvrError
from ivr.helpline.data_complaints import Channel, Means, Outcome, Standing, last_day_to_acknowledge
from ivr.helpline.rota import RotaSnapshot
from ivr.helpline.text_destinations import TextDestinations
from ivr.helpline.timezone import today_in_london
from ivr.loader import load
from ivr.staff import complaint_answers, complaint_sources, complaint_text, data_complaints
from ivr.staff.call_preview import environment_at
from ivr.staff.complaint_words import Written, WrongField
from ivr.staff.data_complaints import CannotChange
from ivr.staff.lookup import NoSuchItem
from ivr.staff.outgoing_texts import CannotText, Texting
from ivr.store import audit, notes, opt_outs
from ivr.store import data_complaints as kept
from ivr.store.audit import By
from ivr.store.data_complaints import DataComplaint
from ivr.store.database import Store
from ivr.store.item_kinds import ItemKind
from ivr.store.opt_outs import OptOutSource
from tests.store.fixtures import DAY, NO_QUOTAS, NOW, OTHER, PARENT, claim_texts
from tests.store.test_waiting_list import text_in
from tests.store.voicemail_driver import Caller, state

ANN, MAX = By("Ann", NOW), By("Max", NOW)
TODAY = NOW.date()
SAID = Written("You told the school that I rang.", "Jo Hill", "07700 900123", "4 Mill Lane\nTavistock")
TEXTING = Texting(TextDestinations(), NO_QUOTAS)
ANSWER = "We told the school by mistake, and are sorry."


async def taken_down(store: Store, written: Written = SAID, received: date = TODAY) -> DataComplaint:
    async with store.begin() as db:
        return await data_complaints.take_down(db, store.cipher, written, Channel.telephone, received, ANN)


async def acknowledged(store: Store, id: str, on: date = TODAY, by: By = MAX) -> DataComplaint:
    async with store.begin() as db:
        return await complaint_answers.acknowledge(db, store.cipher, id, on, Means.letter, by)


async def closed(store: Store, id: str, answer: str = ANSWER, by: By = MAX) -> DataComplaint:
    async with store.begin() as db:
        how = Outcome.upheld, answer, Means.letter
        return await complaint_answers.close(db, store.cipher, id, *how, by)


async def entries(store: Store) -> list[str]:
    async with store.begin() as db:
        return [entry.what for entry in reversed(await audit.read(db, 99))]


async def test_what_is_taken_down_is_sealed_and_has_its_last_day(store: Store) -> None:
    found = await taken_down(store)
    assert (found.body, found.name, found.number, found.contact) == (SAID.body, SAID.name, PARENT, SAID.contact)
    assert (found.received, found.acknowledge_by) == (TODAY, TODAY + timedelta(days=29))
    assert await entries(store) == [f"complaint {found.id[:8]}: taken down"]


def test_the_thirty_days_begin_with_the_day_it_came() -> None:
    """“The period of 30 days beginning when the complaint is received”: 1 to 30 November are thirty days."""
    days = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]
    assert last_day_to_acknowledge(days[0]) == days[-1] == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("written", "received", "field"),
    [
        (replace(SAID, body=" \n"), TODAY, "body"),
        (replace(SAID, body="a" * 4001), TODAY, "body"),
        (replace(SAID, number="0770"), TODAY, "number"),
        (replace(SAID, name="a" * 121), TODAY, "name"),
        (SAID, TODAY + DAY, "received"),
        (SAID, TODAY - timedelta(days=367), "received"),
    ],
)
async def test_what_cannot_be_taken_is_told_with_its_field(
    store: Store, written: Written, received: date, field: str
) -> None:
    with pytest.raises(WrongField) as refused:
        await taken_down(store, written, received)
    assert refused.value.field == field
    async with store.begin() as db:
        assert await kept.read(db, store.cipher, everything=True) == []


async def test_only_the_words_and_the_day_are_needed(store: Store) -> None:
    found = await taken_down(store, Written("Delete all of it."))
    assert (found.name, found.number, found.contact) == ("", "", "")


async def test_a_complaint_is_acknowledged_answered_and_opened_again_and_nothing_of_it_is_lost(store: Store) -> None:
    id = (await taken_down(store)).id
    assert (await acknowledged(store, id)).acknowledged_how is Means.letter
    done = await closed(store, id)
    assert (done.outcome, done.answer, done.closed, done.closed_by) == (Outcome.upheld, ANSWER, TODAY, "Max")
    async with store.begin() as db:
        again = await complaint_answers.reopen(db, store.cipher, id, "they rang again", MAX)
        [noted] = await notes.read(db, store.cipher, id)
    assert (again.is_open, again.outcome, again.answer, again.acknowledged) == (True, None, "", TODAY)
    assert noted.body and "they rang again" in noted.body and ANSWER in noted.body and "upheld" in noted.body
    short = f"complaint {id[:8]}:"
    assert await entries(store) == [
        f"{short} taken down",
        f"{short} acknowledged on 23 November 2026 by letter",
        f"{short} closed, upheld, told by letter",
        f"{short} opened again",
    ]


async def test_nothing_is_closed_without_an_answer_and_an_answer_acknowledges_too(store: Store) -> None:
    id = (await taken_down(store, received=TODAY - 3 * DAY)).id
    with pytest.raises(WrongField, match="nothing is closed without an answer"):
        await closed(store, id, " ")
    found = await closed(store, id)
    assert (found.acknowledged, found.acknowledged_how, found.closed) == (TODAY, Means.letter, TODAY)


@pytest.mark.parametrize("on", [TODAY - 3 * DAY, TODAY + DAY])
async def test_a_day_that_cannot_be_is_refused(store: Store, on: date) -> None:
    id = (await taken_down(store, received=TODAY - 2 * DAY)).id
    with pytest.raises(WrongField) as refused:
        await acknowledged(store, id, on)
    assert refused.value.field == "day"


async def test_what_is_closed_is_changed_no_more_until_it_is_opened_again(store: Store) -> None:
    id = (await taken_down(store)).id
    await closed(store, id)
    async with store.begin() as db:
        changes: list[Awaitable[object]] = [
            complaint_answers.acknowledge(db, store.cipher, id, TODAY, Means.text, MAX),
            complaint_answers.close(db, store.cipher, id, Outcome.withdrawn, ANSWER, Means.text, MAX),
            data_complaints.amend(db, store.cipher, id, SAID, MAX),
        ]
        for change in changes:
            with pytest.raises(CannotChange, match="open it again first"):
                await change
        await data_complaints.note(db, store.cipher, id, "They thanked us.", ANN)


async def test_a_text_acknowledges_it_once_and_names_the_day_it_came(store: Store) -> None:
    found = await taken_down(store, received=TODAY - DAY)
    helpline = load()
    environment = environment_at(helpline, RotaSnapshot(()), NOW, own_number="01392 000000")
    words = complaint_text.acknowledgement(helpline.flows, environment, found.received)
    assert "Sun 22 Nov 2026" in words and "01392 000000" in words
    for _ in range(2):
        async with store.begin() as db:
            now = await complaint_answers.acknowledge_by_text(db, store.cipher, found.id, words, TEXTING, MAX)
    assert (now.acknowledged, now.acknowledged_how) == (TODAY, Means.text)
    [text] = await claim_texts(store)
    assert (text.to, text.body, text.topic) == (PARENT, words, "data_complaint")


async def test_a_text_that_cannot_be_sent_acknowledges_nothing(store: Store) -> None:
    unknown, stopped = await taken_down(store, Written("No.")), await taken_down(store)
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW, OptOutSource.staff)
    for id in (unknown.id, stopped.id):
        with pytest.raises(CannotText):
            async with store.begin() as db:
                await complaint_answers.acknowledge_by_text(db, store.cipher, id, "Thank you.", TEXTING, MAX)
    async with store.begin() as db:
        assert [one.acknowledged for one in await kept.read(db, store.cipher)] == [None, None]
    assert await claim_texts(store) == []


async def test_whoever_has_heard_a_spoken_one_writes_down_who_it_is(store: Store) -> None:
    caller = Caller(store, topic="data_complaint")
    voicemail = await caller.leave()
    await caller.submit(voicemail)
    async with store.begin() as db:
        [spoken] = await kept.read(db, store.cipher)
        assert (spoken.body, spoken.number, spoken.taken_by) == ("", PARENT, "the caller")
        found = await data_complaints.amend(db, store.cipher, spoken.id, replace(SAID, number=OTHER), ANN)
    assert (found.name, found.number, found.body) == ("Jo Hill", OTHER, SAID.body)
    await acknowledged(store, spoken.id)
    assert await state(store, voicemail) == "done"


@pytest.mark.parametrize("kind", [ItemKind.text, ItemKind.message])
async def test_an_item_is_made_into_one_complaint_with_what_is_known_of_it(store: Store, kind: ItemKind) -> None:
    if kind is ItemKind.text:
        id = await text_in(store)
    else:
        caller = Caller(store)
        await caller.submit(id := await caller.leave())
    for _ in range(2):
        async with store.begin() as db:
            known = await complaint_sources.look(db, store.cipher, (), kind, id, ANN)
            about = known.written, known.channel, known.received
            made = await data_complaints.take_down(db, store.cipher, *about, ANN, known.source)
    assert known.complaint == made.id
    assert made.number == PARENT and made.received == TODAY
    assert (made.voicemail, bool(made.body)) == ((None, True) if kind is ItemKind.text else (id, False))
    async with store.begin() as db:
        assert len(await kept.read(db, store.cipher)) == 1
    assert (await entries(store)).count(f"complaint {made.id[:8]}: taken down, of {kind} {id[:8]}") == 1


async def test_a_complaint_is_made_of_no_complaint(store: Store) -> None:
    async with store.begin() as db:
        with pytest.raises(NoSuchItem):
            await complaint_sources.look(db, store.cipher, (), ItemKind.complaint, "x", ANN)


async def test_the_urgent_ones_are_named_the_most_urgent_first(store: Store) -> None:
    days = {"late": 30, "last day": 29, "new": 0, "confirmed": 40}
    ids = {name: (await taken_down(store, Written(name), TODAY - n * DAY)).id for name, n in days.items()}
    await acknowledged(store, ids["confirmed"])
    async with store.begin() as db:
        now = await data_complaints.urgent(db, store.cipher, TODAY)
        later = await data_complaints.urgent(db, store.cipher, TODAY + timedelta(days=30))
    assert [(one.complaint.body, one.standing) for one in now] == [
        ("late", Standing.overdue),
        ("last day", Standing.due),
    ]
    assert [one.standing for one in later][-1] is Standing.quiet and len(later) == 4


# Whatever is done in whatever order.

MOMENTS = st.integers(-5, 60).map(lambda days: NOW + timedelta(days=days))
DAYS = st.integers(-70, 70).map(lambda days: TODAY + timedelta(days=days))
ANSWERS = st.sampled_from(["", "  ", ANSWER])
ACTIONS = st.one_of(
    st.tuples(st.just("acknowledge"), DAYS, MOMENTS),
    st.tuples(st.just("text"), DAYS, MOMENTS),
    st.tuples(st.just("close"), ANSWERS, MOMENTS),
    st.tuples(st.just("reopen"), st.sampled_from(["", "they rang again"]), MOMENTS),
    st.tuples(st.just("note"), st.sampled_from(["", "asked the school"]), MOMENTS),
    st.tuples(st.just("amend"), ANSWERS, MOMENTS),
)


async def does(store: Store, id: str, action: str, given: object, at: datetime) -> None:
    by = By("Max", at)
    async with store.begin() as db:
        one = db, store.cipher, id
        match action, given:
            case "acknowledge", date() as day:
                await complaint_answers.acknowledge(*one, day, Means.letter, by)
            case "text", _:
                await complaint_answers.acknowledge_by_text(*one, "Thank you.", TEXTING, by)
            case "close", str() as answer:
                await complaint_answers.close(*one, Outcome.not_upheld, answer, Means.email, by)
            case "reopen", str() as why:
                await complaint_answers.reopen(*one, why, by)
            case "note", str() as words:
                await data_complaints.note(*one, words, by)
            case "amend", str() as words:
                await data_complaints.amend(*one, Written(words), by)


def check(found: DataComplaint, at: datetime) -> None:
    assert found.body
    assert found.is_open == (found.outcome is None) == (not found.answer) == (found.closed is None)
    assert found.is_open or (found.acknowledged and found.closed and found.acknowledged <= found.closed)
    for day in (found.acknowledged, found.closed):
        assert day is None or day >= found.received
    assert found.acknowledge_by == last_day_to_acknowledge(found.received)
    assert (found.acknowledged is None) == (found.acknowledged_how is None)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(received=st.integers(0, 40), actions=st.lists(ACTIONS, max_size=8))
async def test_no_sequence_of_actions_loses_one_or_closes_it_without_an_outcome(
    store: Store, received: int, actions: list[tuple[str, object, datetime]]
) -> None:
    id, told = (await taken_down(store, received=TODAY - timedelta(days=received))).id, set[str]()
    for action, about, at in actions:
        try:
            await does(store, id, action, about, at)
        except IvrError as error:
            assert isinstance(error, InvalidInput | CannotChange | CannotText), error
        async with store.begin() as db:
            found = await data_complaints.find(db, store.cipher, id)
            noted = await notes.read(db, store.cipher, id)
        check(found, at)
        assert found.acknowledged is None or found.acknowledged <= max(today_in_london(one[2]) for one in actions)
        told |= {found.answer} if found.answer else set()
        assert all(found.answer == answer or any(answer in (one.body or "") for one in noted) for answer in told)
