import asyncio

import pytest
from sqlalchemy import select

from ivr.engine.effects import EffectStatus, SendText
from ivr.store import opt_outs, sms_outbox, sms_results, sms_states
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.sms_states import OutboxText, SmsState
from ivr.store.tables import sms_outbox as outbox
from tests.store.conftest import SECRETS
from tests.store.fixtures import (
    BODY,
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NO_QUOTAS,
    NOW,
    OTHER,
    PARENT,
    SECOND,
    claim_texts,
    enqueue_text,
    lose_secret,
    schedule_reminders,
    sending,
    states,
)


async def one(store: Store) -> OutboxText:
    """Return the only text, whatever its state."""
    async with store.begin() as db:
        row = (await db.execute(select(outbox))).one()
    return sms_states.read(row, store.cipher)


async def test_a_promised_text_waits_until_a_worker_takes_it(store: Store) -> None:
    assert await enqueue_text(store) == EffectStatus.kept
    assert await states(store) == {"waiting": 1}
    [text] = await claim_texts(store)
    assert (text.to, text.body, text.topic, text.state, text.attempts) == (PARENT, BODY, "school", SmsState.sending, 1)
    assert await states(store) == {"sending": 1}
    assert await claim_texts(store) == []


async def test_the_same_key_again_promises_nothing_new(store: Store) -> None:
    assert [await enqueue_text(store), await enqueue_text(store)] == [EffectStatus.kept, EffectStatus.kept]
    assert await states(store) == {"waiting": 1}


async def test_the_same_webhook_in_two_processes_promises_one_text(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        kept = await asyncio.gather(*(enqueue_text(store) for store in (one, other)))
        assert kept == [EffectStatus.kept, EffectStatus.kept]
        assert await states(one) == {"waiting": 1}


async def test_another_turn_promises_another_text(store: Store) -> None:
    await enqueue_text(store, "CA1 school/text 3")
    await enqueue_text(store, "CA1 school/text 4")
    assert await states(store) == {"waiting": 2}


async def test_a_capped_promise_stays_capped_when_it_is_asked_again(store: Store) -> None:
    assert await enqueue_text(store, quotas=Quotas(0, 100)) == EffectStatus.capped
    assert await enqueue_text(store, quotas=NO_QUOTAS) == EffectStatus.capped
    assert await states(store) == {}


async def test_a_number_gets_no_more_than_its_cap_in_a_day(store: Store) -> None:
    quotas = Quotas(per_number_per_day=2, per_hour=100)
    kept = [await enqueue_text(store, f"key {n}", quotas=quotas) for n in range(3)]
    assert kept == [EffectStatus.kept, EffectStatus.kept, EffectStatus.capped]
    assert await enqueue_text(store, "another number", OTHER, quotas=quotas) == EffectStatus.kept
    assert await enqueue_text(store, "a day later", at=NOW + DAY + MINUTE, quotas=quotas) == EffectStatus.kept


async def test_all_numbers_together_get_no_more_than_the_cap_in_an_hour(store: Store) -> None:
    quotas = Quotas(per_number_per_day=100, per_hour=2)
    kept = [await enqueue_text(store, f"key {n}", f"+44770090010{n}", quotas=quotas) for n in range(3)]
    assert kept == [EffectStatus.kept, EffectStatus.kept, EffectStatus.capped]
    assert await enqueue_text(store, "an hour later", at=NOW + HOUR + MINUTE, quotas=quotas) == EffectStatus.kept


async def test_promised_reminders_count_against_the_caps(store: Store) -> None:
    quotas = Quotas(per_number_per_day=2, per_hour=100)
    assert await schedule_reminders(store, NOW + 7 * DAY, NOW + 18 * DAY, quotas=quotas) == EffectStatus.kept
    assert await enqueue_text(store, quotas=quotas) == EffectStatus.capped


async def test_many_processes_at_once_do_not_pass_the_cap(url: str) -> None:
    quotas = Quotas(per_number_per_day=3, per_hour=100)
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        promised = (enqueue_text(store, f"{n} {id(store)}", quotas=quotas) for n in range(5) for store in (one, other))
        kept = await asyncio.gather(*promised)
    assert sorted(kept) == [EffectStatus.capped] * 7 + [EffectStatus.kept] * 3


async def test_who_said_stop_is_promised_nothing(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW)
    assert await enqueue_text(store) == EffectStatus.stopped
    assert await enqueue_text(store, "another", OTHER) == EffectStatus.kept


async def test_who_says_stop_after_the_promise_gets_nothing(store: Store) -> None:
    await enqueue_text(store)
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW)
    assert await claim_texts(store) == []
    assert (await one(store)).reason == sms_outbox.SAID_STOP


