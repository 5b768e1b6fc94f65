"""When somebody is there: weekly hours by the clock on the wall, bank holidays, closures."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from ivr.engine.environment import Opening
from ivr.helpline.intervals import Interval, difference
from ivr.helpline.timezone import ONE_DAY, local_time, today_in_london
from ivr.helpline.working_days import Calendar

DAYS_AHEAD = 56
"""How far we look for the next opening or shift; whoever is away for longer has not told us when they are back."""
BANK_HOLIDAY = "bank_holiday"
"""The reason for being closed that nobody has to give."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one time of day to another, by the clock on the wall; what ends no later than it starts ends a day later."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Return when it begins and ends (UTC), starting on that day."""
        last = day if self.start < self.end else day + ONE_DAY
        return local_time(day, self.start), local_time(last, self.end)


Week = Mapping[int, tuple[Span, ...]]
"""The spans that start on each weekday, 0 for Monday, in their order; a weekday that is missing has none."""
ALWAYS: Week = {weekday: (Span(time(), time()),) for weekday in range(7)}
Timetable = Callable[[date], Iterable[Span]]
"""The spans that start on a day, in their order."""


def open_intervals(timetable: Timetable, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield what of a timetable goes on or is still to come, each from when to when (UTC), the earliest first."""
    yesterday = today_in_london(now) - ONE_DAY  # a span that started then may last into today
    for day in (yesterday + n * ONE_DAY for n in range(DAYS_AHEAD)):
        for span in timetable(day):
            begins, ends = span.on(day)
            if begins < ends and now < ends:
                yield begins, ends


def is_within(timetable: Timetable, now: datetime) -> bool:
    """Return whether a moment (aware) lies in one of a timetable's spans."""
    first = next(open_intervals(timetable, now), None)
    return first is not None and first[0] <= now


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed from one moment to another (aware), for a reason that has a sentence."""

    begins: datetime
    ends: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LaterWeek:
    """Another week, and whether bank holidays are left out of it, from a day on."""

    starts: date
    week: Week
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A week, less the bank holidays of a calendar (if one is given), less closures; `later` weeks follow in order.

    A span that starts on the eve of a bank holiday, or of another week, lasts to its end. Past the last bank holiday
    that we know of, every weekday counts as an ordinary one: better somebody who is not there is rung than a caller
    sent away.
    """

    week: Week
    calendar: Calendar | None = None
    closures: tuple[Closure, ...] = field(default=())
    later: tuple[LaterWeek, ...] = field(default=())

    def opening(self, now: datetime) -> Opening:
        """Return whether it is open now (aware), and if not, why and when it next is (UTC)."""
        closure = self._closure(now)
        if closure is None and is_within(self._on, now):
            return Opening(is_open=True)
        return Opening(is_open=False, reason=self._reason(closure, now), opens=self.next_opening(now))

    def open_intervals(self, now: datetime) -> list[Interval]:
        """Return when it is open from now (aware) on, each from when to when (UTC), less the closures."""
        closed = [(one.begins, one.ends) for one in self.closures]
        return [one for one in difference(open_intervals(self._on, now), closed) if now < one[1]]

    def next_opening(self, now: datetime) -> datetime | None:
        """Return the first moment (UTC), not before now, at which it is open; None if none is in sight."""
        for begins, ends in open_intervals(self._on, now):
            opens = self._after_closures(max(begins, now))
            if opens < ends:
                return opens
        return None

    def closes(self, now: datetime) -> datetime | None:
        """Return when it closes (UTC), or closes next; None if it is open as far ahead as we look, or never opens."""
        first = next(iter(self.open_intervals(now)), None)
        horizon = (DAYS_AHEAD - 3) * ONE_DAY  # the last day that is looked at, whatever the clocks do
        return first[1] if first and first[1] < now + horizon else None

    def is_bank_holiday(self, day: date) -> bool:
        """Return whether we are closed on a day for a bank holiday alone."""
        return bool(self._in_any_week(day)) and not self._on(day)

    def _on(self, day: date) -> tuple[Span, ...]:
        in_force = self._in_force(day)
        is_holiday = in_force.calendar is not None and in_force.calendar.is_bank_holiday(day)
        return () if is_holiday else in_force.week.get(day.weekday(), ())

    def _in_any_week(self, day: date) -> tuple[Span, ...]:
        return self._in_force(day).week.get(day.weekday(), ())

    def _in_force(self, day: date) -> "OpeningHours | LaterWeek":
        """Return whichever week counts on a day."""
        return next((one for one in reversed(self.later) if one.starts <= day), self)

    def _closure(self, now: datetime) -> Closure | None:
        return next((one for one in self.closures if one.begins <= now < one.ends), None)

    def _reason(self, closure: Closure | None, now: datetime) -> str:
        """Why it is closed now; nothing, at an hour when it always is."""
        if closure:
            return closure.reason
        return BANK_HOLIDAY if is_within(self._in_any_week, now) else ""

    def _after_closures(self, opens: datetime) -> datetime:
        """Return the first moment, not before another, that no closure covers."""
        for closure in sorted(self.closures, key=lambda one: one.begins):
            if closure.begins <= opens < closure.ends:
                opens = closure.ends
        return opens
