"""What staff must see to is told in a sentence with what mends it; what is well is not told."""

from datetime import UTC, date, datetime, time, timedelta

from ivr.helpline import notices
from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.hours_format import WeeklyHours
from ivr.helpline.opening_hours import OpeningHours, Span
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.rota import Adviser

TODAY = date(2026, 11, 23)
FRESH = DatedFact(source="a page", checked_on=TODAY, good_until=TODAY)
OLD = DatedFact(source="a page", checked_on=date(2025, 1, 1), good_until=date(2026, 11, 22))
MORNING, NIGHT = datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 23, 22, tzinfo=UTC)
OFFICE = OpeningHours({day: (Span(time(9), time(17)),) for day in range(5)})
AFTERNOONS = Adviser("b", "Sam", "+447700900002", {day: (Span(time(13), time(17)),) for day in range(7)})


def hours(sure: str | None) -> OpeningHoursFile:
    return OpeningHoursFile(
        weekly=WeeklyHours(), bank_holidays="open", sure=sure, source="x", checked_on=TODAY, good_until=TODAY
    )


def test_facts_that_ran_out_are_counted() -> None:
    assert notices.some_facts_expired([FRESH, FRESH], TODAY) is None
    told = notices.some_facts_expired([FRESH, OLD, OLD], TODAY)
    assert told and told.says.startswith("2 of 3 facts") and "`ivr facts`" in told.mend


def test_that_all_of_them_ran_out_is_told_alone() -> None:
    assert notices.every_fact_expired([FRESH, OLD], TODAY) is None
    assert notices.every_fact_expired([], TODAY) is None
    told = notices.every_fact_expired([OLD, OLD], TODAY)
    assert told and told.says.startswith("all 2 facts") and "`ivr facts`" in told.mend
    assert notices.some_facts_expired([OLD, OLD], TODAY) is None


def test_hours_that_are_a_guess_are_told_until_somebody_confirms_them() -> None:
    told = notices.unconfirmed_hours(hours("K"), TODAY)
    assert told and "flows/hours.yaml" in told.says and "guess" in told.says and "`ivr hours confirm`" in told.mend
    known = hours("V"), hours("P"), hours(None), None
    assert [notices.unconfirmed_hours(one, TODAY) for one in known] == [None] * 4


def test_hours_that_ran_out_or_soon_will_are_told_with_their_last_day() -> None:
    confirmed, tomorrow, soon = hours(None), TODAY + timedelta(days=1), timedelta(days=60)
    told = notices.unconfirmed_hours(confirmed, tomorrow)
    assert told and "good until 23 Nov 2026" in told.says and "`ivr hours confirm`" in told.mend
    assert notices.hours_run_out(confirmed, TODAY - timedelta(days=60), soon) is None
    for day in (TODAY - timedelta(days=59), TODAY):
        told = notices.hours_run_out(confirmed, day, soon)
        assert told and "good until 23 Nov 2026" in told.says
    assert [notices.hours_run_out(one, TODAY, soon) for one in (hours("K"), None)] == [None, None]
    assert notices.hours_run_out(confirmed, tomorrow, soon) is None


def test_an_open_hour_without_anybody_is_told() -> None:
    told = notices.nobody_on_shift(OFFICE, [AFTERNOONS], MORNING)
    assert told and "nobody is on shift" in told.says and "`ivr rota" in told.mend
    assert notices.nobody_on_shift(OFFICE, [AFTERNOONS], NIGHT) is None
    assert notices.nobody_on_shift(None, [AFTERNOONS], datetime(2026, 11, 23, 14, tzinfo=UTC)) is None


def test_a_helpline_without_any_adviser_is_told_at_any_hour() -> None:
    for now in (MORNING, NIGHT):
        told = notices.nobody_on_shift(OFFICE, [], now)
        assert told and "IVR_ADVISERS is empty" in str(told) and "`ivr rota add" in str(told)
