"""Staff are told what is wrong once, until it is worse or a day has passed, and when it is over."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.alerts.lookout import Lookout
from ivr.helpline.alert_lines import MOST_SEGMENTS, AlertLine, email_of, from_json, subject_of, text_of, to_json
from ivr.helpline.gsm7 import Encoding, encoding, segments
from ivr.store import accounts, alerts
from ivr.store.accounts import Channel, Role
from tests.alerts.conftest import ADA, EMAIL, GAP, MAX, NO_WORKER, TEXT, Staff
from tests.store.fixtures import DAY, HOUR, MINUTE, NOW

NIGHT = timedelta(hours=13)
"""From ten in the morning to eleven at night."""
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=300)
LINES = st.lists(st.builds(AlertLine, WORDS, WORDS, st.booleans(), st.booleans()), min_size=1, max_size=9)


async def test_what_is_wrong_is_told_once_and_told_when_it_is_over(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    staff.problems = [NO_WORKER]
    assert await staff.look() == []
    assert await staff.looks(60) == [("Ada", ["no worker is at work"])]
    staff.problems = []
    assert await staff.looks(60) == [("Ada", ["No longer: no worker is at work"])]
    assert await staff.look(2 * DAY) == []


async def test_what_lasts_for_moments_only_is_told_to_nobody(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    staff.problems = [NO_WORKER]
    await staff.look()
    staff.problems = []
    assert await staff.looks(30) == []


async def test_what_fails_once_in_a_while_is_one_thing(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    for minute in range(30):
        staff.problems = [NO_WORKER] if minute % 3 else []
        told = await staff.look(MINUTE)
        assert told == ([("Ada", ["no worker is at work"])] if minute == 2 else [])


async def test_it_is_told_again_after_a_day_and_no_sooner(staff: Staff) -> None:
    await staff.add("Max", Role.manager, MAX)
    staff.problems = [GAP]
    await staff.look()
    assert len(await staff.look(10 * MINUTE)) == 1
    assert await staff.look(23 * HOUR) == []
    assert len(await staff.look(HOUR)) == 1


async def test_what_looks_far_ahead_is_told_again_after_a_week(staff: Staff) -> None:
    await staff.add("Max", Role.manager, MAX)
    staff.problems = [replace(GAP, again=7)]
    await staff.look()
    await staff.look(HOUR)
    assert await staff.look(6 * DAY) == []
    assert len(await staff.look(DAY)) == 1


async def test_more_of_it_is_told_an_hour_later_and_less_of_it_is_not(staff: Staff) -> None:
    await staff.add("Max", Role.manager, MAX)
    staff.problems = [replace(GAP, amount=3)]
    await staff.look()
    assert len(await staff.look(10 * MINUTE)) == 1
    staff.problems = [replace(GAP, amount=4)]
    assert await staff.look(59 * MINUTE) == []
    assert len(await staff.look(MINUTE)) == 1
    staff.problems = [replace(GAP, amount=1)]
    assert await staff.look(2 * HOUR) == []
    staff.problems = [replace(GAP, amount=2)]
    assert len(await staff.look(MINUTE)) == 1


async def test_what_begins_to_harm_callers_is_told_at_once(staff: Staff) -> None:
    await staff.add("Max", Role.manager, MAX)
    staff.problems = [GAP]
    await staff.look()
    await staff.look(10 * MINUTE)
    staff.problems = [replace(GAP, urgent=True, says="nobody is on shift")]
    assert await staff.look(MINUTE) == [("Max", ["nobody is on shift"])]


async def test_at_night_only_what_harms_callers_is_told(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    staff.now += NIGHT
    staff.problems = [GAP, NO_WORKER]
    await staff.look()
    assert await staff.looks(30) == [("Ada", ["no worker is at work"])]
    assert await staff.look(timedelta(hours=9, minutes=29)) == []
    assert await staff.look(timedelta(minutes=1)) == [("Ada", ["nobody is on shift on Friday"])]


async def test_what_comes_together_is_one_message(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    staff.problems = [GAP, replace(NO_WORKER, urgent=False)]
    await staff.look()
    [(who, told)] = await staff.look(10 * MINUTE)
    assert (who, sorted(told)) == ("Ada", ["no worker is at work", "nobody is on shift on Friday"])


async def test_managers_are_told_what_they_can_mend_and_administrators_all(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    await staff.add("Max", Role.manager, MAX)
    await staff.add("Jo", Role.adviser, "+447700900803")
    staff.problems = [GAP, NO_WORKER]
    await staff.look()
    assert sorted(await staff.look(10 * MINUTE)) == [
        ("Ada", ["no worker is at work", "nobody is on shift on Friday"]),
        ("Max", ["nobody is on shift on Friday"]),
    ]


async def test_managers_are_told_all_where_no_administrator_can_be(staff: Staff) -> None:
    staff.ways = TEXT
    await staff.add("Ada")
    await staff.add("Max", Role.manager, MAX)
    staff.problems = [NO_WORKER]
    await staff.look()
    assert await staff.look(MINUTE) == [("Max", ["no worker is at work"])]


async def test_whoever_chose_is_told_so_and_whoever_wants_none_is_not(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA, by=Channel.email)
    await staff.add("Bea", mobile=MAX, by=Channel.none)
    await staff.add("Cyd")
    staff.problems = [NO_WORKER]
    await staff.look()
    await staff.look(MINUTE)
    assert {(one.account.name, one.channel) for one in await staff.messages()} == {
        ("Ada", Channel.email),
        ("Cyd", Channel.email),
    }


async def test_a_leaver_is_told_nothing(staff: Staff) -> None:
    gone = await staff.add("Ada", mobile=ADA)
    async with staff.store.begin() as db:
        await accounts.keep_out(db, [gone.id], NOW)
    staff.problems = [NO_WORKER]
    await staff.look()
    assert await staff.looks(5) == []


async def test_what_is_muted_is_not_told_until_then(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    staff.problems = [NO_WORKER]
    await staff.look()
    async with staff.store.begin() as db:
        await alerts.mute(db, "worker", NOW + HOUR, "Ada")
    assert await staff.looks(59) == []
    assert await staff.looks(1) == [("Ada", ["no worker is at work"])]


async def test_without_anybody_to_tell_the_log_says_so_once(staff: Staff, caplog: pytest.LogCaptureFixture) -> None:
    staff.problems = [GAP]
    with caplog.at_level(logging.ERROR, "ivr"):
        await staff.look()
        await staff.looks(30)
    assert [one.getMessage() for one in caplog.records] == [
        "alert told: name=rota people=0 says='nobody is on shift on Friday'"
    ]


async def test_two_workers_tell_one_thing_once(staff: Staff) -> None:
    await staff.add("Ada", mobile=ADA)
    staff.problems = [NO_WORKER]
    await staff.look()
    staff.now += MINUTE
    await asyncio.gather(*(staff.teller().tell() for _ in range(5)))
    assert len(await staff.messages()) == 1


async def test_the_provider_and_others_are_asked_every_ten_minutes_only(staff: Staff) -> None:
    asked: list[str] = []
    at = [0.0]

    async def look(names: Collection[str]) -> list[alerts.Problem]:
        asked.extend(names)
        return []

    lookout = Lookout(look, {"rota", "provider"}, {"provider"}, monotonic=lambda: at[0])
    for minute in range(12):
        at[0] = 60.0 * minute
        assert (await lookout.found()).looked == {"rota", "provider"}
    assert (asked.count("rota"), asked.count("provider")) == (12, 2)


@given(LINES)
def test_a_text_is_short_and_an_email_says_all(lines: list[AlertLine]) -> None:
    text, email, subject = text_of(lines), email_of(lines), subject_of(lines)
    alone = len(lines) == 1 and not lines[0].mend and not lines[0].is_over
    assert alone or segments(text) <= MOST_SEGMENTS
    assert "\n" not in subject and len(subject) < 140
    assert all(str(one) in email for one in lines)
    assert from_json(to_json(lines)) == tuple(lines)


def test_our_own_words_are_in_the_small_alphabet() -> None:
    lines = [AlertLine("no worker is at work", "start `ivr worker`"), AlertLine("Jo’s shift – “Friday”", is_over=True)]
    assert encoding(text_of(lines)) is Encoding.gsm7


async def test_emails_alone_do(staff: Staff) -> None:
    staff.ways = EMAIL
    await staff.add("Ada", mobile=ADA)
    staff.problems = [NO_WORKER]
    await staff.look()
    await staff.look(MINUTE)
    await staff.deliver()
    [(to, subject, text)] = staff.mailbox.sent
    assert (to, subject) == ("ada@helpline.example", "Helpline alert: no worker is at work")
    assert "What mends it: start `ivr worker`" in text
