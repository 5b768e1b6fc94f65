"""Counts what a day came to: at the telephone company, in the database, and in callers' ears."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Table, select

from ivr.phone.office import SENDER
from ivr.store.message_state import State
from ivr.store.tables import callbacks, messages, reminders, texts
from ivr.store.texts import UNSETTLED
from torture.caller import CALL_BACK, MESSAGE, MESSAGE_HELD, REMINDER, TEXT, Outcome
from torture.day import Day

SLOW = 2.0
"""Seconds that a caller waits for an answer at most."""


@dataclass(frozen=True)
class Tally:
    """`promised` is everything that callers were told would be done. Seconds are by our clock.

    `noticed` is how long after the end of the fault a caller still noticed anything; `caught_up` how long the texts
    took that waited then. Either is None where it never came to that.
    """

    calls: int
    in_progress: int
    answers: int
    dropped: int
    promised: int
    broken: int
    lost: int
    doubled: int
    slow: int
    slowest: float
    told: int
    fallbacks: int
    noticed: float
    caught_up: float | None
    gone_with_the_database: int = 0
    details: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_good(self) -> bool:
        """Nobody dropped, nothing broken or lost, no answer too late, and all over in the end."""
        return not (self.dropped or self.broken or self.lost or self.slow) and self.caught_up is not None


async def count(day: Day, ended: float, caught_up: float | None) -> Tally:
    """All of it, once nothing goes on any more; `ended` is when the fault did."""
    rows = {table.name: await _numbers(day, table) for table in (texts, reminders, callbacks)}
    texted = Counter(message.to for message in day.office.messages if message.sender == SENDER)
    told = _told(day.outcomes, TEXT)
    lost = told - texted
    left = [f"{day.fault.name}: never sent: {state}" for state in await _unsettled(day)]
    broken = _missing(day.outcomes, REMINDER, rows["reminders"] + rows["texts"])
    broken += _missing(day.outcomes, CALL_BACK, rows["callbacks"]) + await _messages_missing(day)
    heard = [answer for answer in day.gate.answers if answer.is_heard]
    dropped = [outcome for outcome in day.outcomes if outcome.is_dropped]
    gone = day.fault.begins_with_backup
    return Tally(
        calls=len(day.outcomes) + len(day.hanging),
        in_progress=day.in_progress_at_fault,
        answers=len(heard),
        dropped=len(dropped) + len(day.hanging),
        promised=sum(_told(day.outcomes, words).total() for words in (TEXT, REMINDER, CALL_BACK, MESSAGE)),
        broken=0 if gone else broken,
        lost=(0 if gone else lost.total()) + len(left),
        doubled=sum((texted - (rows["texts"] | told)).values()),
        slow=sum(answer.seconds > SLOW for answer in heard),
        slowest=max((answer.seconds for answer in heard), default=0.0),
        told=sum(outcome.signs_seen > 0 for outcome in day.outcomes),
        fallbacks=sum(bool(outcome.failures) for outcome in day.outcomes),
        noticed=max([0.0, *(outcome.last_sign - ended for outcome in day.outcomes)]),
        caught_up=caught_up,
        gone_with_the_database=broken + lost.total() if gone else 0,
        details=tuple([*(one.transcript for one in dropped), *day.hanging, *left]),
    )


def _told(outcomes: list[Outcome], words: str) -> Counter[str]:
    """How often something was said, by number."""
    said: Counter[str] = Counter()
    for outcome in outcomes:
        said[outcome.number] += outcome.was_told(words)
    return +said


def _missing(outcomes: list[Outcome], words: str, there: Counter[str]) -> int:
    """How many numbers were told so, and have nothing."""
    return sum(number not in there for number in _told(outcomes, words))


async def _messages_missing(day: Day) -> int:
    """Messages that were passed on are in our advisers' list with their sound.

    Those that callers were only told we have may also wait to be passed on, which the worker does within the hour.
    """
    async with day.store.begin() as db:
        found = (await db.execute(select(messages.c.number, messages.c.state, messages.c.sound))).all()
    passed_on = {State.sent, State.done}
    here = {day.store.cipher.open(row.number) for row in found if row.state in passed_on and row.sound}
    waits = {day.store.cipher.open(row.number) for row in found if row.state == State.recorded and row.sound}
    thrown_away = {day.store.cipher.open(row.number) for row in found if row.state == State.discarded}
    told = _told(day.outcomes, MESSAGE), _told(day.outcomes, MESSAGE_HELD)
    return sum(number not in here for number in told[0]) + sum(
        number not in here | waits | thrown_away and number not in told[0] for number in told[1]
    )


async def _numbers(day: Day, table: Table) -> Counter[str]:
    async with day.store.begin() as db:
        return Counter(day.store.cipher.open(sealed) for sealed in await db.scalars(select(table.c.number)))


async def _unsettled(day: Day) -> list[str]:
    """The states of texts that are due, and neither sent nor given up."""
    async with day.store.begin() as db:
        return list(await db.scalars(select(texts.c.state).where(is_due(day.now()))))


def is_due(now: datetime) -> ColumnElement[bool]:
    """What is to be sent by now: one to an adviser may wait for the morning."""
    return texts.c.state.in_(UNSETTLED) & (texts.c.due <= now)
