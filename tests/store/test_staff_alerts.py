"""Alerts go to the adviser on shift, at an hour at which they work, with nothing of who called."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert

from ivr.helpline.opening_hours import Span, Week
from ivr.helpline.rota import Adviser, of_setting
from ivr.helpline.timezone import LONDON
from ivr.store import opt_outs
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.staff_alerts import StaffAlerts, enqueue_alert
from ivr.store.tables import advisers as advisers_table
from ivr.store.tables import shift_overrides, shifts
from tests.store.fixtures import NOW, enqueue_text
from tests.store.voicemail_driver import WORDS, alerts

FIRST, SECOND, LANDLINE = "+447700900001", "+447700900002", "+441632960001"
DAYTIME, MORNING = Span(time(9), time(17)), Span(time(9), time(12))
EVERY_DAY: Week = {day: (DAYTIME,) for day in range(7)}
SUNDAY_NIGHT = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def adviser(number: str, week: Week | None, *, away: bool = False) -> Adviser:
    return Adviser(number, f"Ruth {number}", number, week, away=away)


async def told(store: Store, advisers: Iterable[Adviser], now: datetime, key: str = "message 1") -> bool:
    async with store.begin() as db:
        return await enqueue_alert(db, store.cipher, advisers, WORDS, now, key)


async def test_whoever_is_on_shift_is_told_at_once(store: Store) -> None:
    off = {day: (Span(time(18), time(20)),) for day in range(7)}
    assert await told(store, [adviser(FIRST, off), adviser(SECOND, EVERY_DAY)], NOW)
    assert await alerts(store) == [(SECOND, WORDS, NOW)]


async def test_of_two_on_shift_the_first_is_told(store: Store) -> None:
    await told(store, [adviser(SECOND, EVERY_DAY), adviser(FIRST, EVERY_DAY)], NOW)
    assert [to for to, _, _ in await alerts(store)] == [SECOND]


async def test_at_night_whoever_begins_next_is_told_when_they_begin(store: Store) -> None:
    await told(store, [adviser(FIRST, {1: (DAYTIME,)}), adviser(SECOND, {0: (DAYTIME,)})], SUNDAY_NIGHT)
    assert await alerts(store) == [(SECOND, WORDS, MONDAY)]


async def test_whoever_works_at_night_is_told_at_night(store: Store) -> None:
    await told(store, [adviser(FIRST, {6: (Span(time(22), time(6)),)})], SUNDAY_NIGHT)
    assert await alerts(store) == [(FIRST, WORDS, SUNDAY_NIGHT)]


async def test_whoever_has_no_shifts_is_not_woken(store: Store) -> None:
    await told(store, of_setting([FIRST]), SUNDAY_NIGHT)
    await told(store, of_setting([FIRST]), NOW, "message 2")
    assert [due for _, _, due in await alerts(store)] == [MONDAY, NOW]


async def test_those_who_cannot_be_texted_are_passed_over(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, store.cipher.blind_index(FIRST), NOW)
    chosen = [adviser(LANDLINE, EVERY_DAY), adviser(FIRST, EVERY_DAY), adviser(SECOND, {1: (DAYTIME,)})]
    await told(store, chosen, NOW)
    assert await alerts(store) == [(SECOND, WORDS, MONDAY + timedelta(days=1))]


@pytest.mark.parametrize(
    "advisers",
    [(), (adviser(LANDLINE, EVERY_DAY),), (adviser(FIRST, EVERY_DAY, away=True),), (adviser(FIRST, {}),)],
    ids=["nobody", "a landline", "away", "no shifts"],
)
async def test_where_there_is_nobody_to_tell_nobody_is_told(store: Store, advisers: tuple[Adviser, ...]) -> None:
    assert not await told(store, advisers, NOW)
    assert await alerts(store) == []


async def test_the_same_thing_is_told_once(store: Store) -> None:
    for key in ("message 1", "message 1", "message 2"):
        assert await told(store, of_setting([FIRST]), NOW, key)
    assert len(await alerts(store)) == 2


async def test_it_is_written_in_the_letters_that_every_telephone_has(store: Store) -> None:
    async with store.begin() as db:
        await enqueue_alert(db, store.cipher, of_setting([FIRST]), "A caller’s message…", NOW, "message 1")
    assert [words for _, words, _ in await alerts(store)] == ["A caller's message..."]


async def test_it_counts_against_no_callers_caps(store: Store) -> None:
    for key in "123":
        await told(store, of_setting([FIRST]), NOW, key)
    assert await enqueue_text(store, "one", FIRST, quotas=Quotas(1, 1)) == "kept"
    assert await enqueue_text(store, "two", SECOND, quotas=Quotas(1, 1)) == "capped"


async def test_the_rota_is_asked_before_the_setting(store: Store) -> None:
    cipher, told_of = store.cipher, StaffAlerts(of_setting([FIRST]), lambda: WORDS)
    async with store.begin() as db:
        assert await told_of.alert_voicemail(db, cipher, "m1", NOW)
        encrypted = cipher.encrypt_number(SECOND)
        await db.execute(insert(advisers_table).values(id="a1", name="Ruth", place=1, away=False, **encrypted))
        await db.execute(insert(shifts).values(adviser="a1", weekday=1, spans="09:00-12:00 13:00-17:00"))
        await db.execute(insert(shift_overrides).values(adviser="a1", day=date(2026, 11, 24), spans="10:30-12:00"))
        assert await told_of.alert_voicemail(db, cipher, "m2", NOW)
    ten_thirty = datetime(2026, 11, 24, 10, 30, tzinfo=LONDON)
    assert await alerts(store) == [(FIRST, WORDS, NOW), (SECOND, WORDS, ten_thirty)]
