"""Shifts that one adviser hands over to another, for a swap or a cover, so that no caller misses anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ivr.errors import RotaRefused
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.intervals import Interval, difference, intersection
from ivr.helpline.opening_hours import OpeningHours, Span
from ivr.helpline.rota import Adviser
from ivr.helpline.staffing import gaps
from ivr.helpline.timezone import LONDON, ONE_DAY, whole_day


@dataclass(frozen=True, slots=True)
class Handover:
    """A day's shifts that go from one adviser to another; `spans` if the other takes other hours than these."""

    giver: Adviser
    taker: Adviser
    day: date
    spans: tuple[Span, ...] | None = None

    @property
    def taken(self) -> tuple[Span, ...]:
        """Return the shifts that the taker takes over."""
        return self.giver.planned(self.day) if self.spans is None else self.spans


def hand_over(
    advisers: Sequence[Adviser], handovers: Sequence[Handover], hours: OpeningHours | None, today: date
) -> tuple[Adviser, ...]:
    """Return the advisers as they are after all of some handovers, each other as before.

    Raise RotaRefused where that cannot be: a shift that is none or is over, a taker who is away or would be there
    twice, or a gap that was not there; `hours` are ours, less the closures.
    """
    for one in handovers:
        _refuse_impossible(one, today)
    after = tuple(_with_handovers(adviser, handovers) for adviser in advisers)
    for one in handovers:
        _refuse_twice(one, next(adviser for adviser in after if adviser.id == one.taker.id))
    _refuse_gaps(advisers, after, hours, {one.day for one in handovers})
    return after


def _refuse_impossible(one: Handover, today: date) -> None:
    giver, taker, day = one.giver, one.taker, f"{one.day:%a %d %b %Y}"
    if giver.id == taker.id:
        raise RotaRefused(f"That is {giver.name} twice: name two people.")
    if one.day < today:
        raise RotaRefused(f"{day} is over.")
    if not giver.planned(one.day):
        raise RotaRefused(f"{giver.name} has no shift on {day}.")
    if taker.is_away(one.day):
        raise RotaRefused(f"{taker.name} is away on {day}.")
    if not taker.number:
        raise RotaRefused(f"The number of {taker.name} cannot be read, so nobody can ring them.")


def _with_handovers(adviser: Adviser, handovers: Sequence[Handover]) -> Adviser:
    days = {one.day for one in handovers if adviser.id in (one.giver.id, one.taker.id)}
    changed = {day: _shifts(adviser, day, handovers) for day in days}
    return replace(adviser, changes={**adviser.changes, **changed}) if changed else adviser


def _shifts(adviser: Adviser, day: date, handovers: Sequence[Handover]) -> tuple[Span, ...]:
    """Return the shifts of an adviser on a day: those that they keep, and those that they take over."""
    taken = [span for one in handovers if one.taker.id == adviser.id and one.day == day for span in one.taken]
    try:
        return parse_spans(map(str, [*_kept(adviser, day, handovers), *taken]))
    except ValueError as error:
        raise RotaRefused(f"{adviser.name} would be there twice on {day:%a %d %b %Y}: {error}.") from None


def _kept(adviser: Adviser, day: date, handovers: Iterable[Handover]) -> tuple[Span, ...]:
    gives = any(one.giver.id == adviser.id and one.day == day for one in handovers)
    return () if gives else adviser.planned(day)


def _refuse_twice(one: Handover, taker: Adviser) -> None:
    """Refuse where a shift that is taken over overlaps one of the evening before or of the next day."""
    taken = [span.on(one.day) for span in one.taken]
    beside = [span.on(day) for day in (one.day - ONE_DAY, one.day + ONE_DAY) for span in taker.shifts(day)]
    if twice := intersection(taken, beside):
        raise RotaRefused(f"{taker.name} would be there twice: {_in_words(twice)}.")


def _refuse_gaps(
    before: Sequence[Adviser], after: Sequence[Adviser], hours: OpeningHours | None, days: Iterable[date]
) -> None:
    opened: list[Interval] = []
    for day in days:
        begins, ends = whole_day(day)[0], whole_day(day + ONE_DAY)[1]  # a shift may last into the next day
        opened += difference(gaps(hours, after, begins, ends), gaps(hours, before, begins, ends))
    if opened:
        raise RotaRefused(f"Nobody would be there though we are open: {_in_words(sorted(set(opened)))}.")


def _in_words(intervals: Iterable[Interval]) -> str:
    pairs = ((begins.astimezone(LONDON), ends.astimezone(LONDON)) for begins, ends in intervals)
    return "; ".join(f"{begins:%a %d %b %Y %H:%M} to {ends:%H:%M}" for begins, ends in pairs)
