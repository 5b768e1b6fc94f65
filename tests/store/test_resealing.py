"""What is kept is sealed anew under a new secret while others work, and the old one can go."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import LargeBinary, insert, select

from ivr.store import (
    accounts,
    erasure,
    notes,
    resealing,
    rota,
    sms_inbox,
    sms_results,
    sms_states,
    voicemail_audio,
)
from ivr.store.accounts import Role
from ivr.store.audit import By
from ivr.store.call_events import append
from ivr.store.cipher import fingerprint
from ivr.store.database import Store
from ivr.store.item_kinds import ItemKind
from ivr.store.resealing import SEALED, count, reseal
from ivr.store.tables import call_events, hunts, metadata, reminders, voicemails
from ivr.store.tables import sms_outbox as outbox
from ivr.store.voicemail_audio import PendingRecording
from tests.store.conftest import SECRETS
from tests.store.fixtures import (
    ADVISER,
    BODY,
    DAY,
    NOW,
    OTHER,
    PARENT,
    call_event,
    claim_texts,
    enqueue_text,
    lose_secret,
    request_callback,
    schedule_reminders,
)

NEW = b"n" * 32
OLD_NAME, NEW_NAME = fingerprint(SECRETS[0]), fingerprint(NEW)
SOUND = b"RIFF" + bytes(1000)


async def fill(store: Store) -> None:
    """Put something into every table that holds what is sealed."""
    await enqueue_text(store)
    await schedule_reminders(store, NOW + DAY, NOW + 2 * DAY)
    await request_callback(store)
    async with store.begin() as db:
        await sms_inbox.receive(db, store.cipher, "SM1", PARENT, BODY, NOW)
        await rota.add(db, store.cipher, "Jo", ADVISER, By("Sam", NOW))
        account = await accounts.add(db, store.cipher, "Jo", "jo@helpline.example", Role.adviser, NOW)
        await accounts.set_totp(db, store.cipher, account.id, "JBSWY3DPEHPK3PXP", NOW)
        about = {"call": b"call", "topic": "", "state": "sent", "began": NOW, "changed": NOW}
        await db.execute(insert(voicemails).values(id="m1", **store.cipher.encrypt_number(PARENT), **about))
        await voicemail_audio.save(db, store.cipher, PendingRecording("m1", "RE1", 1), SOUND)
        await append(db, [call_event(b"call", NOW, sid=store.cipher.encrypt("CA1")), call_event(b"call", NOW, 1)])
        hunted = about | {"seconds": 20, "all_at_once": False, "state": "over"}
        await db.execute(insert(hunts).values(id="h1", **store.cipher.encrypt_number(PARENT), **hunted))
        await notes.add(db, store.cipher, ItemKind.message, "m1", PARENT, BODY, "Ann", NOW)


async def shown(store: Store) -> tuple[Any, ...]:
    """Return what there is, as it is read."""
    async with store.begin() as db:
        sid = await db.scalar(select(call_events.c.sid).where(call_events.c.sid.is_not(None)))
        return (
            await erasure.export(db, store.cipher, PARENT),
            await rota.read(db, store.cipher),
            account := await accounts.by_email(db, store.cipher, "JO@helpline.example"),
            account and await accounts.credentials(db, store.cipher, account.id),
            await sms_inbox.read(db, store.cipher, 9),
            await voicemail_audio.sound(db, store.cipher, "m1"),
            store.cipher.decrypt(sid or b""),
        )


def test_every_column_that_holds_something_sealed_is_sealed_anew() -> None:
    kept = {  # hashes, most of them with a key that does not change
        *("blind_index", "call", "caller", "other", "key", "email_index", "account", "address", "subject"),
        *("previous", "seal", "mac", "id"),
    }
    binary = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name not in kept
    }
    assert binary == {(table.name, name) for table, names in SEALED.items() for name in names} | {
        ("index_keys", "sealed")
    }


async def test_after_it_the_old_secret_is_not_needed_to_read_anything(store: Store, url: str) -> None:
    await fill(store)
    before = await shown(store)
    async with Store(url, [NEW, *SECRETS], 30) as both:
        assert await count(both) == {OLD_NAME: 17}
        assert await reseal(both) == 17
        assert await count(both) == {NEW_NAME: 17}
        assert await reseal(both) == 0
    async with Store(url, [NEW], 30) as new:
        assert await shown(new) == before
        assert await count(new) == {NEW_NAME: 17}


async def test_what_cannot_be_read_is_counted_and_stays_as_it_is(store: Store, url: str) -> None:
    await fill(store)
    await lose_secret(store, reminders)
    async with store.begin() as db:
        lost = set(await db.scalars(select(reminders.c.body)))
    async with Store(url, [NEW, *SECRETS], 30) as both:
        assert await reseal(both) == 13
        assert await count(both) == {NEW_NAME: 13, None: 4}
        async with both.begin() as db:
            assert set(await db.scalars(select(reminders.c.body))) == lost


async def test_many_rows_are_sealed_anew_in_small_transactions(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 3)
    for n in range(10):
        await enqueue_text(store, f"key {n}")
    async with Store(url, [NEW, *SECRETS], 30) as both:
        assert await reseal(both) == 20
        assert [text.to for text in await claim_texts(both, limit=20)] == [PARENT] * 10


async def test_killed_in_the_middle_it_goes_on_where_it_was(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 2)
    for n in range(6):
        await enqueue_text(store, f"key {n}")
    async with Store(url, [NEW, *SECRETS], 30) as both:
        task = asyncio.create_task(reseal(both))
        while (await count(both))[NEW_NAME] == 0:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        done = (await count(both))[NEW_NAME]
        assert await reseal(both) == 12 - done
        assert await count(both) == {NEW_NAME: 12}


async def test_texts_that_are_promised_sent_and_erased_meanwhile_are_not_touched_by_it(store: Store, url: str) -> None:
    for n in range(8):
        await enqueue_text(store, f"key {n}", OTHER if n % 2 else PARENT)
    async with Store(url, [NEW, *SECRETS], 30) as both:

        async def others() -> None:
            taken = await claim_texts(store, limit=4)
            for text in taken:
                async with both.begin() as db:
                    await sms_results.sent(db, text.id, f"SM{text.id}", NOW)
            async with store.begin() as db:
                await erasure.erase(db, store.cipher, OTHER, NOW)
            await enqueue_text(both, "one more")

        await asyncio.gather(reseal(both), others())
        await reseal(both)
    async with Store(url, [NEW], 30) as new, new.begin() as db:
        texts = [sms_states.read(row, new.cipher) for row in await db.execute(select(outbox))]
    assert {text.to for text in texts} == {PARENT}
    assert len(texts) == 5
