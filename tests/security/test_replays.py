"""A signed webhook that is replayed has no effect a second time, however late it comes."""

from datetime import timedelta

import pytest

from ivr.store import purge_rounds
from ivr.store.purge_rounds import GRACE
from ivr.store.retention import RETENTION, purge
from ivr.store.tables import call_events, idempotency_keys, opt_outs
from ivr.store.tables import sms_outbox as texts_table
from tests.security.replay import A_TEXT, WebhookLog, stored_rows
from tests.web.running_app import RunningApp
from tests.web.webhooks import URL, action, ask, form_of, said

LATER = [timedelta(0), timedelta(hours=3), timedelta(hours=47), timedelta(days=2, hours=1), timedelta(days=7)]
later = pytest.mark.parametrize("passed", LATER, ids=str)


async def goes_by(here: RunningApp, passed: timedelta) -> None:
    """Advance the clock, and purge as a worker does that was always at work."""
    here.clock.passes(passed)
    async with here.store.begin() as db:
        await purge_rounds.take_back(db)
        await purge_rounds.begin(db, here.clock() - GRACE)
        await purge(db, here.clock())


@later
async def test_a_whole_call_that_is_replayed_promises_nothing_new(here: RunningApp, passed: timedelta) -> None:
    log = WebhookLog(here)
    assert "We will text you" in said(await log.call(*A_TEXT))
    await goes_by(here, passed)
    before = await stored_rows(here)
    for webhook in log.webhooks:
        assert (await webhook.replay(here)).status_code == 200
    assert await stored_rows(here) == before


async def test_on_the_same_day_each_answer_is_the_same_to_the_byte(here: RunningApp) -> None:
    log = WebhookLog(here)
    await log.call(*A_TEXT)
    for webhook in log.webhooks:
        assert (await webhook.replay(here)).text == webhook.answer.text


async def test_a_week_later_whoever_replays_a_key_press_hears_only_where_every_call_begins(here: RunningApp) -> None:
    log = WebhookLog(here)
    await log.call("1", "1", "14102026", "1", "2")
    here.clock.passes(timedelta(days=7))
    last_day, then = log.webhooks[-1].answer, await log.webhooks[-1].replay(here)
    assert "fourteenth of December" in said(last_day)
    assert "fourteenth of December" not in said(then)
    assert "lost our place" in said(then)


async def test_a_call_over_midnight_is_not_noticed(here: RunningApp) -> None:
    here.clock.now = here.clock.now.replace(hour=23, minute=59)
    letter = await here.rings("CA1", "1")
    here.clock.passes(timedelta(minutes=2))
    date = await ask(here.app, action(letter), form_of(Digits="1"))
    assert "date on your newest decision letter" in said(date)


async def test_the_memory_of_a_call_grows_old_before_what_became_of_its_promises_is_forgotten(here: RunningApp) -> None:
    # A state token made in the first second of a day is good for two days.
    assert RETENTION[idempotency_keys].period == timedelta(days=2) + GRACE
    log = WebhookLog(here)
    await log.call(*A_TEXT)
    await goes_by(here, timedelta(hours=37, minutes=59, seconds=59))  # the last second of the day after
    assert (await log.webhooks[-1].replay(here)).status_code == 200
    assert "lost our place" not in said(await log.webhooks[-1].replay(here))
    assert len(await here.rows(texts_table)) == 1
    await goes_by(here, timedelta(seconds=1))
    assert "lost our place" in said(await log.webhooks[-1].replay(here))
    assert len(await here.rows(texts_table)) == 1


async def test_the_first_webhook_replayed_opens_no_second_record(here: RunningApp) -> None:
    log = WebhookLog(here)
    await log.call()
    await log.post(f"{URL}/voice/status", form_of(CallStatus="completed"))
    here.clock.passes(timedelta(days=7))
    for webhook in log.webhooks:
        await webhook.replay(here)
    assert {row.call for row in await here.rows(call_events)} == {here.store.cipher.blind_index("CA1")}


async def test_the_end_of_a_call_replayed_changes_no_record(here: RunningApp) -> None:
    log = WebhookLog(here)
    await log.post(f"{URL}/voice/status", form_of(CallStatus="completed"))
    before = await here.record("CA1")
    here.clock.passes(timedelta(days=7))
    await log.webhooks[0].replay(here)
    assert await here.record("CA1") == before


@pytest.mark.parametrize("passed", LATER[:3], ids=str)
async def test_a_replayed_stop_does_not_undo_a_later_start(here: RunningApp, passed: timedelta) -> None:
    log = WebhookLog(here)
    await log.text("STOP", "SM1")
    await log.text("START", "SM2")
    await goes_by(here, passed)
    assert (await log.webhooks[0].replay(here)).text == log.webhooks[0].answer.text
    assert await here.rows(opt_outs) == []


@pytest.mark.parametrize("passed", LATER[:3], ids=str)
async def test_a_replayed_start_does_not_undo_a_later_stop(here: RunningApp, passed: timedelta) -> None:
    log = WebhookLog(here)
    await log.text("START", "SM1")
    await log.text("STOP", "SM2")
    await goes_by(here, passed)
    await log.webhooks[0].replay(here)
    assert len(await here.rows(opt_outs)) == 1


async def test_even_a_start_replayed_a_week_later_has_nobody_texted(here: RunningApp) -> None:
    log = WebhookLog(here)
    await log.text("START", "SM1")
    await log.text("STOP", "SM2")
    await goes_by(here, timedelta(days=7))
    await log.webhooks[0].replay(here)
    assert await here.rows(texts_table) == []


async def test_an_ordinary_text_replayed_is_kept_and_answered_once(here: RunningApp) -> None:
    log = WebhookLog(here)
    first = await log.text("When do you open?", "SM1")
    before = await stored_rows(here)
    assert (await log.webhooks[0].replay(here)).text == first.text
    assert await stored_rows(here) == before
