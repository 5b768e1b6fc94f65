"""Incoming texts are obeyed, stored and answered once a day; status callbacks of outgoing ones are stored."""

from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import Table

from ivr.engine.effects import EffectStatus, ScheduleReminders, SendText
from ivr.loader import load
from ivr.store import blocks, effects, opt_outs, sms_inbox, sms_outbox, sms_results
from ivr.store.quotas import Quotas
from ivr.store.request_context import RequestContext
from ivr.store.tables import provider_resources, reminders
from ivr.store.tables import sms_inbox as inbox_table
from ivr.tokens import SmsIdTokens
from tests.conftest import Output
from tests.web.running_app import DOWN, SHORT, RunningApp, has_number, running_app
from tests.web.webhooks import CALLER, NOW, SETTINGS

OURS, OTHER = "+447700900999", "+447700900456"
SILENCE = '<?xml version="1.0" encoding="UTF-8"?><Response />'
HELPFUL = load().flows.words.text("helpline.sms_answer")
SMS_SID = "SM" + "1" * 32
STOPS = ["STOP", " stop. ", "STOPALL", "Unsubscribe", "CANCEL", "END", "QUIT", "revoke", "OptOut"]
OWN_STOPS = ["OPT OUT", "Stop all", "“STOP”", "STOP,", "Stop\nJo Marsh", "remove", "please stop", "S\u200btop \u202c"]
"""Spellings that the provider does not obey."""


async def texts_us(here: RunningApp, body: str, sid: str = "SM1", number: str = CALLER, **more: str) -> httpx2.Response:
    """Send a text to our number."""
    form = {"MessageSid": sid, "From": number, "To": OURS, "Body": body, "NumMedia": "0", **more}
    return await here.post("/sms", form)


async def send_status(here: RunningApp) -> EffectStatus:
    """Return the status of sending the caller a text."""
    text = SendText(CALLER, "Hello.", "school")
    async with here.store.begin() as db:
        request_context = RequestContext("CA1", uuid4().hex, here.clock(), Quotas(100, 100))
        return (await effects.perform(db, here.store.cipher, request_context, text)).status


async def has_reminder(here: RunningApp) -> None:
    effect = ScheduleReminders(CALLER, "deadline", ((NOW + timedelta(days=9), "A date to keep."),))
    async with here.store.begin() as db:
        await effects.perform(
            db, here.store.cipher, RequestContext("CA1", uuid4().hex, here.clock(), Quotas(100, 100)), effect
        )


async def for_staff(here: RunningApp) -> list[tuple[str | None, str | None]]:
    """Return the inbox: numbers and bodies."""
    async with here.store.begin() as db:
        return [(one.number, one.body) for one in await sms_inbox.read(db, here.store.cipher, 100)]


async def is_stopped(here: RunningApp) -> bool:
    async with here.store.begin() as db:
        return await opt_outs.is_opted_out(db, here.store.cipher.blind_index(CALLER))


@pytest.mark.parametrize("word", [*STOPS, *OWN_STOPS])
async def test_stop_and_its_synonyms_hold_and_we_do_not_answer(here: RunningApp, word: str) -> None:
    await has_reminder(here)
    assert (await texts_us(here, word)).text == SILENCE
    assert await send_status(here) is EffectStatus.stopped
    assert await here.rows(reminders) == []
    assert await for_staff(here) == []


async def test_what_the_provider_takes_for_a_stop_is_one_whatever_the_words(here: RunningApp) -> None:
    assert (await texts_us(here, "Arrêt", OptOutType="STOP")).text == SILENCE
    assert await is_stopped(here)


@pytest.mark.parametrize(
    "word", ["please do not stop helping me", "I cannot stop him running off", "the end", "no way", ""]
)
async def test_words_that_only_contain_one_stop_nothing(here: RunningApp, word: str) -> None:
    await has_reminder(here)
    await texts_us(here, word)
    assert not await is_stopped(here)
    assert len(await here.rows(reminders)) == 1