async def test_a_text_for_later_waits_for_its_time(store: Store) -> None:
    async with store.begin() as db:
        effect = SendText(PARENT, BODY, "school")
        await sms_outbox.enqueue(db, store.cipher, "key", effect, NOW, NO_QUOTAS, due=NOW + HOUR)
    assert await claim_texts(store, NOW + HOUR - MINUTE) == []
    assert len(await claim_texts(store, NOW + HOUR)) == 1


async def test_the_oldest_are_taken_first_and_no_more_than_asked_for(store: Store) -> None:
    for n in (2, 0, 1):
        await enqueue_text(store, f"key {n}", f"+44770090010{n}", at=NOW + n * MINUTE)
    taken = await claim_texts(store, NOW + HOUR, limit=2)
    assert [text.to[-1] for text in taken] == ["0", "1"]


async def test_two_workers_are_never_given_the_same_text(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        await asyncio.gather(*(enqueue_text(one, f"key {n}") for n in range(40)))
        rounds = await asyncio.gather(*(claim_texts(store, limit=7) for _ in range(5) for store in (one, other)))
        rounds += [await claim_texts(one, limit=40)]
    ids = [text.id for taken in rounds for text in taken]
    assert len(ids) == len(set(ids)) == 40


async def test_a_worker_in_the_middle_of_claiming_holds_nobody_up(url: str) -> None:
    if url.startswith("sqlite"):
        return  # one writer at a time: the second waits, and is then given the others
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        await asyncio.gather(*(enqueue_text(one, f"key {n}") for n in range(4)))
        async with one.begin() as db:
            mine = await sms_outbox.claim(db, one.cipher, NOW, LEASE, 2)
            theirs = await claim_texts(other)
    assert len({text.id for text in mine + theirs}) == 4


async def test_what_the_provider_took_is_sent(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.sent(db, text.id, "SM1", NOW)
    sent = await one(store)
    assert (sent.state, sent.sid) == (SmsState.sent, "SM1")


async def test_a_refused_text_has_failed_for_a_reason(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.failed(db, text.id, "that number cannot get texts", NOW)
    failed = await one(store)
    assert (failed.state, failed.reason) == (SmsState.failed, "that number cannot get texts")


async def test_what_was_certainly_not_taken_is_tried_again_later(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.put_off(db, text.id, NOW + MINUTE, NOW)
    assert await claim_texts(store, NOW) == []
    [again] = await claim_texts(store, NOW + MINUTE)
    assert (again.id, again.attempts, again.resent) == (text.id, 2, 0)


async def test_a_text_whose_worker_died_is_unknown_and_not_sent_by_another(store: Store) -> None:
    await sending(store)
    for at, expired in ((NOW + LEASE - MINUTE, 0), (NOW + LEASE, 1), (NOW + LEASE + MINUTE, 0)):
        async with store.begin() as db:
            assert await sms_outbox.expire(db, at) == expired
    assert await states(store) == {"unknown": 1}
    assert await claim_texts(store, NOW + DAY) == []


async def test_what_is_unknown_is_looked_for_when_it_is_time_and_by_one_worker(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.unknown(db, text.id, NOW + MINUTE, NOW)
    found = []
    for at in (NOW, NOW + MINUTE, NOW + MINUTE):
        async with store.begin() as db:
            found.append([one.id for one in await sms_outbox.to_look_for(db, store.cipher, at, 10)])
    assert found == [[], [text.id], []]


async def test_looks_are_counted_anew_for_each_sending(store: Store) -> None:
    text = await sending(store)
    looks = []
    for _ in range(2):
        async with store.begin() as db:
            await sms_results.unknown(db, text.id, NOW, NOW)
            looks += [await sms_results.looked(db, text.id, NOW, NOW), await sms_results.looked(db, text.id, NOW, NOW)]
            await sms_results.send_again(db, text.id, NOW)
            await sms_outbox.claim(db, store.cipher, NOW, LEASE, 1)
    assert looks == [1, 2, 1, 2]
    assert ((await one(store)).resent, (await one(store)).attempts) == (2, 3)


async def test_only_what_is_unknown_is_sent_again(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.sent(db, text.id, "SM1", NOW)
        await sms_results.send_again(db, text.id, NOW)
        assert await sms_results.looked(db, text.id, NOW, NOW) == 0
    assert ((await one(store)).state, (await one(store)).resent) == (SmsState.sent, 0)


async def test_news_of_the_first_sending_spares_the_second(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.unknown(db, text.id, NOW, NOW)
        await sms_results.send_again(db, text.id, NOW)
        await sms_results.delivery(db, text.id, "SM1", "sent", None, NOW)
    assert await claim_texts(store, NOW + DAY) == []


async def test_the_providers_callback_settles_what_was_unknown(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.unknown(db, text.id, NOW, NOW)
        await sms_results.delivery(db, text.id, "SM1", "queued", None, NOW)
    settled = await one(store)
    assert (settled.state, settled.sid) == (SmsState.sent, "SM1")


@pytest.mark.parametrize(
    ("news", "state", "reason"),
    [
        (["queued", "sent", "delivered"], SmsState.delivered, None),
        (["delivered", "sent", "queued"], SmsState.delivered, None),
        (["delivered", "delivered"], SmsState.delivered, None),
        (["delivered", "undelivered"], SmsState.delivered, None),
        (["undelivered", "sent"], SmsState.failed, "switched off"),
        (["undelivered", "delivered"], SmsState.delivered, None),
        (["sent", "failed", "failed"], SmsState.failed, "switched off"),
        (["read"], SmsState.delivered, None),
        (["canceled"], SmsState.failed, "switched off"),
        (["something new"], SmsState.sent, None),
    ],
)
@pytest.mark.parametrize("answered", ["before", "after"])
async def test_news_comes_late_twice_and_out_of_order(
    store: Store, news: list[str], state: SmsState, reason: str | None, answered: str
) -> None:
    text = await sending(store)
    async with store.begin() as db:
        if answered == "before":
            await sms_results.sent(db, text.id, "SM1", NOW)
        for status in news:
            error = "switched off" if status in ("undelivered", "failed", "canceled") else None
            await sms_results.delivery(db, text.id, "SM1", status, error, NOW)
        if answered == "after":
            await sms_results.sent(db, text.id, "SM1", NOW)
    settled = await one(store)
    assert (settled.state, settled.reason, settled.sid) == (state, reason, "SM1")


async def test_a_settled_text_does_not_go_back(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.delivery(db, text.id, "SM1", "delivered", None, NOW)
        await sms_results.put_off(db, text.id, NOW, NOW)
        await sms_results.unknown(db, text.id, NOW, NOW)
        await sms_results.failed(db, text.id, "no", NOW)
        await sms_results.send_again(db, text.id, NOW)
        assert await sms_outbox.expire(db, NOW + DAY) == 0
    assert await states(store) == {"delivered": 1}


async def test_a_text_that_we_cannot_open_waits_and_holds_up_nobody(store: Store) -> None:
    for n in range(12):
        await enqueue_text(store, f"sealed with a secret that is gone {n}")
    await lose_secret(store, outbox)
    await enqueue_text(store, "another", OTHER, at=NOW + SECOND)
    assert [text.to for text in await claim_texts(store, NOW + SECOND, limit=5)] == [OTHER]
    assert await states(store) == {"waiting": 12, "sending": 1}
    async with store.begin() as db:
        assert set(await db.scalars(select(outbox.c.attempts).where(outbox.c.state == "waiting"))) == {0}


async def test_a_text_that_we_cannot_open_is_sent_by_whoever_can_within_a_minute(store: Store, url: str) -> None:
    async with Store(url, [b"n" * 32, *SECRETS], 30) as newer:
        await enqueue_text(newer)
        assert await claim_texts(store) == []
        assert [text.to for text in await claim_texts(newer, NOW + MINUTE)] == [PARENT]


async def test_a_text_that_we_cannot_open_is_looked_for_by_whoever_can(store: Store, url: str) -> None:
    async with Store(url, [b"n" * 32, *SECRETS], 30) as newer:
        text = await sending(newer)
        async with newer.begin() as db:
            await sms_results.unknown(db, text.id, NOW, NOW)
        for one, at, found in ((store, NOW, []), (newer, NOW, []), (newer, NOW + MINUTE, [text.id])):
            async with one.begin() as db:
                assert [pending.id for pending in await sms_outbox.to_look_for(db, one.cipher, at, 10)] == found
        assert await states(store) == {"unknown": 1}


async def test_texts_promised_before_a_new_secret_are_sent_after_it(url: str) -> None:
    async with Store(url, SECRETS, 30) as old, Store(url, [b"1" * 32, *SECRETS], 30) as new:
        await enqueue_text(old)
        assert [text.to for text in await claim_texts(new)] == [PARENT]


async def test_what_is_said_of_a_text_we_no_longer_have_changes_nothing(store: Store) -> None:
    async with store.begin() as db:
        await sms_results.failed(db, "none", "no", NOW)
        await sms_results.put_off(db, "none", NOW, NOW)
        await sms_results.send_again(db, "none", NOW)
        assert await sms_results.looked(db, "none", NOW, NOW) == 0
    assert await states(store) == {}


def test_a_text_in_a_log_shows_neither_number_nor_words() -> None:
    text = OutboxText("id", PARENT, BODY, "school", NOW, SmsState.waiting, 0, None, None, 0, None, NOW)
    assert PARENT not in repr(text)
    assert BODY not in repr(text)


def test_the_number_in_the_table_is_not_the_number() -> None:
    assert PARENT.encode() not in Cipher(SECRETS).encrypt(PARENT)
