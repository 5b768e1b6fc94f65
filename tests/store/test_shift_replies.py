"""What an adviser answers to a reminder counts, is answered once, and managers hear of whoever cannot come."""

import pytest

from ivr.store import accounts, audit
from ivr.store.database import Store
from tests.store.fixtures import MINUTE
from tests.store.shift_driver import ADA, JO, LANDLINE, MAX, SAM, TUESDAY, Shifts, at

COMING = "Thank you. You are down for Tue 24 Nov, 9:00 to 13:00. If you cannot come after all, reply NOT."
ABOUT = "Helpline shift Tue 24 Nov, 9:00 to 13:00: Jo Marsh"
DECLINED = f"{ABOUT} cannot come. Please find somebody else, and change the rota."
AFTERNOON = at(23, 14)


@pytest.fixture
async def shifts(store: Store) -> Shifts:
    """Jo, who was reminded of Tuesday morning."""
    made = Shifts(store)
    await made.manager()
    await made.adviser(tuesday="09:00-13:00")
    await made.round(at(23, 13))
    return made


async def answers(shifts: Shifts) -> list[str | None]:
    return [one.answer for one in await shifts.reminders()]


@pytest.mark.parametrize("body", ["OK", "ok!", "Yes", "👍🏽", "I’ll be there, thanks", "coming"])
async def test_whoever_will_be_there_is_thanked(shifts: Shifts, body: str) -> None:
    assert await shifts.says(body, AFTERNOON) == COMING
    assert await answers(shifts) == ["coming"]
    assert await shifts.told(MAX) == []


@pytest.mark.parametrize("body", ["NOT", "no", "Sorry, can’t", "cannot come", "👎"])
async def test_managers_are_told_at_once_of_whoever_cannot_come(shifts: Shifts, body: str) -> None:
    said = await shifts.says(body, AFTERNOON)
    assert said and said.startswith("Thank you for telling us. We will look for somebody else for Tue 24 Nov")
    assert await answers(shifts) == ["not_coming"]
    assert (MAX, DECLINED, AFTERNOON) in await shifts.texts()
    await shifts.round(at(23, 18))
    assert await shifts.told(MAX) == [DECLINED], "and not again as of one who has not answered"


@pytest.mark.parametrize("body", ["OK, but ten minutes late", "Can you ring me", "", "STOP", "who is this"])
async def test_any_other_text_is_no_answer(shifts: Shifts, body: str) -> None:
    assert await shifts.says(body, AFTERNOON) is None
    assert await answers(shifts) == [None]


async def test_nobody_answers_for_somebody_else_or_without_a_reminder(shifts: Shifts) -> None:
    await shifts.adviser("Sam Lee", SAM, friday="09:00-13:00")
    for number in (SAM, LANDLINE, MAX):
        assert await shifts.says("OK", AFTERNOON, number) is None
    assert await answers(shifts) == [None]


async def test_a_shift_that_has_begun_or_was_taken_away_is_not_answered(shifts: Shifts) -> None:
    assert await shifts.says("NOT", at(24, 9, 1)) is None
    await shifts.day("Jo Marsh", TUESDAY, "")
    assert await shifts.says("OK", AFTERNOON) is None


async def test_the_same_text_delivered_again_changes_nothing_and_is_answered_the_same(shifts: Shifts) -> None:
    first = await shifts.says("NOT", AFTERNOON, key="SM1")
    await shifts.says("OK", AFTERNOON + MINUTE, key="SM2")
    assert await shifts.says("NOT", AFTERNOON + 2 * MINUTE, key="SM1") == first
    assert await answers(shifts) == ["coming"]


async def test_the_same_answer_again_is_taken_without_a_word(shifts: Shifts) -> None:
    await shifts.says("OK", AFTERNOON)
    assert await shifts.says("ok", AFTERNOON + MINUTE) == ""


async def test_whoever_thinks_better_of_it_is_heard_and_managers_know(shifts: Shifts) -> None:
    for n, body in enumerate(("OK", "NOT", "OK")):
        assert await shifts.says(body, AFTERNOON + n * MINUTE)
    assert await shifts.told(MAX) == [
        DECLINED,
        f"{ABOUT} can come after all.",
    ]


async def test_whoever_changes_their_mind_all_the_time_is_not_answered_any_more(shifts: Shifts) -> None:
    said = [await shifts.says(("OK", "NOT")[n % 2], AFTERNOON + n * MINUTE) for n in range(9)]
    assert [bool(one) for one in said] == [True] * 6 + [False] * 3
    assert said[6] is None, "a text for staff to read"
    assert await shifts.says("OK", AFTERNOON + 70 * MINUTE)


async def test_one_answer_goes_for_every_shift_that_waits_for_one(store: Store) -> None:
    shifts = Shifts(store)
    await shifts.adviser(tuesday="09:00-11:00 13:00-15:00")
    await shifts.round(at(23, 17))
    said = await shifts.says("OK", at(23, 17, 30))
    assert said and "9:00 to 11:00" in said and "13:00 to 15:00" in said
    assert await answers(shifts) == ["coming", "coming"]
    said = await shifts.says("NOT", at(23, 18))
    assert said and "9:00 to 11:00" in said and "13:00" not in said
    assert sorted(map(str, await answers(shifts))) == ["coming", "not_coming"]


async def test_at_night_managers_are_told_in_the_morning_unless_it_begins_before(store: Store) -> None:
    shifts = Shifts(store)
    await shifts.manager()
    await shifts.adviser(tuesday="08:00-10:00")
    await shifts.adviser("Sam Lee", SAM, tuesday="11:00-13:00")
    await shifts.round(at(23, 18))
    for number in (JO, SAM):
        await shifts.says("NOT", at(23, 22), number)
    assert sorted(due for to, _, due in await shifts.texts() if to == MAX) == [at(23, 22), at(24, 9)]


async def test_a_manager_who_cannot_come_is_not_told_so(shifts: Shifts) -> None:
    await shifts.manager("Ada", ADA)
    [jo] = {one.adviser for one in await shifts.reminders()}
    async with shifts.store.begin() as db:
        ada = await accounts.by_name_or_email(db, shifts.store.cipher, "Ada")
        assert ada
        await accounts.change(db, ada.id, AFTERNOON, adviser=jo)
    await shifts.says("NOT", AFTERNOON)
    assert (await shifts.told(ADA), await shifts.told(MAX)) == ([], [DECLINED])


async def test_it_is_written_down_who_said_what_without_a_number(shifts: Shifts) -> None:
    await shifts.says("NOT", AFTERNOON)
    async with shifts.store.read() as db:
        [entry] = await audit.read(db, 1)
    assert (entry.who, entry.what) == ("Jo Marsh", "cannot come on Tue 24 Nov 2026 09:00, by text")
