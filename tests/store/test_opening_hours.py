"""The weekly hours that staff set, on both databases."""

from datetime import date, timedelta

from ivr.helpline.hours_format import WeeklyHours, parse_spans
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.staff_hours import StaffHours
from ivr.store import audit, opening_hours, rota_snapshot
from ivr.store.audit import By
from ivr.store.database import Store
from tests.store.fixtures import NOW

BY, TODAY = By("Max", NOW), NOW.date()
WEEK = WeeklyHours(monday=parse_spans(["09:00-12:30", "13:00-24:00"]), friday=parse_spans(["22:00-06:00"]))


def ours(**more: object) -> OpeningHoursFile:
    about = {"weekly": WEEK, "bank_holidays": "closed", "source": "Max", "checked_on": TODAY, "good_until": TODAY}
    return OpeningHoursFile.model_validate(about | more)


async def put(store: Store, starts: date, **more: object) -> None:
    async with store.begin() as db:
        await opening_hours.replace(db, starts, ours(**more), BY)


async def read(store: Store) -> tuple[StaffHours, ...]:
    async with store.read() as db:
        return await opening_hours.read(db)


async def test_what_is_written_is_read_again_in_the_order_of_its_days(store: Store) -> None:
    await put(store, TODAY + timedelta(days=30), bank_holidays="open")
    await put(store, TODAY)
    first, second = await read(store)
    assert (first.starts, first.ours) == (TODAY, ours())
    assert (second.starts, second.ours.bank_holidays) == (TODAY + timedelta(days=30), "open")
    assert first.hours.week[0] == WEEK.monday and first.hours.calendar is not None and second.hours.calendar is None


async def test_hours_of_the_same_day_take_the_place_of_those_before(store: Store) -> None:
    await put(store, TODAY)
    await put(store, TODAY, source="Ann")
    assert [one.ours.source for one in await read(store)] == ["Ann"]


async def test_the_same_row_is_parsed_once(store: Store) -> None:
    await put(store, TODAY)
    assert (await read(store))[0] is (await read(store))[0]


async def test_the_snapshot_of_a_moment_has_the_hours_of_yesterday_and_later_ones(store: Store) -> None:
    for days in (-30, -20, 0, 30):
        await put(store, TODAY + timedelta(days=days))
    async with store.read() as db:
        snapshot = await rota_snapshot.read(db, store.cipher, NOW)
    assert [(one.starts - TODAY).days for one in snapshot.staff_hours] == [-20, 0, 30]


async def test_the_audit_log_says_which_hours_were_set_confirmed_and_taken_back(store: Store) -> None:
    await put(store, TODAY)
    async with store.begin() as db:
        await opening_hours.confirm(db, TODAY, ours(), BY)
    async with store.begin() as db:
        await opening_hours.remove(db, (await opening_hours.read(db))[0], BY)
    async with store.read() as db:
        removed, confirmed, was_set = await audit.read(db, 3)
    week = "Monday 09:00-12:30 13:00-00:00, Friday 22:00-06:00; closed on bank holidays"
    day = f"{TODAY:%d %b %Y}"
    assert was_set.what == f"hours from {day}: {week}; good until {day}"
    assert confirmed.what == f"confirmed the hours until {day}: {week}"
    assert removed.what == f"took back: hours from {day}: {week}"
    assert await read(store) == ()