@pytest.mark.parametrize(
    ("word", "kind"), [("START", {}), ("Unstop", {}), ("yes", {}), ("go", {"OptOutType": "START"})]
)
async def test_stop_holds_until_start(here: RunningApp, word: str, kind: dict[str, str]) -> None:
    await texts_us(here, "STOP", "SM1")
    await texts_us(here, "hello?", "SM2")
    assert await send_status(here) is EffectStatus.stopped
    assert (await texts_us(here, word, "SM3", **kind)).text == SILENCE
    assert await send_status(here) is EffectStatus.kept


@pytest.mark.parametrize(("body", "kind"), [("HELP", {}), ("info", {}), ("aide", {"OptOutType": "HELP"})])
async def test_what_the_provider_helps_with_is_kept_for_staff_and_not_answered_twice(
    here: RunningApp, body: str, kind: dict[str, str]
) -> None:
    assert (await texts_us(here, body, **kind)).text == SILENCE
    assert await for_staff(here) == [(CALLER, body)]


async def test_help_in_other_words_is_answered_by_us(here: RunningApp) -> None:
    assert HELPFUL in (await texts_us(here, "Help!")).text


@pytest.mark.parametrize("word", ["yes", "Yes please", "NO", "no thanks"])
async def test_a_wish_that_changes_nothing_is_a_text_like_any_other(here: RunningApp, word: str) -> None:
    assert HELPFUL in (await texts_us(here, word)).text
    assert await for_staff(here) == [(CALLER, word)]


@pytest.mark.parametrize("word", ["START", "unstop"])
async def test_a_start_that_changes_nothing_is_kept_and_the_provider_answers_it(here: RunningApp, word: str) -> None:
    assert (await texts_us(here, word)).text == SILENCE
    assert await for_staff(here) == [(CALLER, word)]


async def test_a_second_stop_changes_nothing_and_whoever_said_stop_is_not_answered(here: RunningApp) -> None:
    for place, body in enumerate(["STOP", "OPT OUT", "Are you there?"]):
        assert (await texts_us(here, body, f"SM{place}")).text == SILENCE
    assert await is_stopped(here)
    assert {body for _, body in await for_staff(here)} == {"OPT OUT", "Are you there?"}


@pytest.mark.parametrize("body", ["yes", "NO", "STOP", "START"])
async def test_a_wish_delivered_again_has_the_outcome_of_the_first(here: RunningApp, body: str) -> None:
    await has_reminder(here)
    first, again = await texts_us(here, body), await texts_us(here, body)
    assert first.text == again.text
    assert len(await for_staff(here)) == (1 if body in ("yes", "START") else 0)


@pytest.mark.parametrize(
    ("word", "by_provider"), [("STOP", True), ("quit", True), *((one, False) for one in OWN_STOPS)]
)
async def test_what_the_provider_does_not_know_for_a_stop_can_be_lifted_by_us(
    here: RunningApp, word: str, by_provider: bool
) -> None:
    await texts_us(here, word)
    async with here.store.begin() as db:
        assert await opt_outs.is_held_by_provider(db, here.store.cipher.blind_index(CALLER)) == by_provider


# A flood.


async def test_a_flood_of_texts_is_bounded_counted_and_told_once(url: str, output: Output) -> None:
    async with running_app(url, inbox_per_number=3) as here:
        for n in range(9):
            assert (await texts_us(here, f"Text {n}.", f"SM{n}")).status_code == 200
        assert len(await for_staff(here)) == 3
        due = sorted(row.due - here.clock() for row in await here.rows(provider_resources))
        assert due == [timedelta()] * 6 + [timedelta(days=7)] * 3, "what is not kept is deleted there at once"
    logged = output()
    assert logged.count("incoming texts refused") == 1
    assert "IVR_INBOX_PER_NUMBER" in logged
    assert not has_number(logged)


