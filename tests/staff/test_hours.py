"""Our weekly hours are set, confirmed and taken back; what a change would do is known before it is saved."""

from asyncio import gather
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours, parse_spans
from ivr.helpline.opening_hours import Closure
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.rota import Adviser, RotaSnapshot
from ivr.helpline.staff_hours import StaffHours
from ivr.helpline.timezone import today_in_london, whole_day
from ivr.loader import load
from ivr.staff import hours
from ivr.staff.hours import HoursState, OurHours, state_of
from ivr.staff.lookup import NoSuchItem
from ivr.staff.trial import Listener, Trial, hear_at, try_out
from ivr.staff.typed_hours import parse_typed_hours
from ivr.store import closures
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from tests.helpline.test_opening_hours import MINUTES, week_of, weeks
from tests.helpline.wall_clock import Written
from tests.store.fixtures import NOW

BY, TODAY, HELPLINE = By("Max", NOW), NOW.date(), load()
LONG = WeeklyHours(**dict.fromkeys(WEEKDAYS[:5], parse_spans(["08:00-19:00"])))
JO = Adviser("jo", "Jo Marsh", "+447700900010")
LISTENER = Listener(HELPLINE, setting=(JO,))
NEXT_MONDAY = TODAY + timedelta(days=7)


async def set_week(store: Store, starts: date, weekly: WeeklyHours = LONG, good_until: date | None = None) -> None:
    async with store.begin() as db:
        await hours.set_week(db, starts, weekly, good_until, BY, on_bank_holidays=False)


async def read(store: Store, today: date = TODAY) -> OurHours:
    async with store.read() as db:
        return await hours.read(db, HELPLINE.ours, today)


async def test_until_their_day_the_file_counts_and_from_then_on_what_staff_set(store: Store) -> None:
    await set_week(store, NEXT_MONDAY)
    before, after = await read(store), await read(store, NEXT_MONDAY)
    assert (before.of_today, before.since, [one.starts for one in before.to_come]) == (
        HELPLINE.ours,
        None,
        [NEXT_MONDAY],
    )
    assert (after.of_today and after.of_today.weekly, after.since, after.to_come) == (LONG, NEXT_MONDAY, [])


async def test_whoever_sets_hours_confirms_them_for_six_months(store: Store) -> None:
    await set_week(store, TODAY)
    found = (await read(store)).of_today
    assert found and (found.source, found.checked_on, found.good_until) == ("Max", TODAY, date(2027, 5, 23))
    assert state_of(found, TODAY) is HoursState.confirmed


async def test_the_hours_of_the_file_are_confirmed_from_today_on(store: Store) -> None:
    assert HELPLINE.ours and state_of(HELPLINE.ours, TODAY) is HoursState.guess
    async with store.begin() as db:
        await hours.confirm(db, HELPLINE.ours, None, BY)
    found = await read(store)
    assert found.of_today and found.of_today.weekly == HELPLINE.ours.weekly and found.since == TODAY
    assert state_of(found.of_today, TODAY) is HoursState.confirmed
    assert state_of(found.of_today, date(2027, 4, 1)) is HoursState.ends_soon
    assert state_of(found.of_today, date(2027, 5, 24)) is HoursState.over


async def test_hours_that_staff_set_are_confirmed_where_they_stand(store: Store) -> None:
    await set_week(store, TODAY)
    later = By("Ada", NOW + timedelta(days=90))
    async with store.begin() as db:
        await hours.confirm(db, HELPLINE.ours, date(2028, 1, 1), later)
    found = await read(store, later.at.date())
    assert found.of_today and (found.since, found.of_today.source) == (TODAY, "Ada")
    assert found.of_today.good_until == date(2028, 1, 1)


@pytest.mark.parametrize(
    ("starts", "weekly", "good_until", "says"),
    [
        (TODAY - timedelta(days=1), LONG, None, "is over"),
        (TODAY, WeeklyHours(), None, "There is no hour in this week"),
        (TODAY, LONG, TODAY - timedelta(days=1), "choose a day from Mon 23 November 2026 on"),
        (NEXT_MONDAY, LONG, TODAY, "choose a day from Mon 30 November 2026 on"),
        (TODAY, LONG, date(2027, 11, 24), "choose a day until Tue 23 November 2027"),
    ],
)
async def test_what_cannot_be_is_refused_with_what_can(
    store: Store, starts: date, weekly: WeeklyHours, good_until: date | None, says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        await set_week(store, starts, weekly, good_until)
    assert (await read(store)).to_come == []


async def test_where_we_are_always_open_there_is_nothing_to_confirm(store: Store) -> None:
    async with store.begin() as db:
        with pytest.raises(InvalidInput, match="always open"):
            await hours.confirm(db, None, None, BY)


async def test_hours_that_are_taken_back_leave_those_before_them(store: Store) -> None:
    await set_week(store, TODAY)
    await set_week(store, NEXT_MONDAY, WeeklyHours(monday=LONG.monday))
    async with store.begin() as db:
        await hours.remove(db, NEXT_MONDAY, BY)
    left = (await read(store, NEXT_MONDAY)).of_today
    assert left and left.weekly == LONG
    async with store.begin() as db:
        with pytest.raises(NoSuchItem, match=f"those that were: {TODAY}"):
            await hours.remove(db, NEXT_MONDAY, BY)


async def test_one_weekday_is_set_and_the_others_stay(store: Store) -> None:
    async with store.begin() as db:
        weekly, is_open = await hours.week_with(db, HELPLINE.ours, TODAY, {4: ()})
    assert HELPLINE.ours and weekly == HELPLINE.ours.weekly.model_copy(update={"friday": ()})
    assert not is_open


async def test_two_people_who_set_a_weekday_each_at_once_have_both_set(store: Store) -> None:
    async def set_day(day: int) -> None:
        async with store.begin() as db:
            weekly, is_open = await hours.week_with(db, HELPLINE.ours, TODAY, {day: LONG.monday})
            await hours.set_week(db, TODAY, weekly, None, BY, on_bank_holidays=is_open)

    await gather(*(set_day(day) for day in range(7)))
    found = (await read(store)).of_today
    assert found and set(found.weekly.week().values()) == {LONG.monday}


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("09:00-12:30 13:00-17:00", ["09:00-12:30", "13:00-17:00"]),
        ("9-5", ["09:00-05:00"]),
        ("9:00 – 12.30, 13 to 17", ["09:00-12:30", "13:00-17:00"]),
        ("9.00-12.30 and 1.30-5.00", ["01:30-05:00", "09:00-12:30"]),
        ("22-24", ["22:00-00:00"]),
        ("Closed", []),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, means: list[str]) -> None:
    assert list(map(str, parse_typed_hours(written))) == means


