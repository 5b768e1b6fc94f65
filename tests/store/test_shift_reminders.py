"""Advisers are reminded of their shifts once and in good time; managers hear of those that nobody confirms."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.helpline.hours_format import WEEKDAYS
from ivr.helpline.opening_hours import ALWAYS, Closure, OpeningHours
from ivr.helpline.own_shifts import shifts_ahead
from ivr.helpline.quiet_hours import is_texting_hour
from ivr.helpline.rota import Absence
from ivr.store import absences, closures, opt_outs, rota
from ivr.store.accounts import Role
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.shift_reminders import NIGHT
from tests.store.conftest import SECRETS, sqlite_url
from tests.store.fixtures import DAY, HOUR, MINUTE, NOW, enqueue_text
from tests.store.shift_driver import ADA, JO, LANDLINE, MAX, SAM, TUESDAY, Shifts, at

ASKED = "Your helpline shift: Tue 24 Nov, 9:00 to 13:00. Reply OK if you will be there, NOT if you cannot."
UNCONFIRMED = "Helpline shift Tue 24 Nov, 9:00 to 13:00: Jo Marsh has not confirmed it. Please ring them."


@pytest.fixture
def shifts(store: Store) -> Shifts:
    return Shifts(store)


async def test_an_adviser_is_texted_so_many_hours_before_their_shift_and_once(shifts: Shifts) -> None:
    await shifts.adviser(tuesday="09:00-13:00")
    await shifts.round(at(23, 12, 59))
    assert await shifts.texts() == []
    for minute in (0, 1, 30):
        await shifts.round(at(23, 13, minute))
    assert await shifts.texts() == [(JO, ASKED, at(23, 13))]


async def test_two_workers_at_once_send_one_text(shifts: Shifts) -> None:
    await shifts.adviser(tuesday="09:00-13:00")
    await asyncio.gather(*(shifts.round(at(23, 13)) for _ in range(4)))
    assert len(await shifts.texts()) == 1


async def test_what_would_fall_into_the_night_comes_in_the_evening_before(shifts: Shifts) -> None:
    await shifts.adviser(wednesday="17:00-20:00")  # twenty hours before it is nine in the evening
    await shifts.round(at(24, 17, 59))
    assert await shifts.texts() == []
    await shifts.round(at(24, 18))
    assert len(await shifts.texts()) == 1


async def test_a_shift_that_is_set_late_is_reminded_of_at_once_and_one_that_has_begun_is_not(shifts: Shifts) -> None:
    await shifts.adviser(monday="10:00-13:00")
    await shifts.round(at(23, 10))
    assert await shifts.texts() == []
    await shifts.day("Jo Marsh", NOW.date(), "10:01-13:00")
    await shifts.round(at(23, 10))
    assert [due for _, _, due in await shifts.texts()] == [at(23, 10)]


async def test_a_shift_that_was_taken_away_is_not_reminded_of(shifts: Shifts) -> None:
    await shifts.adviser(tuesday="09:00-13:00", wednesday="09:00-13:00")
    await shifts.day("Jo Marsh", TUESDAY, "")
    async with shifts.store.begin() as db:
        await rota.set_away(db, "Jo Marsh", False, shifts.by)
    await shifts.round(at(23, 18))
    assert await shifts.texts() == []
    async with shifts.store.begin() as db:
        await rota.set_away(db, "Jo Marsh", True, shifts.by)
    await shifts.round(at(24, 14))
    assert await shifts.texts() == []


async def test_a_lunch_parts_no_shift_and_a_longer_break_does(shifts: Shifts) -> None:
    await shifts.adviser(tuesday="09:00-12:30 13:00-17:00 19:00-21:00")
    await shifts.round(at(23, 18))
    said = {body.partition("Reply")[0] for body in await shifts.told(JO)}
    assert said == {f"Your helpline shift: Tue 24 Nov, {hours}. " for hours in ("9:00 to 17:00", "19:00 to 21:00")}


async def test_whoever_is_there_at_any_hour_is_reminded_of_a_changed_day_only(shifts: Shifts) -> None:
    await shifts.adviser()
    await shifts.round(at(23, 18))
    assert await shifts.texts() == []
    await shifts.day("Jo Marsh", TUESDAY, "09:00-13:00")
    await shifts.round(at(23, 18))
    assert await shifts.told(JO) == [ASKED]


async def test_nobody_is_reminded_of_a_day_on_which_we_are_closed(shifts: Shifts) -> None:
    await shifts.adviser(tuesday="09:00-13:00", wednesday="09:00-13:00")
    shifts.hours = OpeningHours(ALWAYS)
    async with shifts.store.begin() as db:
        await closures.add(db, Closure(at(24, 0), at(25, 10), "training"), shifts.by)
    await shifts.round(at(23, 18))
    assert await shifts.texts() == []
    await shifts.round(at(24, 18))  # of Wednesday there is a part left
    assert len(await shifts.texts()) == 1


@pytest.mark.parametrize("number", [LANDLINE, JO], ids=["a landline", "who said STOP"])
async def test_whoever_cannot_be_texted_is_not_and_managers_are_not_told_of_it(shifts: Shifts, number: str) -> None:
    await shifts.manager()
    await shifts.adviser(number=number, tuesday="09:00-13:00")
    async with shifts.store.begin() as db:
        await opt_outs.opt_out(db, shifts.store.cipher.blind_index(JO), NOW)
    for hour in (13, 18):
        await shifts.round(at(23, hour))
    assert await shifts.texts() == []
    assert [(one.text, one.answer) for one in await shifts.reminders()] == [(None, None)]


async def test_it_counts_against_no_callers_quota(shifts: Shifts) -> None:
    await shifts.adviser(tuesday="09:00-13:00")
    await shifts.round(at(23, 13))
    assert await enqueue_text(shifts.store, "one", JO, at(23, 14), Quotas(1, 1)) == "kept"


# Managers.


async def test_managers_are_told_once_of_a_shift_that_is_not_confirmed_the_evening_before(shifts: Shifts) -> None:
    await shifts.manager()
    await shifts.manager("Ada", ADA, Role.administrator)
    await shifts.adviser(tuesday="09:00-13:00")
    await shifts.round(at(23, 13))
    await shifts.round(at(23, 17, 59))
    assert await shifts.told(MAX) == []
    for minute in (0, 1, 30):
        await shifts.round(at(23, 18, minute))
    assert [await shifts.told(number) for number in (MAX, ADA)] == [[UNCONFIRMED], [UNCONFIRMED]]


async def test_by_day_they_are_told_three_hours_before(shifts: Shifts) -> None:
    await shifts.manager()
    await shifts.adviser(tuesday="14:00-17:00")
    await shifts.round(at(23, 18))
    await shifts.round(at(24, 10, 59))
    assert await shifts.told(MAX) == []
    await shifts.round(at(24, 11))
    assert len(await shifts.told(MAX)) == 1


async def test_whoever_was_reminded_late_has_an_hour_to_answer(shifts: Shifts) -> None:
    await shifts.manager()
    await shifts.adviser(monday="12:00-17:00")
    await shifts.round(at(23, 10))
    await shifts.round(at(23, 10, 59))
    assert await shifts.told(MAX) == []
    await shifts.round(at(23, 11))
    assert len(await shifts.told(MAX)) == 1


async def test_of_a_shift_that_is_confirmed_they_are_not_told(shifts: Shifts) -> None:
    await shifts.manager()
    await shifts.adviser(tuesday="09:00-13:00")
    await shifts.round(at(23, 13))
    await shifts.says("OK", at(23, 14))
    await shifts.round(at(23, 18))
    assert await shifts.told(MAX) == []


async def test_an_adviser_or_somebody_without_a_mobile_is_told_nothing(shifts: Shifts) -> None:
    await shifts.manager("Ann", SAM, Role.adviser)
    await shifts.manager("Max", None)
    await shifts.adviser(tuesday="09:00-13:00")
    await shifts.round(at(23, 13))
    await shifts.round(at(23, 18))
    assert [to for to, _, _ in await shifts.texts()] == [JO]
    await shifts.manager("Ada", ADA)  # who is told as soon as they can be
    await shifts.round(at(23, 18, 30))
    assert await shifts.told(ADA) == [UNCONFIRMED]


# For any rota, whenever a worker looks.

spans = st.lists(st.tuples(st.integers(0, 47), st.integers(1, 24)), max_size=2, unique_by=lambda one: one[0])


def written(chosen: list[tuple[int, int]]) -> str:
    """Write spans in half hours, each cut off where the next begins; the last may go over midnight."""
    chosen = sorted(chosen)
    ends = [*(begin for begin, _ in chosen[1:]), 72][: len(chosen)]
    cut = [(begin, min(begin + length, end)) for (begin, length), end in zip(chosen, ends, strict=True)]
    return " ".join(f"{_time(begin)}-{_time(end)}" for begin, end in cut)


def _time(halves: int) -> str:
    return f"{halves // 2 % 24:02}:{halves % 2 * 30:02}"


@given(
    week=st.fixed_dictionaries({}, optional=dict.fromkeys(WEEKDAYS, spans)),
    off=st.sets(st.integers(0, 4), max_size=2),
    away=st.none() | st.tuples(st.integers(0, 5), st.integers(0, 3)),
    ticks=st.lists(st.integers(0, 4 * 48), min_size=1, max_size=12),
    before=st.integers(1, 60),
)
@settings(max_examples=25)
def test_each_shift_is_reminded_of_at_most_once_before_it_begins_and_never_on_a_day_off_or_away(
    tmp_path_factory: pytest.TempPathFactory,
    week: dict[str, list[tuple[int, int]]],
    off: set[int],
    away: tuple[int, int] | None,
    ticks: list[int],
    before: int,
) -> None:
    today, url = NOW.date(), sqlite_url(tmp_path_factory.mktemp("shifts"))
    absence = Absence(today + away[0] * DAY, today + sum(away) * DAY) if away else None
    weekly = {"monday": "", **{name: written(chosen) for name, chosen in week.items()}}
    looks = [now for now in (NOW + n * 30 * MINUTE for n in sorted(ticks)) if is_texting_hour(now)]
    asyncio.run(_holds(url, weekly, {today + n * DAY for n in off}, absence, looks, before * HOUR))


async def _holds(
    url: str, week: dict[str, str], off: set[date], away: Absence | None, looks: list[datetime], before: timedelta
) -> None:
    async with Store(url, SECRETS, 30) as store:
        shifts = Shifts(store, before)
        await shifts.adviser(**week)
        for day in off:
            await shifts.day("Jo Marsh", day, "")
        if away:
            async with store.begin() as db:
                await absences.add(db, "Jo Marsh", away.first, away.last, shifts.by)
        for now in looks:
            await shifts.round(now)
        async with store.read() as db:
            [jo] = await rota.read(db, store.cipher)
        reminders, texts = await shifts.reminders(), await shifts.texts()
    planned = {begins for begins, _ in shifts_ahead(jo, NOW, NOW + 9 * DAY)}
    assert len({one.begins for one in reminders}) == len(reminders) == len(texts)
    for one in reminders:
        assert one.begins in planned and one.reminded < one.begins
        assert one.reminded >= one.begins - before - NIGHT
        assert one.begins.date() not in off and not (away and away.covers(one.begins.date()))
    due = {begins for begins in planned if any(begins - before <= now < begins for now in looks)}
    assert due <= {one.begins for one in reminders}
