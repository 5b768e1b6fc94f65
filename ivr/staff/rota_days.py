"""Days of an adviser that are not as in every week: other hours from a day to another, and absences."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput, RotaRefused
from ivr.helpline.opening_hours import Span
from ivr.helpline.timezone import ONE_DAY, today_in_london
from ivr.store import absences, rota, rota_rows
from ivr.store.audit import By

EVERY_DAY = range(7)
LONGEST = timedelta(weeks=13)
"""Other hours for longer are the shifts of every week."""
LONGEST_ABSENCE = timedelta(days=366)
LONGEST_WHY = 200


async def set_period(
    db: AsyncConnection,
    name: str,
    first: date,
    last: date,
    spans: tuple[Span, ...] | None,
    by: By,
    why: str = "",
    weekdays: Collection[int] = EVERY_DAY,
) -> None:
    """Set the shifts of each day from the first to the last, or of some weekdays among them; None: as in every week.

    Raise InvalidInput for days that are over, or in the wrong order, or too many.
    """
    _refuse(first, last, by, LONGEST, "13 weeks: set the shifts of every week")
    if len(why) > LONGEST_WHY:
        raise InvalidInput(f"Say why in at most {LONGEST_WHY} characters.")
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    chosen = [day for day in days if day.weekday() in weekdays]
    if not chosen:
        raise InvalidInput("None of the weekdays lies between the two days.")
    await rota.set_days(db, name, chosen, spans, by, " ".join(why.split()))


async def add_absence(db: AsyncConnection, name: str, first: date, last: date, by: By) -> None:
    """Have somebody away from the first day to the last; raise InvalidInput as `set_period` does, or RotaRefused."""
    _refuse(first, last, by, LONGEST_ABSENCE, "a year: have them away until they are back")
    await absences.add(db, name, first, last, by)


async def end_absence(db: AsyncConnection, name: str, day: date, by: By) -> None:
    """Take back the absence that a day lies in; raise RotaRefused if there is none."""
    row = await rota_rows.lock_one(db, name)
    theirs = (await absences.read(db)).get(row.id, ())
    found = next((one for one in theirs if one.covers(day)), None)
    if found is None:
        known = "; ".join(map(str, theirs)) or "on no day"
        raise RotaRefused(f"{row.name} is not away on {day:%d %b %Y}. They are away: {known}.")
    await absences.remove(db, name, found.id, by)


def _refuse(first: date, last: date, by: By, longest: timedelta, too_long: str) -> None:
    if last < first:
        raise InvalidInput(f"The last day ({last:%d %b %Y}) comes before the first ({first:%d %b %Y}).")
    if last < today_in_london(by.at):
        raise InvalidInput(f"That is over: the last day was {last:%d %b %Y}.")
    if last - first >= longest:
        raise InvalidInput(f"From {first:%d %b %Y} to {last:%d %b %Y} is longer than {too_long}.")