@pytest.mark.parametrize("written", ["9am-5pm", "nine to five", "09:00", "25:00-26:00", "9-12 11-15", "<b>"])
def test_what_are_no_hours_is_refused_in_words(written: str) -> None:
    with pytest.raises(InvalidInput, match=r"is not hours|There is no|overlap"):
        parse_typed_hours(written)


# Before it is saved.


async def trial_of(store: Store, starts: date, weekly: WeeklyHours) -> Trial[object]:
    async def change(db: AsyncConnection, _: Cipher) -> object:
        return await hours.set_week(db, starts, weekly, None, BY, on_bank_holidays=False)

    return await try_out(store, change, NOW)


async def test_nothing_stays_of_what_is_tried_out(store: Store) -> None:
    trial = await trial_of(store, TODAY, LONG)
    assert [one.starts for one in trial.after.staff_hours] == [TODAY] and trial.before.staff_hours == ()
    assert (await read(store)).of_today == HELPLINE.ours
    await set_week(store, TODAY)
    assert (await read(store)).since == TODAY


async def test_a_change_matters_when_it_first_counts_and_where_hours_are_new(store: Store) -> None:
    trial = await trial_of(store, NEXT_MONDAY, LONG)
    midnight = whole_day(NEXT_MONDAY)[0]
    moments = LISTENER.moments(trial, midnight)
    assert moments == [midnight, midnight + timedelta(hours=8)]
    closed, is_open = LISTENER.hear_all(trial, moments)
    assert closed.opening.opens == midnight + timedelta(hours=8) and closed.rings == ()
    assert is_open.rings == (JO,)


async def test_a_change_matters_where_we_were_open_and_are_not(store: Store) -> None:
    trial = await trial_of(store, TODAY, WeeklyHours(tuesday=LONG.tuesday))
    moments = LISTENER.moments(trial, NOW)
    assert moments == [NOW, whole_day(TODAY + timedelta(days=1))[0] + timedelta(hours=8)]
    assert LISTENER.hear(trial.after, None, NOW).rings == ()


def staff_hours(starts: date, week: Mapping[int, list[Written]]) -> StaffHours:
    named = {WEEKDAYS[day]: spans for day, spans in week_of(week).items()}
    about = {"bank_holidays": "open", "source": "Max", "checked_on": TODAY, "good_until": TODAY}
    return StaffHours.of(starts, OpeningHoursFile.model_validate({"weekly": WeeklyHours(**named), **about}))


@given(weeks(), weeks(), st.integers(-20, 20), MINUTES, st.integers(0, 50 * 24 * 60))
def test_between_the_moments_at_which_a_change_matters_nothing_is_other_than_before(
    old: Mapping[int, list[Written]], new: Mapping[int, list[Written]], days: int, now: datetime, minutes: int
) -> None:
    today = today_in_london(now)
    before = RotaSnapshot((JO,), staff_hours=(staff_hours(today - timedelta(days=40), old),))
    changed = staff_hours(today + timedelta(days=days), new)
    trial = Trial(None, before, replace(before, staff_hours=(*before.staff_hours, changed)), None)
    ours, theirs = trial.before.hours(None), trial.after.hours(None)
    assert ours and theirs
    first, *others = LISTENER.moments(trial, now)
    assert first == now
    for at in others:
        assert ours.opening(at).is_open != theirs.opening(at).is_open
    some = now + timedelta(minutes=minutes)
    is_same = ours.opening(some).is_open == theirs.opening(some).is_open
    differs_at_once = ours.opening(now).is_open != theirs.opening(now).is_open
    assert is_same or differs_at_once or others[0] <= some


async def test_what_is_heard_at_a_moment_is_what_is_set_for_it(store: Store) -> None:
    noon = whole_day(NEXT_MONDAY)[0] + timedelta(hours=12)
    async with store.begin() as db:
        await closures.add(db, Closure(noon, noon + timedelta(hours=2), "training"), BY)
    assert (await hear_at(store, LISTENER, noon)).opening.reason == "training"
    assert (await hear_at(store, LISTENER, noon + timedelta(hours=2))).rings == (JO,)