@pytest.mark.parametrize("word", ["STOP", "opt out"])
async def test_stop_is_obeyed_in_the_middle_of_a_flood(url: str, word: str) -> None:
    async with running_app(url, inbox_per_number=0, inbox_per_hour=0) as here:
        await texts_us(here, "Hello?", "SM1")
        await texts_us(here, word, "SM2")
        assert await is_stopped(here)
        assert await for_staff(here) == []


async def test_texts_of_the_islands_are_answered_only_if_the_operator_pays_for_them(url: str) -> None:
    for islands in (False, True):
        async with running_app(url, text_islands=islands) as here:
            answer = await texts_us(here, "Hello?", f"SM{islands}", number="+447797712345")
            assert (HELPFUL in answer.text) == islands


@pytest.mark.parametrize("word", ["NO", "no", "No.", " no! "])
async def test_no_stops_reminders_and_nothing_else(here: RunningApp, word: str) -> None:
    await has_reminder(here)
    assert (await texts_us(here, word)).text == SILENCE
    assert await here.rows(reminders) == []
    assert await send_status(here) is EffectStatus.kept
    assert await for_staff(here) == []


async def test_no_stops_nobody_elses_reminders(here: RunningApp) -> None:
    await has_reminder(here)
    await texts_us(here, "NO", number=OTHER)
    assert len(await here.rows(reminders)) == 1


async def test_any_other_text_gets_one_helpful_answer_a_day_and_is_kept_for_staff(here: RunningApp) -> None:
    assert HELPFUL in (await texts_us(here, "When do you ring?", "SM1")).text
    here.clock.passes(timedelta(hours=23))
    assert (await texts_us(here, "Hello?", "SM2")).text == SILENCE
    assert HELPFUL in (await texts_us(here, "Hello too.", "SM3", number=OTHER)).text
    here.clock.passes(timedelta(hours=1, minutes=1))
    assert HELPFUL in (await texts_us(here, "Still there?", "SM4")).text
    kept = {(CALLER, "When do you ring?"), (CALLER, "Hello?"), (OTHER, "Hello too."), (CALLER, "Still there?")}
    assert set(await for_staff(here)) == kept


@pytest.mark.parametrize(("told", "kept"), [("2", 2), ("999999999", 10), ("", 0), ("-1", 0), ("٣", 0), ("one", 0)])
async def test_how_many_pictures_came_with_a_text_is_kept_and_none_of_them(
    here: RunningApp, told: str, kept: int
) -> None:
    await texts_us(here, "", NumMedia=told, MediaUrl0="https://api.twilio.example/media/ME1")
    [text] = await here.rows(inbox_table)
    assert text.media == kept


async def test_the_answer_goes_back_the_way_the_text_came(here: RunningApp) -> None:
    answer = await texts_us(here, "Hello?")
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.endswith(f"<Response><Message>{HELPFUL}</Message></Response>")


async def test_the_same_text_delivered_twice_is_kept_once_and_answered_the_same(here: RunningApp) -> None:
    first, again = await texts_us(here, "Hello?"), await texts_us(here, "Hello?")
    assert first.text == again.text
    assert HELPFUL in first.text
    assert len(await for_staff(here)) == 1
    assert len(await here.rows(provider_resources)) == 1


@pytest.mark.parametrize("word", ["STOP", "START", "NO", "Hello?"])
async def test_the_providers_own_record_of_a_text_is_remembered_so_that_it_can_be_deleted(
    here: RunningApp, word: str
) -> None:
    await texts_us(here, word)
    [kept] = await here.rows(provider_resources)
    assert (kept.kind, kept.sid, kept.blind_index) == ("message", "SM1", here.store.cipher.blind_index(CALLER))


async def test_words_that_would_break_a_document_do_not(here: RunningApp) -> None:
    body = "<Dial>" + "\N{GRINNING FACE} é \u0661 ' \" ; drop table texts" * 20
    assert HELPFUL in (await texts_us(here, body)).text
    assert await for_staff(here) == [(CALLER, body)]


