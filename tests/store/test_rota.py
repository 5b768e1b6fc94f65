"""The rota, closures and the audit log, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import RotaRefused
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Closure
from ivr.helpline.rota import Adviser
from ivr.store import absences, audit, closures, rota, shift_overrides
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.shift_overrides import ShiftOverride
from tests.store.conftest import SECRETS
from tests.store.fixtures import DAY, HOUR, NOW

BY = By("Sam", NOW)
JO, ANN, LEE = "+447700900001", "+447700900002", "+441632960003"
CHRISTMAS_EVE = date(2026, 12, 24)
MORNING, NIGHT = parse_spans(["09:00-13:00"]), parse_spans(["22:00-06:00"])


async def change(store: Store, do: Callable[[AsyncConnection], Awaitable[object]]) -> None:
    async with store.begin() as db:
        await do(db)


async def added(store: Store, **numbers: str) -> None:
    for name, number in numbers.items():
        async with store.begin() as db:
            await rota.add(db, store.cipher, name, number, BY)


async def read(store: Store) -> dict[str, Adviser]:
    async with store.begin() as db:
        return {adviser.name: adviser for adviser in await rota.read(db, store.cipher)}


async def log(store: Store) -> list[str]:
    async with store.begin() as db:
        return [entry.what for entry in reversed(await audit.read(db, 100))]


async def test_advisers_are_read_in_the_order_in_which_they_were_added(store: Store) -> None:
    assert await read(store) == {}
    await added(store, Jo=JO, Ann=ANN, Lee=LEE)
    found = await read(store)
    assert [(one.name, one.number, one.week, one.changes, one.away) for one in found.values()] == [
        ("Jo", JO, None, {}, False),
        ("Ann", ANN, None, {}, False),
        ("Lee", LEE, None, {}, False),
    ]
    assert JO not in repr(found)


async def test_no_name_and_no_number_stands_there_twice(store: Store) -> None:
    await added(store, Jo=JO)
    with pytest.raises(RotaRefused, match=r"^Jo is on the rota already\.$"):
        await added(store, JO=ANN)
    with pytest.raises(RotaRefused, match="it is Jo's") as refused:
        await added(store, Ann=JO)
    assert JO[-9:] not in str(refused.value)
    assert list(await read(store)) == ["Jo"]
    assert await log(store) == ["put Jo on the rota"]


async def test_somebody_with_another_number_keeps_their_shifts_and_the_log_has_no_number(store: Store) -> None:
    await added(store, Jo=JO, Ann=ANN)
    await change(store, lambda db: rota.set_shifts(db, "Jo", [0], MORNING, BY))
    with pytest.raises(RotaRefused, match="it is Ann's"):
        await change(store, lambda db: rota.set_number(db, store.cipher, "Jo", ANN, BY))
    await change(store, lambda db: rota.set_number(db, store.cipher, "jo", LEE, BY))
    found = (await read(store))["Jo"]
    assert (found.number, found.week) == (LEE, {0: MORNING})
    assert (await log(store))[-1] == "Jo has another number"
    await added(store, Sam=JO)


async def test_a_number_is_told_for_the_same_when_a_new_secret_was_put_in_front(store: Store, url: str) -> None:
    await added(store, Jo=JO)
    async with Store(url, [b"n" * 32, *SECRETS], 30) as later:
        with pytest.raises(RotaRefused):
            await added(later, Ann=JO)
        assert list(await read(later)) == ["Jo"]


async def test_two_who_add_somebody_at_the_same_time_do_so_one_after_the_other(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        tried = await asyncio.gather(
            *(added(store, Jo=JO) for store in (one, other)),
            *(added(store, **{name: number}) for store, name, number in ((one, "Ann", ANN), (other, "Lee", LEE))),
            return_exceptions=True,
        )
        assert sum(isinstance(result, RotaRefused) for result in tried) == 1
        assert sum(result is None for result in tried) == 3
        assert sorted(await read(one)) == ["Ann", "Jo", "Lee"]


async def test_shifts_are_those_of_the_days_that_were_set(store: Store) -> None:
    await added(store, Jo=JO, Ann=ANN)
    await change(store, lambda db: rota.set_shifts(db, "jo", [0, 1], MORNING, BY))
    await change(store, lambda db: rota.set_shifts(db, "Jo", [1, 4], NIGHT, BY))
    found = await read(store)
    assert (found["Jo"].week, found["Ann"].week) == ({0: MORNING, 1: NIGHT, 4: NIGHT}, None)
    assert (await log(store))[2:] == ["Jo: monday, tuesday 09:00-13:00", "Jo: tuesday, friday 22:00-06:00"]


async def test_whoever_is_off_on_the_only_day_they_had_is_not_there_at_any_hour(store: Store) -> None:
    await added(store, Jo=JO)
    await change(store, lambda db: rota.set_shifts(db, "Jo", [0], (), BY))
    assert (await read(store))["Jo"].week == {0: ()}
    await change(store, lambda db: rota.forget_shifts(db, "Jo", BY))
    assert (await read(store))["Jo"].week is None
    assert (await log(store))[1:] == ["Jo: monday off", "Jo: there at any hour"]


async def test_a_single_day_is_set_and_made_like_any_other_again(store: Store) -> None:
    await added(store, Jo=JO, Ann=ANN)
    await change(store, lambda db: rota.set_day(db, "Jo", CHRISTMAS_EVE, MORNING, BY))
    found = await read(store)
    assert (found["Jo"].changes, found["Ann"].changes) == ({CHRISTMAS_EVE: MORNING}, {})
    await change(store, lambda db: rota.set_day(db, "Jo", CHRISTMAS_EVE, (), BY))
    assert (await read(store))["Jo"].changes == {CHRISTMAS_EVE: ()}
    await change(store, lambda db: rota.set_day(db, "Jo", CHRISTMAS_EVE, None, BY))
    assert (await read(store))["Jo"].changes == {}
    assert (await log(store))[2:] == [
        "Jo: 24 Dec 2026 09:00-13:00",
        "Jo: 24 Dec 2026 off",
        "Jo: 24 Dec 2026 as in every week",
    ]


async def test_somebody_is_away_until_they_are_back(store: Store) -> None:
    await added(store, Jo=JO, Ann=ANN)
    await change(store, lambda db: rota.set_away(db, "Jo", True, BY))
    assert [one.away for one in (await read(store)).values()] == [True, False]
    await change(store, lambda db: rota.set_away(db, "Jo", False, BY))
    assert [one.away for one in (await read(store)).values()] == [False, False]
    assert (await log(store))[2:] == ["Jo is away", "Jo is back"]


async def test_an_absence_lasts_from_its_first_day_to_its_last_until_it_is_taken_back(store: Store) -> None:
    await added(store, Jo=JO, Ann=ANN)
    await change(store, lambda db: absences.add(db, "jo", CHRISTMAS_EVE, CHRISTMAS_EVE + 3 * DAY, BY))
    [absence] = (await read(store))["Jo"].absences
    assert (absence.first, absence.last, absence.set_by) == (CHRISTMAS_EVE, date(2026, 12, 27), "Sam")
    assert (await read(store))["Ann"].absences == ()
    with pytest.raises(RotaRefused, match=r"Jo is away from 24 Dec 2026 to 27 Dec 2026 already\."):
        await change(store, lambda db: absences.add(db, "Jo", CHRISTMAS_EVE + DAY, CHRISTMAS_EVE + DAY, BY))
    with pytest.raises(RotaRefused, match="Ann has no such absence"):
        await change(store, lambda db: absences.remove(db, "Ann", absence.id, BY))
    await change(store, lambda db: absences.remove(db, "Jo", absence.id, BY))
    assert (await read(store))["Jo"].absences == ()
    assert (await log(store))[2:] == [
        "Jo: away from 24 Dec 2026 to 27 Dec 2026",
        "Jo: there after all from 24 Dec 2026 to 27 Dec 2026",
    ]


async def test_other_hours_for_several_days_keep_why_and_who_set_them(store: Store) -> None:
    await added(store, Jo=JO)
    days = [CHRISTMAS_EVE, CHRISTMAS_EVE + DAY]
    await change(store, lambda db: rota.set_days(db, "Jo", days, MORNING, BY, "training"))
    assert (await read(store))["Jo"].changes == dict.fromkeys(days, MORNING)
    async with store.begin() as db:
        [of_jo] = (await shift_overrides.read(db)).values()
    assert of_jo == dict.fromkeys(days, ShiftOverride(MORNING, "training", "Sam"))
    assert (await log(store))[1:] == ["Jo: 2 days from 24 Dec 2026 to 25 Dec 2026 09:00-13:00 (training)"]


async def test_a_whole_week_is_set_at_once(store: Store) -> None:
    await added(store, Jo=JO)
    week = {0: MORNING, 1: (), 2: MORNING}
    await change(store, lambda db: rota.set_week(db, "Jo", week, BY))
    assert (await read(store))["Jo"].week == week
    assert (await log(store))[1:] == ["Jo: monday, wednesday 09:00-13:00; tuesday off"]


async def test_somebody_is_rung_one_place_earlier_or_later(store: Store) -> None:
    await added(store, Jo=JO, Ann=ANN, Lee=LEE)
    await change(store, lambda db: rota.move(db, "lee", BY, earlier=True))
    assert list(await read(store)) == ["Jo", "Lee", "Ann"]
    await change(store, lambda db: rota.move(db, "Jo", BY, earlier=False))
    assert list(await read(store)) == ["Lee", "Jo", "Ann"]
    assert (await log(store))[3:] == ["Lee before Ann", "Jo after Lee"]
    with pytest.raises(RotaRefused, match="Lee is rung first already"):
        await change(store, lambda db: rota.move(db, "Lee", BY, earlier=True))
    with pytest.raises(RotaRefused, match="Ann is rung last already"):
        await change(store, lambda db: rota.move(db, "Ann", BY, earlier=False))


async def test_some_are_put_first_and_the_others_keep_their_order(store: Store) -> None:
    await added(store, Jo=JO, Ann=ANN, Lee=LEE)
    await change(store, lambda db: rota.put_first(db, ["Lee"], BY))
    assert list(await read(store)) == ["Lee", "Jo", "Ann"]
    await change(store, lambda db: rota.put_first(db, ["ann", "Lee", "Ann"], BY))
    assert list(await read(store)) == ["Ann", "Lee", "Jo"]
    await added(store, Pat="+447700900004")
    assert list(await read(store)) == ["Ann", "Lee", "Jo", "Pat"]


async def test_whoever_is_taken_off_leaves_nothing_and_can_come_again(store: Store) -> None:
    await added(store, Jo=JO, Ann=ANN)
    await change(store, lambda db: rota.set_shifts(db, "Jo", [0], MORNING, BY))
    await change(store, lambda db: rota.set_day(db, "Jo", CHRISTMAS_EVE, (), BY))
    await change(store, lambda db: absences.add(db, "Jo", CHRISTMAS_EVE, CHRISTMAS_EVE, BY))
    await change(store, lambda db: rota.remove(db, "Jo", BY))
    assert list(await read(store)) == ["Ann"]
    await added(store, Jo=JO)
    found = await read(store)
    assert (list(found), found["Jo"].week, found["Jo"].changes) == (["Ann", "Jo"], None, {})


CHANGES: dict[str, Callable[[AsyncConnection], Awaitable[object]]] = {
    "remove": lambda db: rota.remove(db, "Nobody", BY),
    "shifts": lambda db: rota.set_shifts(db, "Nobody", [0], MORNING, BY),
    "always": lambda db: rota.forget_shifts(db, "Nobody", BY),
    "day": lambda db: rota.set_day(db, "Nobody", CHRISTMAS_EVE, None, BY),
    "week": lambda db: rota.set_week(db, "Nobody", {0: MORNING}, BY),
    "absence": lambda db: absences.add(db, "Nobody", CHRISTMAS_EVE, CHRISTMAS_EVE, BY),
    "order": lambda db: rota.move(db, "Nobody", BY, earlier=True),
    "away": lambda db: rota.set_away(db, "Nobody", True, BY),
    "first": lambda db: rota.put_first(db, ["Jo", "Nobody"], BY),
}


@pytest.mark.parametrize("do", CHANGES.values(), ids=CHANGES)
async def test_a_name_that_nobody_has_is_told_with_those_there_are_and_nothing_is_changed(
    store: Store, do: Callable[[AsyncConnection], Awaitable[object]]
) -> None:
    await added(store, Ann=ANN, Jo=JO)
    with pytest.raises(RotaRefused, match=r"“Nobody” is not on the rota; those on it: Ann, Jo\."):
        await change(store, do)
    assert list(await read(store)) == ["Ann", "Jo"]
    assert len(await log(store)) == 2


async def test_a_change_that_is_not_kept_leaves_no_line_of_it(store: Store) -> None:
    async def broken(db: AsyncConnection) -> None:
        await rota.add(db, store.cipher, "Jo", JO, BY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change(store, broken)
    assert (await read(store), await log(store)) == ({}, [])


async def test_the_log_says_who_and_when_newest_first_and_no_number(store: Store) -> None:
    await added(store, Jo=JO)
    await change(store, lambda db: rota.set_away(db, "Jo", True, By("Lee", NOW + HOUR)))
    async with store.begin() as db:
        entries = await audit.read(db, 10)
        assert await audit.read(db, 1) == entries[:1]
    assert [(entry.at, entry.who, entry.what) for entry in entries] == [
        (NOW + HOUR, "Lee", "Jo is away"),
        (NOW, "Sam", "put Jo on the rota"),
    ]


# Closures.


async def closed(store: Store, begins: datetime, ends: datetime, reason: str = "training") -> str:
    async with store.begin() as db:
        return (await closures.add(db, Closure(begins, ends, reason), BY)).id


async def standing(store: Store, now: datetime = NOW) -> list[tuple[str, Closure]]:
    async with store.begin() as db:
        return [(one.id, one.closure) for one in await closures.read(db, now)]


async def test_closures_that_go_on_or_are_to_come_are_read_in_their_order(store: Store) -> None:
    later = await closed(store, NOW + DAY, NOW + 2 * DAY, "holiday")
    now = await closed(store, NOW - HOUR, NOW + HOUR)
    await closed(store, NOW - DAY, NOW)
    assert await standing(store) == [
        (now, Closure(NOW - HOUR, NOW + HOUR, "training")),
        (later, Closure(NOW + DAY, NOW + 2 * DAY, "holiday")),
    ]
    assert [id for id, _ in await standing(store, NOW + HOUR)] == [later]


async def test_a_closure_is_taken_back_once(store: Store) -> None:
    id = await closed(store, NOW, NOW + HOUR)
    async with store.begin() as db:
        assert await closures.remove(db, id, BY) == Closure(NOW, NOW + HOUR, "training")
        assert await closures.remove(db, id, BY) is None
    assert await standing(store) == []
    assert await log(store) == [
        "closed from 23 Nov 2026 10:00 to 23 Nov 2026 11:00: training",
        "took back: closed from 23 Nov 2026 10:00 to 23 Nov 2026 11:00: training",
    ]
