"""Days of made-up advisers that are not as in every week, from today on: an absence, other hours, days off."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.demo.people import ADVISERS
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.timezone import ONE_DAY, today_in_london
from ivr.store import absences, rota
from ivr.store.audit import By

WEEK = timedelta(weeks=1)


async def add(db: AsyncConnection, by: By) -> None:
    """Add what is not as in every week in this week and the next two."""
    today = today_in_london(by.at)
    monday = today - today.weekday() * ONE_DAY
    grace, ella, priya = ADVISERS[4], ADVISERS[5], ADVISERS[2]
    friday, thursday = monday + 4 * ONE_DAY, monday + WEEK + 3 * ONE_DAY
    await rota.set_day(db, grace, friday, parse_spans(["10:00-15:00"]), by, "the school play")
    await rota.set_day(db, priya, thursday, (), by, f"swapped with {ella}")
    await rota.set_day(db, ella, thursday, parse_spans(["09:00-17:00"]), by, f"swapped with {priya}")
    await absences.add(db, ADVISERS[0], monday + WEEK, monday + WEEK + 4 * ONE_DAY, by)
