"""Answers to a reminder of a shift: by text, on a page or at a shell. Managers are told at once who cannot come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.intervals import Interval
from ivr.helpline.own_shifts import shifts_ahead
from ivr.helpline.rota import Adviser
from ivr.helpline.shift_answers import ShiftAnswer, shift_answer_of
from ivr.helpline.shift_words import ShiftWords
from ivr.helpline.timezone import LONDON
from ivr.store import audit, manager_texts, rota, shift_answers
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.idempotency import known_outcome, run_once
from ivr.store.quotas import HOUR
from ivr.store.shift_answers import ShiftReminder

AHEAD = timedelta(days=14)
"""How far ahead a shift may lie that somebody was reminded of."""
BY_TEXT = ", by text"
MOST_ANSWERS = 6
"""By text in an hour: each costs a reply, and may cost a text to every manager. What comes then is for us to read."""
SAID = {ShiftAnswer.coming: "will be there", ShiftAnswer.not_coming: "cannot come"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What an adviser hears back, "" for nothing; and what they said, for the audit log."""

    text: str
    by: By
    entries: tuple[str, ...] = ()

    async def write_audit(self, db: AsyncConnection) -> None:
        """Write to the audit log what they said."""
        for entry in self.entries:
            await audit.write(db, self.by, entry)


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that has not begun, and what is known of it."""

    adviser: Adviser
    shift: Interval
    reminder: ShiftReminder | None

    @property
    def answer(self) -> ShiftAnswer | None:
        """What was answered."""
        return self.reminder.answer if self.reminder else None


async def answer_text(
    db: AsyncConnection, cipher: Cipher, words: ShiftWords, key: str, number: str, body: str, now: datetime
) -> Reply | None:
    """Take a text as the answer to a reminder; return None if it is none. The same key again has the same reply.

    It answers every reminder that is still unanswered. Where none is, it changes the answer about the next shift.
    """
    answer = shift_answer_of(body)
    if answer is None:
        return None
    if earlier := await known_outcome(db, cipher, key):
        return Reply(earlier, By("", now))
    reminded = await _reminded(db, cipher, number, now)
    if not reminded or await _changed_too_often(db, reminded[0].adviser.name, now):
        return None
    meant = [one for one in reminded if one.answer is None] or [one for one in reminded if one.answer != answer][:1]

    async def decide() -> str:
        for one in meant:
            await record(db, cipher, words, one, answer, now)
        return "\n".join(words.reply(answer, one.shift) for one in meant)

    reply = await run_once(db, cipher, key, now, decide)
    return Reply(reply, By(reminded[0].adviser.name, now), tuple(_said(one, answer) + BY_TEXT for one in meant))


async def record(
    db: AsyncConnection,
    cipher: Cipher,
    words: ShiftWords | None,
    one: OpenShift,
    answer: ShiftAnswer,
    now: datetime,
    besides: str | None = None,
) -> None:
    """Keep an answer, and tell managers of one that they must know; without `words` nobody can be texted.

    `besides` is the account of whoever says it: they are not told what they know.
    """
    adviser, shift = one.adviser, one.shift
    await shift_answers.answer(db, adviser.id, shift, answer, now)
    if words is None or answer == one.answer or (answer is ShiftAnswer.coming and one.answer is None):
        return
    tells = words.declined if answer is ShiftAnswer.not_coming else words.after_all
    body = tells(adviser.name, shift)
    if await manager_texts.tell_of_shift(db, cipher, body, adviser.id, shift, now, besides):
        await shift_answers.mark_told(db, adviser.id, shift[0], now, again=True)


def entry(one: OpenShift, answer: ShiftAnswer) -> str:
    """Return what the audit log says of an answer that somebody gives for an adviser."""
    return f"{one.adviser.name}: {_said(one, answer)}"


def _said(one: OpenShift, answer: ShiftAnswer) -> str:
    return f"{SAID[answer]} on {one.shift[0].astimezone(LONDON):%a %d %b %Y %H:%M}"


async def _changed_too_often(db: AsyncConnection, who: str, now: datetime) -> bool:
    return await audit.count(db, who, BY_TEXT, now - HOUR) >= MOST_ANSWERS


async def _reminded(db: AsyncConnection, cipher: Cipher, number: str, now: datetime) -> list[OpenShift]:
    """Return the shifts of a number that were reminded of by text and have not begun, the next first."""
    adviser = next((one for one in await rota.read(db, cipher) if one.number == number), None)
    if adviser is None:
        return []
    reminders = await shift_answers.read(db, now, now + AHEAD)
    ahead = [
        OpenShift(adviser, shift, reminders.get((adviser.id, shift[0])))
        for shift in shifts_ahead(adviser, now, now + AHEAD)
        if now < shift[0]
    ]
    return [one for one in ahead if one.reminder and one.reminder.text]
