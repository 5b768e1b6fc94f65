"""Made-up answers to reminders of shifts: most will be there, one cannot, some have not answered; and a test ring."""

from datetime import datetime, timedelta
from itertools import cycle
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.demo.people import adviser_number
from ivr.helpline.own_shifts import shifts_to_keep
from ivr.helpline.shift_answers import ShiftAnswer
from ivr.store import legs, rota_snapshot, shift_answers
from ivr.store.cipher import Cipher
from ivr.store.quotas import ALERT
from ivr.store.sms_states import SmsState
from ivr.store.tables import sms_outbox

AHEAD = timedelta(hours=30)
ASKED = timedelta(hours=2)
"""How long ago."""
ANSWERS = (ShiftAnswer.coming, ShiftAnswer.not_coming, None, ShiftAnswer.coming)


async def add_shift_reminders(db: AsyncConnection, cipher: Cipher, now: datetime) -> None:
    """Have the advisers asked whether they will be there for the shifts that begin soon, by texts that were sent."""
    snapshot, asked = await rota_snapshot.read(db, cipher, now), now - ASKED
    for (adviser, shift), answer in zip(shifts_to_keep(snapshot, None, now, now + AHEAD), cycle(ANSWERS)):
        text = str(uuid5(NAMESPACE_URL, f"{adviser.id} {shift[0]}"))
        encrypted = cipher.encrypt_number(adviser.number) | {"body": cipher.encrypt("Your helpline shift")}
        state = {"topic": ALERT, "state": SmsState.delivered, "attempts": 1}
        times = {"promised": asked, "due": asked, "changed": asked}
        await db.execute(insert(sms_outbox).values(id=text, **encrypted, **state, **times))
        await shift_answers.add(db, adviser.id, shift, asked)
        await shift_answers.set_text(db, adviser.id, shift[0], text)
        if answer:
            await shift_answers.answer(db, adviser.id, shift, answer, asked + timedelta(minutes=9))
    await _add_test_ring(db, cipher, now - timedelta(days=1))


async def _add_test_ring(db: AsyncConnection, cipher: Cipher, at: datetime) -> None:
    """Have the telephone of the first adviser work."""
    await legs.add(db, "test-ring", None, cipher.blind_index(adviser_number(0)), at)
    await legs.confirm(db, "test-ring", at + timedelta(seconds=12))