@pytest.mark.parametrize("word", ["STOP", "START", "NO", "Hello?"])
async def test_with_the_database_down_the_provider_is_told_to_ask_elsewhere(word: str, output: Output) -> None:
    async with running_app(DOWN, SHORT) as here:
        answer = await texts_us(here, word)
        assert answer.status_code == 503
        assert "<Response" not in answer.text
    logged = output()
    assert "the database is down" in logged
    assert not has_number(logged)


async def test_a_text_that_nobody_signed_is_refused(here: RunningApp) -> None:
    form = {"MessageSid": "SM1", "From": CALLER, "To": OURS, "Body": "STOP"}
    for signature in ("", "bm90IG91ciBzZWNyZXQ="):
        assert (await here.post("/sms", form, signature)).status_code == 403
        assert (await here.post("/sms/status?t=x", form, signature)).status_code == 403
    assert not await is_stopped(here)


# Status callbacks of outgoing texts.


async def is_sending(here: RunningApp) -> str:
    """Claim a text for sending; return its id."""
    await send_status(here)
    async with here.store.begin() as db:
        [text] = await sms_outbox.claim(db, here.store.cipher, here.clock(), timedelta(minutes=1), 1)
    return text.id


async def status_callback(here: RunningApp, id: str, status: str, secret: bytes | None = None, **more: str) -> int:
    """Send a status callback of a text; return the HTTP status."""
    token = SmsIdTokens([secret] if secret else SETTINGS.secrets).close(id)
    form = {"MessageSid": SMS_SID, "MessageStatus": status, "SmsStatus": status, "To": CALLER, "From": OURS, **more}
    return (await here.post(f"/sms/status?t={token}", form)).status_code


async def state(here: RunningApp) -> tuple[str, str | None]:
    [text] = await here.texts()
    return text.state.value, text.reason


@pytest.mark.parametrize(
    ("told", "state_then"),
    [
        (("queued",), "sent"),
        (("sent",), "sent"),
        (("delivered",), "delivered"),
        (("queued", "sent", "delivered"), "delivered"),
        (("delivered", "sent", "queued"), "delivered"),
        (("sent", "delivered", "delivered", "sent"), "delivered"),
        (("delivered", "undelivered"), "delivered"),
        (("failed", "sent"), "failed"),
    ],
    ids=str,
)
async def test_status_callbacks_may_come_late_twice_and_in_any_order(
    here: RunningApp, told: tuple[str, ...], state_then: str
) -> None:
    id = await is_sending(here)
    for status in told:
        assert await status_callback(here, id, status) == 204
    assert (await state(here))[0] == state_then
    assert (await here.texts())[0].sid == SMS_SID


async def test_a_status_callback_days_late_is_taken(here: RunningApp) -> None:
    id = await is_sending(here)
    here.clock.passes(timedelta(days=6))
    await status_callback(here, id, "delivered")
    assert await state(here) == ("delivered", None)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("30005", "nobody has this number (30005)"),
        ("30003", "the phone was switched off or out of reach (30003)"),
        ("12345", "the provider says only: 12345"),
        ("", "undelivered"),
        ("x", "undelivered"),
    ],
)
async def test_why_a_text_did_not_arrive_is_kept_in_words_for_staff(here: RunningApp, code: str, reason: str) -> None:
    await status_callback(here, await is_sending(here), "undelivered", ErrorCode=code)
    assert await state(here) == ("failed", reason)


@pytest.mark.parametrize("code", ["30002", "21606", "30001"])
async def test_what_passes_is_sent_again_later(here: RunningApp, code: str) -> None:
    id = await is_sending(here)
    for _ in range(2):
        await status_callback(here, id, "failed", ErrorCode=code)
    [text] = await here.texts()
    assert (text.state.value, text.sid, text.attempts) == ("waiting", None, 1)


async def test_old_news_of_an_attempt_that_was_replaced_changes_nothing(here: RunningApp) -> None:
    id = await is_sending(here)
    await status_callback(here, id, "failed", ErrorCode="30002")
    here.clock.passes(timedelta(minutes=5))
    async with here.store.begin() as db:
        await sms_outbox.claim(db, here.store.cipher, here.clock(), timedelta(minutes=1), 1)
        await sms_results.sent(db, id, "SM" + "2" * 32, here.clock())
    for status in ("sent", "failed", "undelivered"):
        await status_callback(here, id, status, ErrorCode="30002")
    assert await state(here) == ("sent", None)


