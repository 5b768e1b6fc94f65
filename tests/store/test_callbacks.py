"""Callbacks: callers request them, advisers claim and ring them, one adviser each and nobody twice."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ivr.engine.content import YOUNG_PERSON
from ivr.engine.effects import AcceptCallback, EffectStatus, RecordCallbackAttempt, RequestCallback
from ivr.engine.environment import OneOffHoliday
from ivr.engine.events import DialStatus, EffectResult
from ivr.helpline.rota import of_setting
from ivr.store import callback_list, daily_counts, effects, erasure, one_off_holidays
from ivr.store.audit import By
from ivr.store.claims import A_CLAIM
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import StaffAlerts
from ivr.store.tables import advisers, callbacks
from ivr.store.tables import idempotency_keys as outcomes
from tests.store.conftest import SECRETS
from tests.store.fixtures import (
    ADVISER,
    DAY,
    HOUR,
    MINUTE,
    NO_QUOTAS,
    NOW,
    OTHER,
    PARENT,
    callback_items,
    claim_texts,
    lose_secret,
    perform,
    request_callback,
)

ALERT = "Somebody cannot wait."
AGAIN = EffectResult(EffectStatus.kept, "again")
SOON, LATER = date(2026, 11, 27), date(2026, 12, 14)


async def one(store: Store) -> str:
    """Return the id of the only caller on the list."""
    [item] = await callback_items(store)
    return item.id


async def claims(store: Store, id: str, by: str, at: object = NOW) -> bool:
    async with store.begin() as db:
        return await callback_list.claim(db, id, by, at)  # type: ignore[arg-type]


async def asked_and_claimed(store: Store, by: str = "Ann") -> str:
    await request_callback(store)
    id = await one(store)
    assert await claims(store, id, by)
    return id


# Requests.


async def test_a_caller_who_asks_is_on_the_list(store: Store) -> None:
    assert await request_callback(store, deadline=LATER) == EffectResult(EffectStatus.kept)
    [item] = await callback_items(store)
    assert (item.number, item.topic, item.deadline, item.part) == (PARENT, "school", LATER, "morning")
    assert (item.asked, item.urgent, item.by, item.attempts) == (NOW, False, None, ())


async def test_the_same_webhook_again_adds_nothing_and_is_told_the_same(store: Store) -> None:
    assert [await request_callback(store, alert=ALERT) for _ in range(2)] == [EffectResult(EffectStatus.kept)] * 2
    assert len(await callback_items(store)) == 1
    assert len(await claim_texts(store)) == 1


async def test_the_same_webhook_in_two_processes_adds_one(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        found = await asyncio.gather(*(request_callback(store, alert=ALERT) for store in (one, other, one)))
        assert found == [EffectResult(EffectStatus.kept)] * 3
        assert len(await callback_items(one)) == 1
        assert len(await claim_texts(one)) == 1


async def test_who_asks_again_about_the_same_keeps_their_place_for_another_part_of_the_day(store: Store) -> None:
    await request_callback(store, deadline=LATER)
    await request_callback(store, "another caller", OTHER, at=NOW + MINUTE)
    assert await request_callback(store, "a later call", part="any", at=NOW + HOUR) == AGAIN
    first, second = await callback_items(store)
    assert (first.number, first.part, first.asked, first.deadline) == (PARENT, "any", NOW, LATER)
    assert second.number == OTHER


async def test_that_the_young_person_asked_stays_when_a_later_call_does_not_say_who_rings(store: Store) -> None:
    await request_callback(store)
    await request_callback(store, "a later call", audience=YOUNG_PERSON)
    await request_callback(store, "the last call")
    [item] = await callback_items(store)
    assert item.audience == YOUNG_PERSON


async def test_a_date_that_comes_up_later_holds(store: Store) -> None:
    await request_callback(store, deadline=LATER)
    await request_callback(store, "a later call", deadline=SOON)
    [item] = await callback_items(store)
    assert item.deadline == SOON
    assert item.urgent


async def test_two_calls_at_the_same_moment_are_one_caller_on_the_list(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        found = await asyncio.gather(*(request_callback(store, f"call {id(store)}") for store in (one, other)))
        assert sorted(outcome.value for outcome in found) == ["", "again"]
        assert len(await callback_items(one)) == 1


async def test_another_topic_is_another_call(store: Store) -> None:
    await request_callback(store)
    assert await request_callback(store, "a later call", topic="health") == EffectResult(EffectStatus.kept)
    assert {item.topic for item in await callback_items(store)} == {"school", "health"}


async def test_whoever_was_rung_back_may_ask_anew(store: Store) -> None:
    id = await asked_and_claimed(store)
    async with store.begin() as db:
        await callback_list.settle(db, id, "Ann", NOW, reached=True)
    assert await request_callback(store, "a later call") == EffectResult(EffectStatus.kept)
    assert await one(store) != id


async def test_whoever_asks_at_the_moment_they_are_taken_off_the_list_is_put_on_it_anew(url: str) -> None:
    async with Store(url, SECRETS, 30) as ours, Store(url, SECRETS, 30) as theirs:
        id = await asked_and_claimed(ours)
        async with ours.begin() as db:
            await callback_list.settle(db, id, "Ann", NOW, reached=True)
            asking = asyncio.create_task(request_callback(theirs, "a later call"))
            await asyncio.sleep(0.05)
        assert await asking == EffectResult(EffectStatus.kept)
        assert len(await callback_items(ours)) == 1


async def test_a_number_is_found_again_after_the_secret_was_changed(url: str) -> None:
    async with Store(url, SECRETS, 30) as before, Store(url, [b"n" * 32, *SECRETS], 30) as after:
        await request_callback(before)
        assert await request_callback(after, "a later call") == AGAIN


async def test_so_many_for_one_number_and_no_more(store: Store) -> None:
    quotas = Quotas(0, 0, callbacks_per_number_per_day=2, callbacks_per_hour=100)
    topics = ("school", "health", "settling")
    assert [(await request_callback(store, topic, topic=topic, quotas=quotas)).status for topic in topics] == [
        *(EffectStatus.kept, EffectStatus.kept, EffectStatus.capped)
    ]
    assert (await request_callback(store, "other", OTHER, quotas=quotas)).status is EffectStatus.kept
    assert await request_callback(store, "known", quotas=quotas) == AGAIN  # that is no further call
    tomorrow = NOW + DAY
    assert (
        await request_callback(store, "tomorrow", topic="settling", quotas=quotas, at=tomorrow)
    ).status is EffectStatus.kept


async def test_so_many_in_an_hour_and_no_more(store: Store) -> None:
    quotas = Quotas(0, 0, callbacks_per_number_per_day=100, callbacks_per_hour=2)
    numbers = (PARENT, OTHER, "+447700900789")
    found = [(await request_callback(store, number, number, quotas=quotas, alert=ALERT)).status for number in numbers]
    assert found == [EffectStatus.kept, EffectStatus.kept, EffectStatus.capped]
    assert len(await claim_texts(store)) == 2  # nobody is alerted to a call that was not promised
    later = await request_callback(store, "later", numbers[2], quotas=quotas, at=NOW + HOUR)
    assert later.status is EffectStatus.kept


async def test_what_was_capped_stays_capped_when_the_webhook_comes_again(store: Store) -> None:
    assert (
        await request_callback(store, quotas=Quotas(0, 0, callbacks_per_number_per_day=0))
    ).status is EffectStatus.capped
    assert (await request_callback(store)).status is EffectStatus.capped
    assert await callback_items(store) == []


async def test_calls_back_are_counted_by_the_day(store: Store) -> None:
    await request_callback(store)
    await request_callback(store, "again")
    async with store.begin() as db:
        assert await daily_counts.read(db, NOW.date(), NOW.date()) == {(NOW.date(), "call back promised"): 1}


# Alerts.


async def test_who_cannot_wait_is_told_to_the_adviser_on_shift_and_once(store: Store) -> None:
    await request_callback(store, alert=ALERT)
    await request_callback(store, "a later call", alert=ALERT)
    [text] = await claim_texts(store)
    assert (text.to, text.body, text.due) == (ADVISER, ALERT, NOW)


async def test_a_caller_who_comes_to_a_near_date_later_is_told_of_then(store: Store) -> None:
    await request_callback(store)
    assert await claim_texts(store) == []
    await request_callback(store, "a later call", deadline=SOON, alert=ALERT)
    assert [text.to for text in await claim_texts(store)] == [ADVISER]


async def test_the_rota_comes_before_the_settings(store: Store) -> None:
    number = "+447700900777"
    encrypted = store.cipher.encrypt_number(number)
    async with store.begin() as db:
        await db.execute(advisers.insert().values(id="a1", name="Ann", place=1, away=False, **encrypted))
    await request_callback(store, alert=ALERT)
    assert [text.to for text in await claim_texts(store)] == [number]


async def test_with_nobody_to_text_the_call_back_is_promised_all_the_same(store: Store) -> None:
    effect = RequestCallback(PARENT, "school", SOON, "any", ALERT)
    assert (await perform(store, effect, "1", advisers=())).status is EffectStatus.kept
    assert await claim_texts(store) == []


async def test_the_alert_and_the_call_back_are_kept_together_or_not_at_all(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.begin() as db:
            context = RequestContext(
                "CA1", "key", NOW, NO_QUOTAS, alerts=StaffAlerts(of_setting([ADVISER]), lambda: "")
            )
            effect = RequestCallback(PARENT, "school", SOON, "any", ALERT)
            await effects.perform(db, store.cipher, context, effect)
            raise ZeroDivisionError
    assert await callback_items(store) == []
    assert await claim_texts(store) == []


# The list.


async def test_the_urgent_come_first_then_whoever_has_waited_longest(store: Store) -> None:
    asked = {"+447700900111": LATER, "+447700900222": SOON, "+447700900333": None, "+447700900444": SOON}
    for minutes, (number, deadline) in enumerate(asked.items()):
        await request_callback(store, number, number, deadline=deadline, at=NOW + minutes * MINUTE)
    found = await callback_items(store)
    assert [(item.number or "")[-3:] for item in found] == ["222", "444", "111", "333"]
    assert [item.urgent for item in found] == [True, True, False, False]


async def test_a_bank_holiday_that_staff_add_makes_a_date_urgent_earlier(store: Store) -> None:
    await request_callback(store, deadline=(NOW + 8 * DAY).date())  # a Tuesday, six working days away
    [before] = await callback_items(store)
    async with store.begin() as db:
        await one_off_holidays.add(db, OneOffHoliday((NOW + 2 * DAY).date(), "the coronation"), By("Sam", NOW))
    [after] = await callback_items(store)
    assert (before.urgent, after.urgent) == (False, True)


async def test_a_date_becomes_urgent_while_a_caller_waits(store: Store) -> None:
    await request_callback(store, deadline=date(2026, 12, 30))  # over Christmas
    for days, urgent in ((20, False), (27, False), (28, True), (60, True)):
        [item] = await callback_items(store, NOW + timedelta(days=days))
        assert item.urgent == urgent, days


async def test_one_that_cannot_be_read_hides_no_other(store: Store) -> None:
    await request_callback(store)
    await lose_secret(store, callbacks)
    await request_callback(store, "another", OTHER, at=NOW + MINUTE)
    assert [item.number for item in await callback_items(store)] == [None, OTHER]


async def test_a_caller_in_a_log_shows_no_number(store: Store) -> None:
    await request_callback(store)
    assert PARENT not in repr(await callback_items(store))


# Claims.


async def test_whom_one_has_claimed_no_other_can_claim_or_settle(store: Store) -> None:
    id = await asked_and_claimed(store)
    [item] = await callback_items(store)
    assert item.by == "Ann"
    assert not await claims(store, id, "Ben")
    async with store.begin() as db:
        assert not await callback_list.settle(db, id, "Ben", NOW, reached=True)
        assert not await callback_list.release(db, id, "Ben", NOW)
        assert not await callback_list.attempt(db, id, "Ben", "no answer", NOW)
    [item] = await callback_items(store)
    assert (item.by, item.attempts) == ("Ann", ())


async def test_whoever_has_claimed_a_caller_may_do_so_again(store: Store) -> None:
    id = await asked_and_claimed(store)
    assert await claims(store, id, "Ann", NOW + HOUR)
    assert not await claims(store, id, "Ben", NOW + A_CLAIM + MINUTE)  # it counts from the last time


async def test_two_who_claim_at_the_same_moment_never_both_have_a_caller(url: str) -> None:
    async with Store(url, SECRETS, 30) as one_process, Store(url, SECRETS, 30) as another:
        await request_callback(one_process)
        id = await one(one_process)
        stores = {"Ann": one_process, "Ben": another, "Cat": one_process, "Dan": another}
        had = await asyncio.gather(*(claims(store, id, name) for name, store in stores.items()))
        assert sum(had) == 1
        [item] = await callback_items(one_process)
        assert had[list(stores).index(item.by or "")]


async def test_a_claim_lapses(store: Store) -> None:
    id = await asked_and_claimed(store)
    assert not await claims(store, id, "Ben", NOW + A_CLAIM)
    [item] = await callback_items(store, NOW + A_CLAIM)
    assert item.by == "Ann"
    [item] = await callback_items(store, NOW + A_CLAIM + MINUTE)
    assert item.by is None
    assert await claims(store, id, "Ben", NOW + A_CLAIM + MINUTE)


async def test_whom_one_leaves_another_can_claim(store: Store) -> None:
    id = await asked_and_claimed(store)
    async with store.begin() as db:
        assert await callback_list.release(db, id, "Ann", NOW)
    [item] = await callback_items(store)
    assert item.by is None
    assert await claims(store, id, "Ben")


async def test_attempts_are_noted_in_order(store: Store) -> None:
    id = await asked_and_claimed(store)
    for minutes, how in enumerate(("no answer", "a mailbox")):
        async with store.begin() as db:
            assert await callback_list.attempt(db, id, "Ann", how, NOW + minutes * MINUTE)
    [item] = await callback_items(store)
    assert [(tried.who, tried.how, tried.at) for tried in item.attempts] == [
        ("Ann", "no answer", NOW),
        ("Ann", "a mailbox", NOW + MINUTE),
    ]


@pytest.mark.parametrize(("reached", "state"), [(True, "done"), (False, "gave_up")])
async def test_whoever_is_settled_is_off_the_list(store: Store, reached: bool, state: str) -> None:
    id = await asked_and_claimed(store)
    async with store.begin() as db:
        assert await callback_list.settle(db, id, "Ann", NOW + HOUR, reached=reached)
        row = (await db.execute(select(callbacks))).one()
        assert not await callback_list.settle(db, id, "Ann", NOW, reached=not reached)
        assert not await callback_list.claim(db, id, "Ann", NOW + DAY)
        assert not await callback_list.release(db, id, "Ann", NOW)
    assert (row.state, row.by, row.changed) == (state, "Ann", NOW + HOUR)
    assert await callback_items(store) == []


async def test_whom_nobody_has_claimed_anybody_may_settle(store: Store) -> None:
    await request_callback(store)
    async with store.begin() as db:
        assert await callback_list.settle(
            db, (await callback_list.read(db, store.cipher, NOW))[0].id, "Ben", NOW, reached=True
        )


# Rings.


async def test_the_number_is_given_to_an_adviser_who_has_claimed_it(store: Store) -> None:
    id = await asked_and_claimed(store)
    for _ in range(2):  # the same webhook twice is one attempt
        assert await perform(store, AcceptCallback(id), "take") == EffectResult(EffectStatus.kept, PARENT)
    [item] = await callback_items(store)
    assert [(tried.who, tried.how) for tried in item.attempts] == [("Ann", "rung")]


async def test_the_number_stands_in_no_table_of_outcomes(store: Store) -> None:
    await perform(store, AcceptCallback(await asked_and_claimed(store)), "take")
    async with store.begin() as db:
        assert set(await db.scalars(select(outcomes.c.outcome))) == {"kept"}


async def test_a_caller_who_is_nobodys_any_more_is_not_rung(store: Store) -> None:
    id = await asked_and_claimed(store)
    async with store.begin() as db:
        await callback_list.settle(db, id, "Ann", NOW, reached=True)
    assert await perform(store, AcceptCallback(id), "take") == EffectResult(EffectStatus.nothing)
    assert await perform(store, AcceptCallback("none"), "take another") == EffectResult(EffectStatus.nothing)


async def test_a_caller_who_was_erased_is_not_rung(store: Store) -> None:
    id = await asked_and_claimed(store)
    async with store.begin() as db:
        await erasure.erase(db, store.cipher, PARENT, NOW)
    assert await perform(store, AcceptCallback(id), "take") == EffectResult(EffectStatus.nothing)
    assert await perform(store, RecordCallbackAttempt(id, DialStatus.answered, 20), "rung") == EffectResult(
        EffectStatus.nothing
    )


@pytest.mark.parametrize(
    ("outcome", "seconds", "how"),
    [
        (DialStatus.answered, 312, "answered, 312 s"),
        (DialStatus.busy, 0, "busy"),
        (DialStatus.unanswered, 0, "no answer"),
        (DialStatus.failed, 0, "could not be rung"),
    ],
)
async def test_how_ringing_a_caller_ended_is_noted_once(
    store: Store, outcome: DialStatus, seconds: int, how: str
) -> None:
    id = await asked_and_claimed(store)
    await perform(store, AcceptCallback(id), "take")
    rung = RecordCallbackAttempt(id, outcome, seconds)
    assert [await perform(store, rung, "rung") for _ in range(2)] == [EffectResult(EffectStatus.kept)] * 2
    [item] = await callback_items(store)
    assert [tried.how for tried in item.attempts] == [how]
    assert item.by == "Ann"  # whether it is done is for her to say


async def test_only_the_last_attempt_is_the_one_that_ended(store: Store) -> None:
    id = await asked_and_claimed(store)
    await perform(store, AcceptCallback(id), "take")  # here she put the receiver down first
    await perform(store, AcceptCallback(id), "take another time")
    await perform(store, RecordCallbackAttempt(id, DialStatus.busy, 0), "rung")
    [item] = await callback_items(store)
    assert [tried.how for tried in item.attempts] == ["rung", "busy"]
    async with store.begin() as db:
        await callback_list.attempt(db, id, "Ann", "a mailbox", NOW)
    assert await perform(store, RecordCallbackAttempt(id, DialStatus.answered, 9), "late") == EffectResult(
        EffectStatus.nothing
    )
