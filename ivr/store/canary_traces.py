"""What test calls leave in the tables of callers for a moment: it is looked at, and then erased."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.events import QueueResult
from ivr.helpline.canary import CANARY
from ivr.helpline.hunt import HuntState
from ivr.store import erasure, voicemail_audio
from ivr.store.cipher import Cipher
from ivr.store.sms_states import OutboxText, read
from ivr.store.tables import hunts, sms_outbox, voicemails


@dataclass(frozen=True, slots=True)
class TestMessage:
    """A message that a test call has left: its audio as it is decrypted, None while it is not here."""

    id: str
    recording: str | None
    audio: bytes | None


async def text(db: AsyncConnection, cipher: Cipher, since: datetime) -> OutboxText | None:
    """Return the text that a test call has asked for since then; raise InvalidToken if it cannot be decrypted."""
    asked_for = sms_outbox.c.topic == CANARY, sms_outbox.c.promised >= since
    row = (await db.execute(select(sms_outbox).where(*asked_for).order_by(sms_outbox.c.promised))).first()
    return read(row, cipher) if row else None


async def message(db: AsyncConnection, cipher: Cipher, since: datetime) -> TestMessage | None:
    """Return the message that a test call has left since then; raise InvalidToken if it cannot be decrypted."""
    left = voicemails.c.topic == CANARY, voicemails.c.began >= since
    which = select(voicemails.c.id, voicemails.c.recording).where(*left).order_by(voicemails.c.recording.desc())
    row = (await db.execute(which)).first()
    return TestMessage(row.id, row.recording, await voicemail_audio.sound(db, cipher, row.id)) if row else None


async def hunt(db: AsyncConnection, since: datetime) -> tuple[bool, bool]:
    """Return whether an adviser was rung for in a test call since then, and whether one took the call."""
    rung = hunts.c.topic == CANARY, hunts.c.began >= since
    rows = (await db.execute(select(hunts.c.state, hunts.c.way).where(*rung))).all()
    return bool(rows), any(row.state == HuntState.taken or row.way == QueueResult.talked for row in rows)


async def erase(db: AsyncConnection, cipher: Cipher, number: str, now: datetime) -> None:
    """Erase everything that test calls from a number (E.164) have left, here and at the provider."""
    await erasure.erase(db, cipher, number, now)
