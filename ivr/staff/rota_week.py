"""The rota of a week: who is there when, where nobody is, what is not as in every week, and who has how many hours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.intervals import Interval, intersection
from ivr.helpline.opening_hours import ALWAYS, Closure, OpeningHours, Span, open_intervals
from ivr.helpline.rota import Absence, Adviser, RotaSnapshot
from ivr.helpline.staffing import gaps
from ivr.helpline.timezone import ONE_DAY, whole_day
from ivr.helpline.weeks import WEEK
from ivr.store import rota_snapshot, shift_overrides
from ivr.store.cipher import Cipher
from ivr.store.shift_overrides import ShiftOverride

BEFORE, AROUND = 1, 4
"""The balance counts four weeks: the one before, this one, and the two after it."""


@dataclass(frozen=True, slots=True)
class Shift:
    """From when to when (UTC) somebody is on shift."""

    adviser: Adviser = field(repr=False)
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A day of somebody that is not as in every week.

    `override` is what was set for that day alone, if anything was; `absence` why they are away, if from a day to
    another; `is_away`, if they are away at all, until they are back or by that.
    """

    adviser: Adviser = field(repr=False)
    usual: tuple[Span, ...]
    override: ShiftOverride | None
    absence: Absence | None
    is_away: bool


@dataclass(frozen=True, slots=True)
class RotaDay:
    """A day of the week: when we are open, why not, who is there, when nobody is though we are open."""

    day: date
    open: Sequence[Interval]
    is_bank_holiday: bool
    closures: Sequence[Closure]
    shifts: Sequence[Shift]
    gaps: Sequence[Interval]
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Balance:
    """How long somebody is on shift while we are open, in the week and in the four weeks around it."""

    adviser: Adviser = field(repr=False)
    week: timedelta
    around: timedelta


@dataclass(frozen=True, slots=True)
class RotaWeek:
    """A week from Monday on. `staffed` is the share of our open hours with somebody on shift, from 0 to 1; None if
    we are not open at all. `is_of_setting`: nobody is on the rota, and the numbers of the settings are rung.
    """

    first: date
    days: Sequence[RotaDay]
    gaps: Sequence[Interval]
    balances: Sequence[Balance]
    staffed: float | None
    staffed_around: float | None
    is_of_setting: bool

    @property
    def last(self) -> date:
        """Sunday."""
        return self.first + WEEK - ONE_DAY

    @property
    def around(self) -> tuple[date, date]:
        """The first and the last day of the four weeks of the balance."""
        begins = self.first - BEFORE * WEEK
        return begins, begins + AROUND * WEEK - ONE_DAY


async def read(
    db: AsyncConnection, cipher: Cipher, hours: OpeningHours | None, setting: Sequence[Adviser], monday: date
) -> RotaWeek:
    """Return the week of a Monday; `hours` are those of the content, `setting` the advisers of the settings."""
    begins, _ = whole_day(monday - BEFORE * WEEK)
    snapshot = await rota_snapshot.read(db, cipher, begins)
    return week_of(snapshot, await shift_overrides.read(db), hours, setting, monday)


def week_of(
    snapshot: RotaSnapshot,
    overrides: Mapping[str, Mapping[date, ShiftOverride]],
    hours: OpeningHours | None,
    setting: Sequence[Adviser],
    monday: date,
) -> RotaWeek:
    """Return the week of a Monday, from a snapshot with all closures since the week before."""
    rung, ours = snapshot.or_else(setting), snapshot.hours(hours) or OpeningHours(ALWAYS)
    week, around = _period(monday, 1), _period(monday - BEFORE * WEEK, AROUND)
    known = ours.open_intervals(around[0])
    open_week, open_around = intersection([week], known), intersection([around], known)
    gaps_week, gaps_around = (gaps(ours, rung.advisers, *period) for period in (week, around))
    shifts = {adviser.id: list(open_intervals(adviser.shifts, around[0])) for adviser in rung.advisers}
    days = [monday + n * ONE_DAY for n in range(7)]
    return RotaWeek(
        first=monday,
        days=[_day(day, rung, ours, open_week, gaps_week, overrides) for day in days],
        gaps=gaps_week,
        balances=[
            Balance(
                adviser,
                _length(intersection(open_week, shifts[adviser.id])),
                _length(intersection(open_around, shifts[adviser.id])),
            )
            for adviser in rung.advisers
        ],
        staffed=_share(open_week, gaps_week),
        staffed_around=_share(open_around, gaps_around),
        is_of_setting=not any(adviser.number for adviser in snapshot.advisers),
    )


def _period(first: date, weeks: int) -> Interval:
    return whole_day(first)[0], whole_day(first + weeks * WEEK)[0]


def _day(
    day: date,
    rota: RotaSnapshot,
    ours: OpeningHours,
    open_week: Sequence[Interval],
    gaps_week: Sequence[Interval],
    overrides: Mapping[str, Mapping[date, ShiftOverride]],
) -> RotaDay:
    whole = whole_day(day)
    return RotaDay(
        day=day,
        open=intersection([whole], open_week),
        is_bank_holiday=ours.is_bank_holiday(day),
        closures=[one for one in ours.closures if one.begins < whole[1] and whole[0] < one.ends],
        shifts=sorted(_shifts(day, rota.advisers), key=lambda shift: (shift.begins, shift.ends)),
        gaps=intersection([whole], gaps_week),
        differences=list(_differences(day, rota.advisers, overrides)),
    )


def _shifts(day: date, advisers: Iterable[Adviser]) -> Iterator[Shift]:
    for adviser in advisers:
        for span in adviser.shifts(day):
            begins, ends = span.on(day)
            if begins < ends:
                yield Shift(adviser, begins, ends)


def _differences(
    day: date, advisers: Iterable[Adviser], overrides: Mapping[str, Mapping[date, ShiftOverride]]
) -> Iterator[Difference]:
    for adviser in advisers:
        override = overrides.get(adviser.id, {}).get(day)
        absence = next((one for one in adviser.absences if one.covers(day)), None)
        is_away = adviser.is_away(day)
        if override or (is_away and adviser.planned(day)):
            yield Difference(adviser, adviser.usual(day), override, absence, is_away)


def _length(intervals: Iterable[Interval]) -> timedelta:
    return sum((ends - begins for begins, ends in intervals), timedelta())


def _share(open_hours: Sequence[Interval], gaps: Sequence[Interval]) -> float | None:
    whole = _length(open_hours)
    return 1 - _length(gaps) / whole if whole else None
