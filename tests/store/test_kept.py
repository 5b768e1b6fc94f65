"""Every table: written, read, purged, erased; and nothing of a caller to be read in the files."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from ivr.store import counts, erasure, inbox, records, resources, stops, texts
from ivr.store.database import Store
from ivr.store.purge import RETENTION, purge
from ivr.store.records import Ended, Line
from ivr.store.reminders import LATEST
from ivr.store.tables import metadata
from ivr.store.tables import texts as outbox
from tests.store import postgres
from tests.store.made_up import (
    BODY,
    DAY,
    MINUTE,
    NOW,
    OTHER,
    PARENT,
    claimed,
    reminders_promised,
    states,
    text_promised,
)

CALL_SID = "CA0123456789abcdef0123456789abcdef"
DUE = NOW + 7 * DAY


async def everything(store: Store, number: str) -> None:
    """Something of a caller in every table."""
    cipher = store.cipher
    await text_promised(store, f"{CALL_SID} {number} 1", number)
    await reminders_promised(store, DUE, key=f"{CALL_SID} {number} 2", to=number)
    [sent] = [text for text in await claimed(store) if text.to == number]
    async with store.begin() as db:
        await texts.sent(db, sent.id, f"SM{number}", NOW)
        await stops.stop(db, cipher.mark(number), NOW)
        await inbox.take(db, cipher, f"SM in {number}", number, BODY, NOW)
        call = cipher.mark(f"{CALL_SID} {number}")
        await records.write(db, [Line(call, NOW, "school/menu", "Digits", "school", 0)])
        await records.close(db, call, Ended.text, NOW + MINUTE)


async def rows(store: Store) -> dict[str, int]:
    async with store.begin() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


async def purged(store: Store, at: datetime) -> dict[str, int]:
    async with store.begin() as db:
        return await purge(db, at)


def test_every_table_has_its_time() -> None:
    assert set(RETENTION) == set(metadata.sorted_tables)


async def test_every_table_is_written(store: Store) -> None:
    await everything(store, PARENT)
    assert all((await rows(store)).values())


@pytest.mark.parametrize(
    ("table", "last"),
    [
        ("texts", NOW + 7 * DAY),
        ("reminders", DUE + LATEST),
        ("inbox", NOW + 30 * DAY),
        ("calls", NOW + 30 * DAY),
        ("lines", NOW + 30 * DAY),
        ("promises", NOW + 2 * DAY),
    ],
)
async def test_a_table_is_purged_in_its_time_and_not_before(store: Store, table: str, last: datetime) -> None:
    await everything(store, PARENT)
    before = (await rows(store))[table]
    await purged(store, last)
    assert (await rows(store))[table] == before
    assert (await purged(store, last + MINUTE))[table] == before
    assert (await rows(store))[table] == 0


async def test_counts_and_stops_are_never_purged(store: Store) -> None:
    await everything(store, PARENT)
    for _ in range(2):
        await purged(store, NOW + 10_000 * DAY)
        assert {table for table, n in (await rows(store)).items() if n} == {"counts", "stops", "resources"}


async def test_a_text_is_kept_a_week_from_its_last_state(store: Store) -> None:
    await text_promised(store)
    [text] = await claimed(store)
    async with store.begin() as db:
        await texts.sent(db, text.id, "SM1", NOW + DAY)
        await texts.delivery(db, text.id, "SM1", "delivered", None, NOW + 3 * DAY)
    await purged(store, NOW + 10 * DAY)
    assert await states(store) == {"delivered": 1}
    await purged(store, NOW + 10 * DAY + MINUTE)
    assert await states(store) == {}


async def test_a_promise_that_no_worker_ever_kept_is_counted_when_it_is_given_up(store: Store) -> None:
    await text_promised(store)
    await reminders_promised(store, DUE, DUE)
    at = DUE + LATEST + MINUTE
    await purged(store, at)
    async with store.begin() as db:
        found = await counts.read(db, at.date(), at.date())
    assert found == {(at.date(), "text failed"): 1, (at.date(), "reminder failed"): 2}


async def test_erasing_a_number_leaves_no_row_of_it_but_the_stop(store: Store) -> None:
    await everything(store, PARENT)
    async with store.begin() as db:
        gone = await erasure.erase(db, store.cipher, PARENT, NOW)
        left = await erasure.export(db, store.cipher, PARENT)
        deleted_at_the_provider = await resources.due(db, NOW, 10)
    assert gone == {"texts": 1, "reminders": 1, "inbox": 1}
    assert (left["texts"], left["reminders"], left["inbox"]) == ([], [], [])
    assert left["stopped_since"] == NOW.isoformat()
    assert [one.sid for one in deleted_at_the_provider] == [f"SM{PARENT}"]


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
    await text_promised(store)
    await reminders_promised(store, DUE)
    async with store.begin() as db:
        await erasure.erase(db, store.cipher, PARENT, NOW)
    assert await claimed(store, DUE) == []


async def test_whoever_asks_is_shown_all_that_is_kept_of_them(store: Store) -> None:
    await everything(store, PARENT)
    await everything(store, OTHER)
    async with store.begin() as db:
        shown = await erasure.export(db, store.cipher, PARENT)
    assert shown["number"] == PARENT
    [sent], [reminder], [incoming] = shown["texts"], shown["reminders"], shown["inbox"]
    assert (sent["body"], sent["topic"], sent["state"]) == (BODY, "school", "sent")
    assert (reminder["body"], reminder["due"]) == (f"{BODY} 0", DUE.isoformat())
    assert (incoming["body"], incoming["received"]) == (BODY, NOW.isoformat())
    assert shown["stopped_since"] == NOW.isoformat()
    assert shown["at_the_provider"] == [
        {"kind": "message", "sid": f"SM{PARENT}", "deleted_from": (NOW + 7 * DAY).isoformat()}
    ]


def files(url: str) -> bytes:
    """Every byte that the database has written since it was last emptied, its log of changes among it."""
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
    await text_promised(store, f"{CALL_SID}789 1", number)
    await reminders_promised(store, DUE, key=f"{CALL_SID}789 2", to=number)
    async with store.begin() as db:
        await stops.stop(db, store.cipher.mark(number), NOW)
        await inbox.take(db, store.cipher, "SM789789", number, BODY, NOW)
        call = store.cipher.mark(f"{CALL_SID}789")
        await records.write(db, [Line(call, NOW, "school/menu", "Digits", "school", 0)])
    kept = files(url)
    assert b"school/menu" in kept  # what is no secret can be found: we are looking in the right place
    for secret in (number[1:], number[3:], "00900789", BODY, BODY[:20], f"{CALL_SID}789", "SM789789"):
        assert secret.encode() not in kept
        assert secret.encode("utf-16-le") not in kept


async def test_what_is_deleted_from_sqlite_is_overwritten(store: Store, url: str) -> None:
    if not url.startswith("sqlite"):
        return  # how long PostgreSQL keeps its log, its operator decides
    await text_promised(store)
    async with store.begin() as db:
        sealed = await db.scalar(select(outbox.c.body))
    assert isinstance(sealed, bytes)
    assert sealed in files(url)
    async with store.begin() as db:
        await erasure.erase(db, store.cipher, PARENT, NOW)
    await store.scrub()
    assert sealed not in files(url)
