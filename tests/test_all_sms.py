"""Every text that any caller can be sent, whatever their call variables."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from ivr.engine.call_state import CallState
from ivr.engine.effects import ScheduleReminders, SendText
from ivr.engine.prompts import BLANK
from ivr.engine.run import PendingEffect, begin
from ivr.helpline.gsm7 import Encoding, encoding, segments
from ivr.helpline.phone_numbers import NumberKind, kind_of
from tests.shared_results import found_once
from tests.walk import HELPLINE, SERVICE, WORLDS, World, in_every_world, walk

MOBILE = {"mobile": "+447700900123"}
TOPICS = ("", *SERVICE.topics)
NUMBERS = [contact.say for contact in HELPLINE.contacts.values() if contact.say]
ADDRESSES = [contact.email for contact in HELPLINE.contacts.values() if contact.email] + [
    contact.post for contact in HELPLINE.contacts.values() if contact.post
]
SECOND = "sms/how_to_appeal"
PUT_THROUGH = "We put you through on"
"""The line for callers whom we put through to somebody who answered, with the day of it."""
FIRST_WORDS = (
    "Here is the information you asked us for.",
    "Here is part 2 of what you asked us for.",
    "As you asked, a date to keep,",
)
TELLING = {"appeal", "certificate", "child", "council", "deadline", "needs", "plan", "school", "special", "tribunal"}


@lru_cache(maxsize=1)
def states(world: World) -> tuple[CallState, ...]:
    """Return the call variables of callers who can ask for a text, each once, on any topic."""
    told = {frozenset(after.state.variables.items()) for _, _, after in walk(world).moves}
    return tuple(CallState(topic=topic, variables=dict(variables) | MOBILE) for variables in told for topic in TOPICS)


@lru_cache(maxsize=3)
def effects_at(at: str, world: World) -> tuple[PendingEffect, ...]:
    """Return the pending effects of a step, for every caller of a world."""
    replies = (begin(SERVICE, at, world.environment, state) for state in states(world))
    return tuple(reply for reply in replies if isinstance(reply, PendingEffect))


def bodies(world: World) -> set[str]:
    """Return the bodies of all of them."""
    every: set[str] = set()
    for pending in (*effects_at("sms/text", world), *effects_at(SECOND, world), *effects_at("sms/remind", world)):
        match pending.effect:
            case SendText(to, body, _):
                every.add(body)
            case ScheduleReminders(to, _, later):
                every |= {body for _, body in later}
        assert kind_of(to) is NumberKind.mobile
    return every


def found_in(world: World, shared: Path) -> frozenset[str]:
    return found_once(shared / f"texts - {world}", lambda: bodies(world))


@pytest.fixture
def texts(world: World, shared: Path) -> frozenset[str]:
    """Return the body of every text of a world."""
    return found_in(world, shared)


def test_every_text_is_sent_to_some_caller(shared: Path) -> None:
    wanted = {name for name in SERVICE.words.sentences if name.startswith("sms.")}
    every = frozenset[str]().union(*(found_in(world, shared) for world in WORLDS))
    assert {name for name in wanted if not any(is_said(name, text) for text in every)} == set()


def is_said(name: str, text: str) -> bool:
    """Whether all the words of a text are sent, but for the line that few callers get."""
    lines = [line for line in SERVICE.words.text(name).splitlines() if PUT_THROUGH not in line]
    return all(part.strip() in text for line in lines for part in BLANK.split(line)[::2])


@in_every_world
def test_a_text_is_short_whole_and_in_plain_letters(texts: frozenset[str]) -> None:
    for body in texts:
        assert encoding(body) is Encoding.gsm7, body
        assert segments(body) <= 3, body
        assert not BLANK.search(body), body


@in_every_world
def test_the_first_words_of_a_text_tell_nothing_to_others_who_see_the_phone(texts: frozenset[str]) -> None:
    for body in texts:
        assert not set(body[:38].lower().replace(",", " ").split()) & TELLING, body


@in_every_world
def test_a_text_says_only_a_last_day_that_the_caller_has_heard(world: World) -> None:
    for pending in effects_at("sms/text", world):
        if "told" not in pending.state.variables:
            assert isinstance(pending.effect, SendText)
            told = [line for line in pending.effect.body.splitlines() if PUT_THROUGH not in line]
            assert not any(str(year) in line for line in told for year in range(2026, 2031)), pending.effect


@in_every_world
def test_a_reminder_comes_in_the_morning_after_today_and_before_its_date(world: World) -> None:
    for pending in effects_at("sms/remind", world):
        assert isinstance(pending.effect, ScheduleReminders)
        assert pending.effect.texts
        for due, body in pending.effect.texts:
            assert world.today < due.date() < date(2031, 1, 1)
            assert due.hour == 10
            assert f"{due.day} {due:%b}" not in body


@pytest.mark.parametrize("world", [world for world in WORLDS if world.name == "facts out of date"], ids=str)
def test_numbers_out_of_date_stand_in_no_text(world: World) -> None:
    assert effects_at("sms/text", world)
    for pending in effects_at("sms/text", world):
        assert isinstance(pending.effect, SendText)
        assert not [found for found in (*NUMBERS, *ADDRESSES) if found in pending.effect.body]


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_a_line_that_needs_what_is_out_of_date_is_left_out_and_the_rest_is_a_text(world: World, shared: Path) -> None:
    for body in found_in(world, shared):
        first, *lines = body.splitlines()
        assert first.startswith(FIRST_WORDS), body
        assert all(line.endswith(".") for line in (first, *lines)), body
        assert "Devon special needs helpline" in body
