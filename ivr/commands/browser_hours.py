"""The hours of the helpline of a browser session, from its own database and content, as its calls judge them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.opening_hours import BANK_HOLIDAY, OpeningHours, open_intervals
from ivr.helpline.rota import Adviser, on_shift
from ivr.helpline.staffing import gaps, staffed_opening
from ivr.helpline.timezone import LONDON, ONE_DAY, local_time, today_in_london
from ivr.simulator.browser.helpline_hours import Event, HelplineHours
from ivr.store import emergency_messages, rota_snapshot
from ivr.store.database import Store
from ivr.store.sms_states import SmsState
from ivr.store.tables import reminders, sms_outbox

TEN = time(10)
LOOK_AHEAD = timedelta(days=60)
"""How far an opening, or a weekday at ten, is looked for."""
SATURDAY = 5


async def read_hours(
    store: Store, hours: OpeningHours | None, setting: Sequence[Adviser], now: datetime
) -> HelplineHours:
    """Return the hours of now (aware). `hours` are those of the content; `setting`, who is rung while no rota is."""
    async with store.read() as db:
        snapshot = (await rota_snapshot.read(db, store.cipher, now)).or_else(setting)
        emergency = await emergency_messages.read(db, now)
        texts = await _texts(db, now)
    return hours_at(snapshot.hours(hours), snapshot.advisers, now, emergency, texts)


def hours_at(
    hours: OpeningHours | None,
    advisers: Sequence[Adviser],
    now: datetime,
    emergency: EmergencyMessage | None = None,
    texts: Sequence[Event] = (),
) -> HelplineHours:
    """Return the hours of now (aware); `texts` are what the outbox has for later."""
    opening = staffed_opening(hours, advisers, now)
    until = _closes(hours, advisers, now) if opening.is_open else opening.opens
    changes = [Event(until, "We close" if opening.is_open else "We open")] if until else []
    if opening.is_open and (change := _next_shift(advisers, now)) and change != until:
        changes.append(Event(change, "The shift changes"))
    if emergency:
        changes.append(Event(emergency.until, "The emergency message ends"))
    why = "" if opening.is_open else _why(opening.reason, is_in_hours=hours is None or hours.opening(now).is_open)
    return HelplineHours(
        opening.is_open,
        why,
        until.astimezone(LONDON) if until else None,
        tuple(_names(on_shift(advisers, now))) if opening.is_open else (),
        emergency.text if emergency else "",
        weekday_at_ten(hours, advisers, now),
        tuple(sorted((_in_london(one) for one in chain(changes, texts)), key=lambda one: one.at)),
    )


def weekday_at_ten(hours: OpeningHours | None, advisers: Sequence[Adviser], now: datetime) -> datetime | None:
    """Return the next weekday at ten (London), after now, at which somebody would answer; None if none is in sight."""
    today = today_in_london(now)
    days = (today + n * ONE_DAY for n in range(LOOK_AHEAD.days))
    tens = (local_time(day, TEN).astimezone(LONDON) for day in days if day.weekday() < SATURDAY)
    return next((ten for ten in tens if ten > now and staffed_opening(hours, advisers, ten).is_open), None)


def _closes(hours: OpeningHours | None, advisers: Sequence[Adviser], now: datetime) -> datetime | None:
    """Return when nobody is there any more, for the hours or for the shifts."""
    unstaffed = [begins for begins, _ in gaps(hours, advisers, now, now + LOOK_AHEAD) if begins > now]
    ends = hours.closes(now) if hours else None
    return min([*unstaffed[:1], *([ends] if ends else [])], default=None)


def _next_shift(advisers: Sequence[Adviser], now: datetime) -> datetime | None:
    """Return when the next shift begins or ends."""
    spans = chain.from_iterable(open_intervals(adviser.shifts, now) for adviser in advisers if adviser.week is not None)
    return min((at for span in spans for at in span if at > now), default=None)


def _why(reason: str, *, is_in_hours: bool) -> str:
    if reason:
        return "bank holiday" if reason == BANK_HOLIDAY else reason.replace("_", " ")
    return "nobody is on shift" if is_in_hours else "out of hours"


def _names(there: Sequence[Adviser]) -> Iterator[str]:
    for place, adviser in enumerate(there):
        yield adviser.name or adviser_name(place)


def adviser_name(place: int) -> str:
    """Return what an adviser of whom only the number is known is called.

    >>> adviser_name(0), adviser_name(1)
    ('Adviser', 'Adviser 2')
    """
    return "Adviser" if place == 0 else f"Adviser {place + 1}"


def _in_london(event: Event) -> Event:
    return Event(event.at.astimezone(LONDON), event.what)


async def _texts(db: AsyncConnection, now: datetime) -> list[Event]:
    """Return the next reminder, and the next text that waits in the outbox."""
    reminder = await db.scalar(select(func.min(reminders.c.due)).where(reminders.c.due > now))
    waiting = (sms_outbox.c.state == SmsState.waiting) & (sms_outbox.c.due > now)
    text = await db.scalar(select(func.min(sms_outbox.c.due)).where(waiting))
    due = ((reminder, "A reminder is sent"), (text, "A text is sent"))
    return [Event(at, what) for at, what in due if at]