async def test_an_undelivered_text_to_whoever_said_stop_promises_no_other(here: RunningApp) -> None:
    id = await is_sending(here)
    await status_callback(here, id, "undelivered", ErrorCode="21610")
    assert await state(here) == ("failed", "they said STOP (21610)")
    assert await send_status(here) is EffectStatus.stopped


async def test_a_late_callback_of_a_stop_does_not_undo_a_start(here: RunningApp) -> None:
    id = await is_sending(here)
    await status_callback(here, id, "undelivered", ErrorCode="21610")
    await texts_us(here, "START")
    await status_callback(here, id, "undelivered", ErrorCode="21610")
    assert not await is_stopped(here)


async def test_a_status_callback_with_a_forged_id_changes_nothing(here: RunningApp, output: Output) -> None:
    id = await is_sending(here)
    assert await status_callback(here, id, "delivered", secret=b"x" * 32) == 204
    for token in ("", "x", "A" * 43, "%00", "%C3%A9", "A" * 5000):
        form = {"MessageSid": SMS_SID, "MessageStatus": "delivered", "To": CALLER}
        assert (await here.post(f"/sms/status?t={token}", form)).status_code == 204
    assert (await state(here))[0] == "sending"
    assert "token rejected" in output()


async def test_a_status_callback_sealed_with_the_old_secret_is_taken(url: str) -> None:
    old, new = SETTINGS.secret_key, "r" * 42 + "0"
    async with running_app(url, secret_key=f"{new},{old}") as here:
        await status_callback(here, await is_sending(here), "delivered", secret=SETTINGS.secrets[0])
        assert (await state(here))[0] == "delivered"


async def test_a_status_callback_of_an_erased_text_deletes_it_at_the_provider_too(here: RunningApp) -> None:
    assert await status_callback(here, str(uuid4()), "delivered") == 204
    assert await here.texts() == []
    [kept] = await here.rows(provider_resources)
    assert (kept.sid, kept.blind_index, kept.due) == (SMS_SID, None, here.clock())


async def test_a_status_callback_that_cannot_be_stored_is_answered_with_503(output: Output) -> None:
    async with running_app(DOWN, SHORT) as here:
        assert await status_callback(here, str(uuid4()), "delivered") == 503
    assert not has_number(output())


async def test_no_number_and_no_word_stands_in_the_log(here: RunningApp, output: Output) -> None:
    for place, body in enumerate([*STOPS, "START", "NO", f"ring me on {CALLER}"]):
        await texts_us(here, body, f"SM{place}")
    await status_callback(here, await is_sending(here), "undelivered", ErrorCode="30005")
    logged = output()
    assert not has_number(logged)
    assert "ring me on" not in logged


@pytest.mark.parametrize("table", [inbox_table, reminders], ids=lambda table: table.name)
async def test_what_is_kept_is_kept_sealed(here: RunningApp, table: Table) -> None:
    await has_reminder(here)
    await texts_us(here, "My words.")
    kept = repr(await here.rows(table))
    assert kept != "[]"
    assert not has_number(kept)
    assert "My words." not in kept


async def test_a_blocked_callers_text_is_kept_for_staff_and_gets_no_answer(here: RunningApp) -> None:
    until = NOW + timedelta(days=7)
    async with here.store.begin() as db:
        await blocks.replace(db, here.store.cipher, CALLER, "Threatened Jo.", until, "Max", NOW)
    assert (await texts_us(here, "Is anybody there?")).text == SILENCE
    assert await for_staff(here) == [(CALLER, "Is anybody there?")]
    assert HELPFUL in (await texts_us(here, "Is anybody there?", "SM2", OTHER)).text
    assert (await texts_us(here, "STOP", "SM3")).text == SILENCE
    assert await is_stopped(here)
