"""A database of each older schema, with rows in every table, holds and shows the same after the migration."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any, TypeVar

import pytest
from sqlalchemy import Date, LargeBinary, column, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Closure
from ivr.helpline.rota import Adviser
from ivr.store import (
    audit,
    call_events,
    callback_list,
    closures,
    daily_counts,
    erasure,
    heartbeat,
    hunts,
    idempotency,
    legs,
    opt_outs,
    provider_resources,
    rota,
    sms_inbox,
    sms_outbox,
    voicemail_audio,
    voicemail_list,
)
from ivr.store.audit import By, Entry
from ivr.store.call_events import CallOutcome, CallRecord
from ivr.store.callback_attempts import CallbackAttempt
from ivr.store.callback_list import CallbackItem, CallbackState
from ivr.store.closures import StoredClosure
from ivr.store.database import Store, engine_for
from ivr.store.migrate import migrate
from ivr.store.provider_resources import ProviderResource
from ivr.store.sms_inbox import IncomingText
from ivr.store.tables import call_events as events
from ivr.store.tables import calls, metadata
from ivr.store.timestamps import Timestamp
from ivr.store.voicemail_list import Voicemail, VoicemailState
from tests.store.conftest import SECRETS
from tests.store.fixtures import ADVISER, BODY, NOW, PARENT, call_event
from tests.store.older_schemas import CALL, DAY, DEADLINE, RENAMED, SOUND, V001, V002, Rows, T, row_now

Found = TypeVar("Found")
TYPES: dict[type, Any] = {datetime: Timestamp, date: Date, bytes: LargeBinary}
ISO = [moment.isoformat() for moment in T]
RESHAPED = {"calls", "call_events", "index_keys"}
"""The tables whose rows are not those of older schemas, or that those did not have."""
NUMBERED = {"lines", "audit", "attempts"}
"""The tables whose rows the database numbers itself."""
OLDER = {"001": V001, "002": V002}


async def insert_rows(url: str, rows: Rows) -> set[str]:
    """Write rows as an older release did; return the names of all its tables."""
    engine = engine_for(url, 30)
    async with engine.begin() as db:
        for name, row in ((name, row) for name, rows_of_table in rows.items() for row in rows_of_table):
            given = {key: value for key, value in row.items() if key != "n" or name not in NUMBERED}
            columns = [column(key, TYPES.get(type(value))) for key, value in given.items()]
            await db.execute(table(name, *columns).insert().values(given))
        tables = await db.run_sync(lambda connection: set(inspect(connection).get_table_names()))
    await engine.dispose()
    return tables - {"alembic_version"}


def upgraded(url: str, schema: str) -> None:
    """Make an older schema, fill each of its tables, and migrate to the newest."""
    migrate(url, schema)
    assert asyncio.run(insert_rows(url, OLDER[schema])) == OLDER[schema].keys(), "a table without rows"
    migrate(url)


def read(url: str, query: Callable[[AsyncConnection, Store], Awaitable[Found]]) -> Found:
    async def transact() -> Found:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            return await query(db, store)

    return asyncio.run(transact())


@pytest.mark.parametrize("schema", OLDER)
def test_no_row_is_lost_or_changed(empty_url: str, schema: str) -> None:
    upgraded(empty_url, schema)

    async def all_rows(db: AsyncConnection, _: Store) -> dict[str, list[dict[str, Any]]]:
        return {
            one.name: [dict(row._mapping) for row in await db.execute(select(one))] for one in metadata.sorted_tables
        }

    found = read(empty_url, all_rows)
    expected = {RENAMED.get(name, name): [row_now(name, row) for row in rows] for name, rows in OLDER[schema].items()}
    assert {name: ordered(rows) for name, rows in found.items() if rows and name not in RESHAPED} == {
        name: ordered(rows) for name, rows in expected.items() if name not in RESHAPED
    }


@pytest.mark.parametrize("schema", OLDER)
def test_a_call_came_to_the_same_and_its_events_are_kept_in_order(empty_url: str, schema: str) -> None:
    upgraded(empty_url, schema)

    async def query(db: AsyncConnection, _: Store) -> tuple[Any, ...]:
        found = (await db.execute(select(events.c.happened, events.c.turn).order_by(events.c.n))).all()
        [call] = (await db.execute(select(calls))).all()
        return await call_events.read(db, CALL), tuple(call)[1:], [tuple(event) for event in found]

    record, call, happened = read(empty_url, query)
    assert record == CallRecord(T[1], T[3], T[3], "school", CallOutcome.put_through, 5)
    assert call == (T[0], T[2], T[3], "school", "put_through", 5)
    assert happened == [("Rang", 1), ("QueueEnded", 2), ("EffectResult", 3), ("Migrated", 0), ("Ended", 0)]


def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(sorted(row.items())))


@pytest.mark.parametrize("schema", OLDER)
def test_what_the_first_release_kept_is_read_alike(empty_url: str, schema: str) -> None:
    upgraded(empty_url, schema)

    async def query(db: AsyncConnection, store: Store) -> tuple[Any, ...]:
        cipher, parent = store.cipher, store.cipher.blind_indexes(PARENT)
        return (
            await sms_inbox.read(db, cipher, 9),
            await opt_outs.opted_out_since(db, *parent),
            await daily_counts.read(db, DAY, DAY),
            await provider_resources.due(db, T[7], 9),
            {state.value: n for state, n in (await sms_outbox.counts(db)).items() if n},
        )

    assert read(empty_url, query) == (
        [IncomingText("i1", PARENT, BODY, True, T[6])],
        T[5],
        {
            (DAY, "call"): 3,
            (DAY, "call put_through"): 4,
            (DAY, "call back promised"): 5,
            (DAY, "topic school"): 6,
        },
        [ProviderResource("SM1", "message", T[7], 1)],
        {"sent": 1},
    )


EXPORT = {
    "number": PARENT,
    "texts": [
        {
            **{"body": BODY, "topic": "school", "state": "sent", "reason": None, "promised": ISO[0], "due": ISO[1]},
            **{"tried": ISO[2], "attempts": 1, "changed": ISO[2]},
        }
    ],
    "reminders": [{"body": BODY, "topic": "deadline", "promised": ISO[0], "due": ISO[8]}],
    "inbox": [{"body": BODY, "received": ISO[6], "answered": True, "media": 0, "done": None}],
    "callbacks": [],
    "messages": [],
    "adviser_calls": [],
    "notes": [],
    "attempts": [],
    "requests": [],
    "complaints": [],
    "blocks": [],
    "stopped_since": ISO[5],
    "adviser": None,
    "at_the_provider": [{"kind": "message", "sid": "SM1", "deleted_from": ISO[7]}],
}
EXPORTS: dict[str, dict[str, Any]] = {
    "001": EXPORT,
    "002": EXPORT
    | {
        "callbacks": [
            {
                **{"topic": "school", "deadline": "2026-12-14", "part": "morning", "state": "claimed"},
                **{"may_leave_message": None, "asked": ISO[0], "changed": ISO[1], "audience": ""},
            }
        ],
        "messages": [
            {
                **{"sound": True, "id": "m1", "topic": "deadline", "deadline": "2026-12-14", "state": "sent"},
                **{"seconds": 42, "began": ISO[0], "changed": ISO[1], "audience": ""},
            }
        ],
        "attempts": [{"rung": ISO[1], "how": "no answer"}],
    },
}


@pytest.mark.parametrize("schema", OLDER)
def test_export_and_erase_find_all_of_a_number(empty_url: str, schema: str) -> None:
    upgraded(empty_url, schema)
    assert read(empty_url, lambda db, store: erasure.export(db, store.cipher, PARENT)) == EXPORTS[schema]
    gone = read(empty_url, lambda db, store: erasure.erase(db, store.cipher, PARENT, T[5]))
    later = int(schema == "002")
    assert gone == {"texts": 1, "reminders": 1, "inbox": 1, "callbacks": later, "messages": later} | {
        **{"adviser_calls": 0, "notes": 0}
    }
    left = read(empty_url, lambda db, store: erasure.export(db, store.cipher, PARENT))
    provider = [("SM1", ISO[5])] + [("RE1", ISO[5])] * later
    assert sorted((one["sid"], one["deleted_from"]) for one in left.pop("at_the_provider")) == sorted(provider)
    assert {name: value for name, value in left.items() if value} == {"number": PARENT, "stopped_since": ISO[5]}


def test_the_people_and_what_waits_for_them_are_read_alike(empty_url: str) -> None:
    upgraded(empty_url, "002")

    async def query(db: AsyncConnection, store: Store) -> tuple[Any, ...]:
        cipher = store.cipher
        return (
            await rota.read(db, cipher),
            await closures.read(db, NOW),
            await callback_list.read(db, cipher, T[2]),
            await voicemail_list.read(db, cipher),
            await voicemail_audio.sound(db, cipher, "m1"),
            await audit.read(db, 9),
            [(leg.id, leg.hunt, leg.sid, leg.state, leg.wanted) for leg in await legs.live(db)],
            [hunt.id for hunt in await hunts.ringing(db, T[0])],
            await heartbeat.is_alive(db, heartbeat.CALL_DISTRIBUTOR, NOW),
            (await erasure.export(db, cipher, ADVISER))["adviser"],
        )

    tried = (CallbackAttempt(T[1], "amy", "no answer"),)
    assert read(empty_url, query) == (
        (Adviser("a1", "Amy", ADVISER, {0: parse_spans(["09:00-12:30", "13:00-17:00"])}, {DEADLINE: ()}, False),),
        (StoredClosure("x1", Closure(T[0], T[9], "helpline.training")),),
        [CallbackItem("b1", PARENT, "school", DEADLINE, "morning", T[0], False, "amy", tried, CallbackState.claimed)],
        [Voicemail("m1", PARENT, "deadline", DEADLINE, VoicemailState.sent, 42, "here", "RE1", None, T[0])],
        SOUND,
        [Entry(T[0], "pat", "put Amy on the rota")],
        [("l1", "h1", "CA2", "ringing", True)],
        ["h1"],
        True,
        "Amy",
    )


@pytest.mark.parametrize("schema", OLDER)
def test_a_webhook_delivered_again_after_the_upgrade_adds_nothing(empty_url: str, schema: str) -> None:
    upgraded(empty_url, schema)

    async def again(db: AsyncConnection, store: Store) -> tuple[str, int]:
        async def decide() -> str:
            raise AssertionError("decided before the upgrade")

        outcome = await idempotency.run_once(db, store.cipher, "CA1 school/text 3", NOW, decide)
        events = ("Rang", "QueueEnded", "EffectResult")
        same = [call_event(CALL, T[n], n, step="person/wait", happened=event) for n, event in enumerate(events, 1)]
        before = await call_events.read(db, CALL)
        await call_events.append(db, same)
        await call_events.end(db, CALL, None, T[9])
        assert await call_events.read(db, CALL) == before
        return outcome, await call_events.settle_recent(db, T[9])

    assert read(empty_url, again) == ("kept", 0)


@pytest.mark.parametrize("schema", OLDER)
def test_new_rows_can_be_added_to_the_old(empty_url: str, schema: str) -> None:
    """PostgreSQL numbers some rows itself, by sequences that were renamed as well."""
    upgraded(empty_url, schema)

    async def add(db: AsyncConnection, store: Store) -> list[str]:
        await daily_counts.add_one(db, "call back promised", NOW)
        await audit.write(db, By("pat", NOW), "closed")
        assert (await daily_counts.read(db, DAY, DAY))[DAY, "call back promised"] == 6
        return [entry.what for entry in await audit.read(db, 1)]

    assert read(empty_url, add) == ["closed"]
