"""A calendar has the shifts of the rota, whatever they are and whenever it looks."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.console.calendar_file import calendar_file
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Span
from ivr.helpline.own_shifts import days
from ivr.helpline.rota import Absence, Adviser
from ivr.helpline.timezone import today_in_london
from ivr.staff.calendar_feeds import Calendar, shifts_of
from ivr.store.calendar_feeds import CalendarFeed
from tests.console.calendar_events import events_in

FEED = CalendarFeed(b"", "1", datetime(2026, 1, 1, tzinfo=UTC), "Ann", None)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
one_span = st.builds(Span, times, times).map(lambda span: (span,))
two_spans = st.just(parse_spans(["09:00-12:30", "13:00-17:00"]))
spans = st.one_of(st.just(()), one_span, two_spans)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
weeks = st.dictionaries(st.integers(0, 6), spans)
near = st.integers(-40, 200).map(lambda n: timedelta(days=n))


@given(
    now=moments,
    week=st.none() | weeks,
    changes=st.dictionaries(near, spans, max_size=5),
    away=st.lists(st.tuples(near, st.integers(0, 9)), max_size=2),
)
def test_its_events_are_the_shifts_of_the_adviser(
    now: datetime,
    week: dict[int, tuple[Span, ...]] | None,
    changes: dict[timedelta, tuple[Span, ...]],
    away: list[tuple[timedelta, int]],
) -> None:
    today = now.date()
    absences = tuple(Absence(today + n, today + n + timedelta(days=more)) for n, more in away)
    other_days = {today + n: one for n, one in changes.items()}
    jo = Adviser("1", "Jo Marsh", "+447700900001", week, other_days, False, absences)
    shifts = tuple(shifts_of(jo, now))
    found = events_in(calendar_file(Calendar(FEED, jo, shifts)))
    assert [(one.begins, one.ends) for one in found] == [(one.begins, one.ends) for one in shifts]
    assert len({one.uid for one in found}) == len(found)
    theirs = {span.on(day) for day in days(today - timedelta(27), today + timedelta(181)) for span in on(jo, day)}
    assert {(begins, ends) for begins, ends in theirs if begins < ends} <= {(one.begins, one.ends) for one in found}
    assert all(not any(absence.covers(today_in_london(one.begins)) for absence in absences) for one in found)


def on(jo: Adviser, day: date) -> tuple[Span, ...]:
    """Whoever has no shifts has those of changed days only."""
    return jo.shifts(day) if jo.week is not None or day in jo.changes else ()


@given(name=st.text(min_size=1, max_size=30))
def test_any_name_is_read_again_as_it_is(name: str) -> None:
    jo = Adviser("1", name, "+447700900001", {0: parse_spans(["09:00-12:30"])})
    shifts = tuple(shifts_of(jo, datetime(2026, 11, 30, tzinfo=UTC)))
    file = calendar_file(Calendar(FEED, None, shifts))
    assert len(events_in(file)) == len(shifts)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
