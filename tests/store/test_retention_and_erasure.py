"""Every table is purged and erased, and nothing of a caller can be read in the files."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.environment import OneOffHoliday
from ivr.helpline.alert_lines import AlertLine
from ivr.helpline.data_complaints import Channel
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Closure
from ivr.store import (
    accounts,
    alert_messages,
    alerts,
    blocks,
    call_events,
    callback_list,
    closures,
    daily_counts,
    data_complaints,
    emergency_messages,
    erasure,
    failed_sign_ins,
    notes,
    one_off_holidays,
    provider_resources,
    purge_rounds,
    rota,
    secrets_in_use,
    sms_inbox,
    sms_results,
    staff_sessions,
    voicemail_audio,
    voicemails,
)
from ivr.store.accounts import Account, AccountState, Role
from ivr.store.accounts import Channel as AlertChannel
from ivr.store.alerts import Problem
from ivr.store.audit import By
from ivr.store.call_events import CallOutcome
from ivr.store.cipher import Cipher
from ivr.store.data_complaints import ComplaintState
from ivr.store.database import Store
from ivr.store.failed_sign_ins import Kind
from ivr.store.item_kinds import ItemKind
from ivr.store.purge_rounds import GRACE
from ivr.store.reminders import LATEST
from ivr.store.request_context import RequestContext
from ivr.store.retention import RETENTION, purge
from ivr.store.tables import metadata
from ivr.store.tables import opt_outs as opt_outs_table
from ivr.store.tables import sms_outbox as outbox
from ivr.store.voicemail_audio import PendingRecording
from tests.store import postgres
from tests.store.fixtures import (
    ADVISER,
    BODY,
    DAY,
    MINUTE,
    NO_QUOTAS,
    NOW,
    OTHER,
    PARENT,
    call_event,
    callback_items,
    claim_texts,
    enqueue_text,
    request_callback,
    schedule_reminders,
    states,
)
from tests.store.hunt_driver import HuntDriver
from tests.store.voicemail_driver import Caller

CALL_SID = "CA0123456789abcdef0123456789abcdef"
DUE = NOW + 7 * DAY
NOTE = "She would rather be rung by a woman."
SOUND = b"RIFF" + b"words that nobody is to hear " * 20


async def said_stop(db: AsyncConnection, blind_index: bytes) -> None:
    """Add an opt-out and leave the reminders, which a STOP drops."""
    await db.execute(insert(opt_outs_table).values(blind_index=blind_index, since=NOW, source="provider"))


async def everything(store: Store, number: str) -> None:
    """Add something of a caller to every table."""
    cipher = store.cipher
    await enqueue_text(store, f"{CALL_SID} {number} 1", number)
    await schedule_reminders(store, DUE, key=f"{CALL_SID} {number} 2", to=number)
    [sent] = [text for text in await claim_texts(store) if text.to == number]
    async with store.begin() as db:
        await sms_results.sent(db, sent.id, f"SM{number}", NOW)
        await said_stop(db, cipher.blind_index(number))
        await sms_inbox.receive(db, cipher, f"SM in {number}", number, BODY, NOW)
        call = cipher.blind_index(f"{CALL_SID} {number}")
        await call_events.append(db, [call_event(call, NOW, step="school/menu")])
        await call_events.end(db, call, CallOutcome.text, NOW)
        await call_events.settle(db, [call])
    await request_callback(store, f"{CALL_SID} {number} 3", number, deadline=DUE.date())
    [item] = await callback_items(store)
    async with store.begin() as db:
        await callback_list.attempt(db, item.id, "Ann", "no answer", NOW)
        await callback_list.settle(db, item.id, "Ann", NOW, reached=False)
    async with store.begin() as db:
        await purge_rounds.begin(db, NOW)
    await a_message(store, number)
    async with store.begin() as db:
        await notes.add(db, cipher, ItemKind.callback, item.id, number, NOTE, "Ann", NOW)
    await secrets_in_use.record_of(store, secrets_in_use.WEB, NOW)
    await of_staff(store)
    await hunted_for(store, f"{CALL_SID} {number}", number)
    await complained(store, number)
    async with store.begin() as db:  # last: nothing that they ask for is kept from then on
        await blocks.replace(db, cipher, number, NOTE, NOW + DAY, "Max", NOW)


async def complained(store: Store, number: str) -> None:
    """Take down a complaint about data, and close it."""
    day, id, words = NOW.date(), f"complaint {number}", {"body": "You rang me.", "number": number}
    async with store.begin() as db:
        await data_complaints.add(db, store.cipher, id, words, Channel.letter, day, "Ann", NOW)
        await data_complaints.change(db, store.cipher, id, NOW, state=ComplaintState.closed, closed=day)


async def hunted_for(store: Store, call: str, number: str, adviser: str = ADVISER) -> None:
    """Start a hunt for a caller and ring an adviser."""
    driver = HuntDriver(store, (adviser,), caller=number)
    await driver.start(call)
    await driver.assign()


async def a_message(store: Store, number: str) -> None:
    """Leave a voicemail that is fetched and done."""
    recording = f"RE{number[-3:]}"
    caller = Caller(store, f"{CALL_SID} {number} message", number, context=RequestContext("", "", NOW, NO_QUOTAS))
    id = await caller.leave(recording)
    await caller.submit(id)
    waiting = PendingRecording(id, recording, 1)
    async with store.begin() as db:
        await voicemail_audio.save(db, store.cipher, waiting, SOUND)
        await voicemail_audio.verified(db, waiting, NOW)
        await voicemails.done(db, id, "Ruth", NOW)


async def of_staff(store: Store) -> None:
    """Add an adviser with shifts, a single day and an account, and a closure, unless they are there."""
    by, spans = By("Sam", NOW), parse_spans(["09:00-17:00"])
    async with store.begin() as db:
        if await rota.read(db, store.cipher):
            return
        await rota.add(db, store.cipher, "Jo", ADVISER, by)
        await rota.set_shifts(db, "Jo", [0], spans, by)
        await rota.set_day(db, "Jo", NOW.date(), spans, by)
        await closures.add(db, Closure(NOW + DAY, NOW + 2 * DAY, "training"), by)
        await emergency_messages.replace(db, EmergencyMessage("We are closed.", NOW + DAY), by)
        await one_off_holidays.add(db, OneOffHoliday((NOW + DAY).date(), "the coronation"), by)
        account = await accounts.add(db, store.cipher, "Jo", "jo@helpline.example", Role.adviser, NOW)
        await of_rota_and_hours(db, (await rota.read(db, store.cipher))[0].id, account.id)
        await of_alerts(db, store.cipher, account)
        await staff_sessions.begin(db, account.id, "Firefox on Linux", NOW)
        await failed_sign_ins.begin(db, store.cipher, Kind.password, "jo@helpline.example", "203.0.113.7", NOW)


async def of_rota_and_hours(db: AsyncConnection, adviser: str, account: str) -> None:
    """Add an absence, a reminder of a shift, a calendar, hours and a passkey, each in the fewest columns."""
    day, yesterday, who = NOW.date(), (NOW - DAY).date(), {"adviser": adviser}
    times = {"begins": NOW, "ends": NOW + DAY, "reminded": NOW}
    hours = {
        "starts": day,
        "weekly": '{"monday": ["09:00-17:00"]}',
        "on_bank_holidays": False,
        "confirmed": day,
        "good_until": day,
    }
    key = {"public_key": "k", "sign_count": 0, "name": "Laptop", "created": NOW}
    added: dict[str, dict[str, object]] = {
        "absences": {"id": "a1", **who, "first": yesterday, "last": yesterday, "set_by": "Sam"},
        "shift_reminders": {**who, **times},
        "calendar_feeds": {"id": b"secret", **who, "created": NOW, "created_by": "Jo"},
        "canary_events": {"at": NOW, "steps": "town/hello", "put_through": False},
        "canary_runs": {"id": "r1", "began": NOW, "results": "[]"},
        "number_configurations": {"sid": "PN1", "before": b"sealed", "written": NOW},
        "opening_hours": {**hours, "confirmed_by": "Sam"},
        "passkeys": {"id": "p1", "account": account, **key},
    }
    for name, row in added.items():
        await db.execute(insert(metadata.tables[name]).values(row))


async def of_alerts(db: AsyncConnection, cipher: Cipher, account: Account) -> None:
    """Add something that was wrong, and a message about it that somebody was sent."""
    await alerts.record(db, [Problem("rota", urgent=False, says="a gap", mend="fill it")], ["rota"], NOW - 5 * MINUTE)
    await alerts.record(db, [], ["rota"], NOW)
    await alert_messages.add_told(db, cipher, account, [AlertLine("a gap")], ["rota"], NOW, AlertChannel.email)


async def rows(store: Store) -> dict[str, int]:
    async with store.begin() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


async def purged(store: Store, at: datetime) -> dict[str, int]:
    """Purge as a worker that has been at work for days."""
    async with store.begin() as db:
        await purge_rounds.take_back(db)
        await purge_rounds.begin(db, at - GRACE)
        return await purge(db, at)


def test_every_table_has_its_time() -> None:
    assert set(RETENTION) == set(metadata.sorted_tables)


async def test_every_table_is_written(store: Store) -> None:
    await everything(store, PARENT)
    assert all((await rows(store)).values())


@pytest.mark.parametrize(
    ("table", "last"),
    [
        ("sms_outbox", NOW + 7 * DAY),
        ("reminders", DUE + LATEST + GRACE),
        ("sms_inbox", NOW + 30 * DAY),
        ("voicemails", NOW + 30 * DAY),
        ("calls", NOW + 30 * DAY),
        ("call_events", NOW + 30 * DAY),
        ("hunts", NOW + 30 * DAY),
        ("legs", NOW + 30 * DAY),
        ("idempotency_keys", NOW + 2 * DAY + GRACE),
        ("quota_usage", NOW + 2 * DAY),
        ("secrets_in_use", NOW + 7 * DAY),
        ("callbacks", NOW + 30 * DAY),
        ("absences", (NOW + 29 * DAY).replace(hour=23, minute=59)),
        ("shift_reminders", NOW + 30 * DAY),
        ("shift_overrides", (NOW + 30 * DAY).replace(hour=23, minute=59)),
        ("closures", NOW + 32 * DAY),
        ("emergency_messages", NOW + 31 * DAY),
        ("notes", NOW + 30 * DAY),
        ("blocks", NOW + 31 * DAY),
        ("audit_log", NOW + 365 * DAY),
        ("failed_sign_ins", NOW + 2 * DAY),
        ("staff_sessions", NOW + 30 * DAY),
        ("data_complaints", (NOW + 365 * DAY).replace(hour=23, minute=59)),
    ],
)
async def test_a_table_is_purged_in_its_time_and_not_before(store: Store, table: str, last: datetime) -> None:
    await everything(store, PARENT)
    before = (await rows(store))[table]
    await purged(store, last)
    assert (await rows(store))[table] == before
    assert (await purged(store, last + MINUTE))[table] == before
    assert (await rows(store))[table] == 0


async def test_a_message_that_nobody_has_dealt_with_is_never_purged(store: Store) -> None:
    caller = Caller(store, context=RequestContext("", "", NOW, NO_QUOTAS))
    await caller.submit(await caller.leave())
    await caller.start()
    await caller.discard(await caller.start())
    await purged(store, NOW + 10_000 * DAY)
    assert (await rows(store))["voicemails"] == 1


async def test_counts_and_stops_and_advisers_with_their_shifts_are_never_purged(store: Store) -> None:
    await everything(store, PARENT)
    for_good = {
        "accounts",
        "audit_ends",
        "index_keys",
        "daily_counts",
        "opt_outs",
        "provider_resources",
        "advisers",
        "shifts",
        "one_off_holidays",
        "calendar_feeds",
        "number_configurations",
        "opening_hours",
        "passkeys",
        "heartbeats",
        "purge_rounds",
    }
    for _ in range(2):
        await purged(store, NOW + 10_000 * DAY)
        assert {table for table, n in (await rows(store)).items() if n} == for_good


async def test_an_account_is_kept_a_year_after_they_left(store: Store) -> None:
    await everything(store, PARENT)
    async with store.begin() as db:
        [account] = await accounts.read(db, store.cipher)
        await accounts.change(db, account.id, NOW, state=AccountState.left)
    for at, left in ((NOW + 365 * DAY, 1), (NOW + 365 * DAY + MINUTE, 0)):
        await purged(store, at)
        assert (await rows(store))["accounts"] == left


async def test_whoever_still_waits_to_be_rung_back_is_never_forgotten(store: Store) -> None:
    await request_callback(store)
    await purged(store, NOW + 10_000 * DAY)
    assert len(await callback_items(store)) == 1


async def test_the_attempts_go_with_the_call_back(store: Store) -> None:
    await everything(store, PARENT)
    await purged(store, NOW + 30 * DAY + MINUTE)
    assert (await rows(store))["callback_attempts"] == 0


async def test_a_text_is_kept_a_week_from_its_last_state(store: Store) -> None:
    await enqueue_text(store)
    [text] = await claim_texts(store)
    async with store.begin() as db:
        await sms_results.sent(db, text.id, "SM1", NOW + DAY)
        await sms_results.delivery(db, text.id, "SM1", "delivered", None, NOW + 3 * DAY)
    await purged(store, NOW + 10 * DAY)
    assert await states(store) == {"delivered": 1}
    await purged(store, NOW + 10 * DAY + MINUTE)
    assert await states(store) == {}


async def test_a_promise_that_no_worker_ever_kept_is_counted_when_it_is_given_up(store: Store) -> None:
    await enqueue_text(store)
    await schedule_reminders(store, DUE, DUE)
    at = DUE + LATEST + GRACE + MINUTE
    await purged(store, at)
    async with store.begin() as db:
        found = await daily_counts.read(db, at.date(), at.date())
    assert found == {(at.date(), "text failed"): 1, (at.date(), "reminder failed"): 2}


async def test_erasing_a_number_leaves_no_row_of_it_but_the_stop_and_a_block(store: Store) -> None:
    await everything(store, PARENT)
    async with store.begin() as db:
        gone = await erasure.erase(db, store.cipher, PARENT, NOW)
        left = await erasure.export(db, store.cipher, PARENT)
        deleted_at_the_provider = await provider_resources.due(db, NOW, 10)
    assert gone == {"texts": 1, "reminders": 1, "inbox": 1, "callbacks": 1, "messages": 1} | {
        **{"adviser_calls": 1, "notes": 1}
    }
    assert (left["texts"], left["reminders"], left["inbox"], left["messages"]) == ([], [], [], [])
    assert (left["callbacks"], left["attempts"], left["adviser_calls"], left["notes"]) == ([], [], [], [])
    assert (await rows(store))["callback_attempts"] == 0
    assert (await rows(store))["quota_usage"] == 0
    assert left["stopped_since"] == NOW.isoformat()
    assert left["blocks"] == [{"since": NOW.isoformat(), "until": (NOW + DAY).isoformat(), "why": NOTE}]
    assert sorted(one.sid for one in deleted_at_the_provider) == [f"RE{PARENT[-3:]}", f"SM{PARENT}"]


async def test_an_adviser_who_is_erased_as_a_caller_stays_on_the_rota_and_is_shown_so(store: Store) -> None:
    await everything(store, ADVISER)
    async with store.begin() as db:
        await erasure.erase(db, store.cipher, ADVISER, NOW)
        assert (await erasure.export(db, store.cipher, ADVISER))["adviser"] == "Jo"
        assert (await erasure.export(db, store.cipher, PARENT))["adviser"] is None
        assert [adviser.number for adviser in await rota.read(db, store.cipher)] == [ADVISER]


async def test_erasing_one_number_leaves_the_others(store: Store) -> None:
    await everything(store, OTHER)
    async with store.begin() as db:
        before = await erasure.export(db, store.cipher, OTHER)
        gone = await erasure.erase(db, store.cipher, PARENT, NOW)
        assert set(gone.values()) == {0}
        assert await erasure.export(db, store.cipher, OTHER) == before


async def test_erasing_twice_does_no_harm(store: Store) -> None:
    await everything(store, PARENT)
    for expected in (1, 0):
        async with store.begin() as db:
            assert (await erasure.erase(db, store.cipher, PARENT, NOW))["texts"] == expected


async def test_a_text_erased_before_it_was_sent_is_not_sent(store: Store) -> None:
    await enqueue_text(store)
    await schedule_reminders(store, DUE)
    async with store.begin() as db:
        await erasure.erase(db, store.cipher, PARENT, NOW)
    assert await claim_texts(store, DUE) == []


async def test_whoever_asks_is_shown_all_that_is_kept_of_them(store: Store) -> None:
    await everything(store, PARENT)
    await everything(store, OTHER)
    async with store.begin() as db:
        shown = await erasure.export(db, store.cipher, PARENT)
    assert shown["number"] == PARENT
    [sent], [reminder], [incoming], [message] = (shown[name] for name in ("texts", "reminders", "inbox", "messages"))
    assert (sent["body"], sent["topic"], sent["state"]) == (BODY, "school", "sent")
    assert (reminder["body"], reminder["due"]) == (f"{BODY} 0", DUE.isoformat())
    assert (incoming["body"], incoming["received"]) == (BODY, NOW.isoformat())
    [back] = shown["callbacks"]
    assert (back["topic"], back["deadline"], back["part"], back["state"]) == (
        *("school", DUE.date().isoformat(), "morning", "gave_up"),
    )
    assert shown["attempts"] == [{"rung": NOW.isoformat(), "how": "no answer"}]
    assert (message["sound"], message["seconds"], message["topic"]) == (True, 42, "deadline")
    assert (message["state"], message["deadline"], message["began"]) == ("done", "2026-12-14", NOW.isoformat())
    [complaint] = shown["complaints"]
    assert (complaint["body"], complaint["state"], complaint["received"]) == ("You rang me.", "closed", "2026-11-23")
    [talk], [note] = shown["adviser_calls"], shown["notes"]
    assert (talk["topic"], talk["began"]) == ("school", NOW.isoformat())
    assert (note["kind"], note["body"], note["at"]) == ("callback", NOTE, NOW.isoformat())
    assert {asked["kind"] for asked in shown["requests"]} == {"texts", "callbacks", "messages"}
    assert shown["stopped_since"] == NOW.isoformat()
    assert shown["at_the_provider"] == [
        {"kind": "recording", "sid": f"RE{PARENT[-3:]}", "deleted_from": NOW.isoformat()},
        {"kind": "message", "sid": f"SM{PARENT}", "deleted_from": (NOW + 7 * DAY).isoformat()},
    ]


def files(url: str) -> bytes:
    """Return every byte of the database, its write-ahead log included."""
    address = urlsplit(url)
    if address.scheme == "sqlite":
        return b"".join(file.read_bytes() for file in Path(address.path[1:]).parent.glob("kept.db*"))
    server = postgres.start()
    server.run("checkpoint", url)
    oid = server.run("select oid from pg_database where datname = current_database()", url).split()[-1]
    log = sorted((server.folder / "pg_wal").glob("0*"), key=lambda file: file.stat().st_mtime)[-2:]
    return b"".join(file.read_bytes() for file in (*(server.folder / "base" / oid).iterdir(), *log))


async def test_in_the_files_of_the_database_no_number_and_no_words_can_be_read(store: Store, url: str) -> None:
    number = "+447700900789"  # in no other test: a PostgreSQL server keeps the log of all of them
    await enqueue_text(store, f"{CALL_SID}789 1", number)
    await schedule_reminders(store, DUE, key=f"{CALL_SID}789 2", to=number)
    async with store.begin() as db:
        await said_stop(db, store.cipher.blind_index(number))
        await rota.add(db, store.cipher, "Jo", number, By("Sam", NOW))
        await sms_inbox.receive(db, store.cipher, "SM789789", number, BODY, NOW)
    await request_callback(store, f"{CALL_SID}789 3", number)
    async with store.begin() as db:
        call = store.cipher.blind_index(f"{CALL_SID}789")
        await call_events.append(db, [call_event(call, NOW, step="school/menu")])
    await a_message(store, number)
    await hunted_for(store, f"{CALL_SID}789", number, "+447700900788")
    async with store.begin() as db:
        await notes.add(db, store.cipher, ItemKind.talk, "h1", number, NOTE, "Ann", NOW)
    kept = files(url)
    assert b"school/menu" in kept  # what is no secret can be found: we are looking in the right place
    words = BODY, BODY[:20], NOTE[:20], "nobody is to hear"
    for secret in (number[1:], number[3:], "00900789", "00900788", *words, f"{CALL_SID}789", "SM789789"):
        assert secret.encode() not in kept
        assert secret.encode("utf-16-le") not in kept


async def test_what_is_deleted_from_sqlite_is_overwritten(store: Store, url: str) -> None:
    if not url.startswith("sqlite"):
        return  # how long PostgreSQL keeps its log, its operator decides
    await enqueue_text(store)
    async with store.begin() as db:
        sealed = await db.scalar(select(outbox.c.body))
    assert isinstance(sealed, bytes)
    assert sealed in files(url)
    async with store.begin() as db:
        await erasure.erase(db, store.cipher, PARENT, NOW)
    await store.scrub()
    assert sealed not in files(url)
