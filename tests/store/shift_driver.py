"""Drives reminders of shifts: advisers with shifts, managers with mobiles, rounds of the worker, texts of advisers."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from ivr.helpline.hours_format import WEEKDAYS, parse_spans
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.shift_words import ShiftWords
from ivr.loader import load
from ivr.store import accounts, rota, shift_answers, shift_reminders, shift_replies, sms_states
from ivr.store.accounts import AccountState, Role
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.shift_answers import ShiftReminder
from ivr.store.shift_reminders import ReminderRules
from ivr.store.tables import sms_outbox as texts_table
from tests.store.fixtures import ADVISER, NOW

JO, SAM, MAX, ADA = ADVISER, "+447700900002", "+447700900801", "+447700900802"
LANDLINE = "+441632960001"
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
WORDS = ShiftWords(load().flows.words)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of that November, in winter time."""
    return NOW.replace(day=day, hour=hour, minute=minute)


@dataclass
class Shifts:
    """A rota whose advisers are reminded so long before their shifts; everybody's texts."""

    store: Store
    before: timedelta = timedelta(hours=20)
    hours: OpeningHours | None = None
    by: By = field(default_factory=lambda: By("Sam", NOW))

    async def adviser(self, name: str = "Jo Marsh", number: str = JO, **week: str) -> str:
        """Put somebody on the rota, with their shifts of each weekday; return their id."""
        async with self.store.begin() as db:
            await rota.add(db, self.store.cipher, name, number, self.by)
            for weekday, spans in week.items():
                await rota.set_shifts(db, name, [WEEKDAYS.index(weekday)], parse_spans(spans.split()), self.by)
            return next(one.id for one in await rota.read(db, self.store.cipher) if one.name == name)

    async def day(self, name: str, day: date, spans: str | None) -> None:
        """Change one day of somebody."""
        async with self.store.begin() as db:
            await rota.set_day(db, name, day, None if spans is None else parse_spans(spans.split()), self.by)

    async def manager(self, name: str = "Max", mobile: str | None = MAX, role: Role = Role.manager) -> str:
        """Add an account with a mobile; return its id."""
        async with self.store.begin() as db:
            cipher = self.store.cipher
            account = await accounts.add(db, cipher, name, f"{name.lower()}@helpline.example", role, NOW)
            await accounts.change(db, account.id, NOW, state=AccountState.active)
            await accounts.set_mobile(db, cipher, account.id, mobile, NOW)
            return account.id

    async def round(self, now: datetime) -> None:
        """Have the worker look once."""
        rules = ReminderRules(self.before, self.hours, WORDS)
        async with self.store.begin() as db:
            await shift_reminders.remind(db, self.store.cipher, rules, now)
            await shift_reminders.tell_of_unconfirmed(db, self.store.cipher, rules, now)

    async def says(self, body: str, now: datetime, number: str = JO, key: str = "") -> str | None:
        """Send a text as an adviser; return what they hear back, None if it is no answer."""
        async with self.store.begin() as db:
            words, key = WORDS, key or f"{number} {now} {body}"
            reply = await shift_replies.answer_text(db, self.store.cipher, words, key, number, body, now)
            if reply:
                await reply.write_audit(db)
        return reply.text if reply else None

    async def texts(self) -> list[tuple[str, str, datetime]]:
        """Return every text: to whom, its words, when it is due; in the order in which they were promised."""
        order = texts_table.c.promised, texts_table.c.id
        async with self.store.read() as db:
            rows = (await db.execute(select(texts_table).order_by(*order))).all()
            return [(one.to, one.body, one.due) for one in (sms_states.read(row, self.store.cipher) for row in rows)]

    async def told(self, number: str) -> list[str]:
        """Return what a number was texted."""
        return [body for to, body, _ in await self.texts() if to == number]

    async def reminders(self) -> list[ShiftReminder]:
        """Return what is kept of every shift."""
        async with self.store.read() as db:
            return list((await shift_answers.read(db, NOW - timedelta(days=99), NOW + timedelta(days=99))).values())
