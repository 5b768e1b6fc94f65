"""A young person who says so is spoken to as such for the rest of the call, and our advisers know it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivr.config import CONTENT
from ivr.engine.content import YOUNG_PERSON
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.environment import AppFactory
from ivr.simulator.scenarios.player import play
from ivr.store import voicemail_list
from tests.helplines import A_CALL_BACK, Helplines, helplines_on
from tests.phone_calls import CALLER, goes_on, rings, telephone
from tests.store.conftest import sqlite_url
from tests.test_calls import WORKER
from tests.test_calls import answered as answered
from tests.test_calls import attributed as attributed
from tests.test_calls import kept as kept

FLOW = """\
ask:
  kind: whose_right
  child: which
  over_sixteen: which
  own: which
  known: which
  otherwise: person/ring

which:
  kind: by_right
  child: rights
  over_sixteen: theirs
  own: rights
  unknown: welcome/main

theirs: {kind: say, go: rights}

rights:
  kind: reading
  pages: [asking]
  then: again
  otherwise: person/ring

again:
  kind: menu
  choices:
    1: {say: ask, go: ask}
    2: {say: main, go: welcome/hello}
  otherwise: person/ring
"""
PROMPTS = """\
ask:
  child: For a child of school age, press {key}.
  over_sixteen: For a young person over school age, press {key}.
  own: If it is about you, press {key}.
  shorter: For a child, press {child}. For a young person, {over_sixteen}. For you, {own}.
theirs: The right is theirs, and you can help.
rights:
  asking:
    parent: You can ask for your child.
    young_person: You can ask for yourself.
  then: To go on, press {key}.
again:
  ask:
    parent: To ask again for your child, press {key}.
    young_person: To ask again for yourself, press {key}.
  main: For everything else, press {key}.
  shorter:
    parent: For your child, press {ask}. For the rest, {main}.
    young_person: For yourself, press {ask}. For the rest, {main}.
"""
PARENT, OLDER, YOUNG = ("1", "1", "2"), ("2", "1", "2"), ("3", "1", "2")
"""Through the question whose right it is, and its reading, to the helpline's own greeting."""


@pytest.fixture
def content(tmp_path: Path) -> str:
    """Our content, in front of which callers are asked whose right it is."""
    for name in ("flows", "prompts"):
        shutil.copytree(CONTENT / name, tmp_path / "content" / name)
    folder = tmp_path / "content"
    (folder / "flows/right.yaml").write_text(FLOW, "utf-8")
    (folder / "prompts/en-GB/right.yaml").write_text(PROMPTS, "utf-8")
    entries = folder / "flows/helpline.yaml"
    entries.write_text(entries.read_text("utf-8").replace("answer: welcome/hello", "answer: right/ask"), "utf-8")
    return str(folder)


@pytest.fixture
async def helplines(content: str, tmp_path: Path) -> AsyncIterator[Helplines]:
    async with helplines_on(sqlite_url(tmp_path), IVR_CONTENT=content) as made:
        yield made


async def called(helplines: Helplines, *keys: str) -> Phone:
    return await rings(telephone(app=helplines.helpline()), *keys)


async def test_each_caller_hears_what_is_written_for_them_and_what_is_for_all(helplines: Helplines) -> None:
    parent, older, young = [await called(helplines, key) for key in "123"]
    parent.hears("You can ask for your child").hears_not("yourself", "theirs")
    older.hears("The right is theirs", "You can ask for your child").hears_not("yourself")
    young.hears("You can ask for yourself", "To go on, press 1").hears_not("your child", "theirs")


async def test_choices_and_what_is_said_after_a_silence_are_in_the_young_persons_words(helplines: Helplines) -> None:
    young = await called(helplines, "3", "1")
    young.hears("To ask again for yourself, press 1").hears_not("your child")
    (await young.waits()).hears("For yourself, press 1").hears_not("your child")
    young.never_hears("your child")


async def test_the_question_is_asked_once_in_a_call(helplines: Helplines) -> None:
    young = await called(helplines, "3", "1", "1")
    young.hears("You can ask for yourself").hears_not("For a child of school age")


async def test_whoever_goes_back_to_the_question_and_chooses_otherwise_is_spoken_to_otherwise(
    helplines: Helplines,
) -> None:
    phone = await called(helplines, "3", "#")
    phone.hears("For a child of school age, press 1")
    (await goes_on(phone, "1")).hears("You can ask for your child").hears_not("yourself")
    await goes_on(phone, "1", "#", "#")
    phone.hears("For a child of school age, press 1")
    (await goes_on(phone, "3")).hears("You can ask for yourself")


async def test_whoever_goes_back_beyond_the_question_is_asked_it_again(helplines: Helplines) -> None:
    phone = await called(helplines, "3", "#", "#")
    phone.hears("For a child of school age, press 1")
    (await goes_on(phone, "2")).hears("The right is theirs", "You can ask for your child")


async def test_the_callback_list_says_that_it_is_the_young_person(helplines: Helplines) -> None:
    for keys in (YOUNG, PARENT):
        number = f"+44770090012{keys[0]}"
        phone = await rings(telephone(app=helplines.helpline(), caller=number), *keys, *A_CALL_BACK)
        phone.hears("We'll ring you on")
    who = {item.number: item.audience for item in await helplines.callbacks()}
    assert who == {"+447700900123": YOUNG_PERSON, "+447700900121": ""}


async def test_a_message_says_that_the_young_person_left_it(helplines: Helplines) -> None:
    phone = await called(helplines, *YOUNG, "0", "2", "1")
    await goes_on(await phone.says("This is Alex. Please ring me back in the morning.", key="#"), "1")
    async with helplines.store.begin() as db:
        [message] = await voicemail_list.read(db, helplines.store.cipher)
    assert (message.number, message.audience) == (CALLER, YOUNG_PERSON)


SCENARIO = """\
title: Whoever we ring knows who is on the line
at: 2026-11-23T10:00
rota: {rota}
settings: {{IVR_CONTENT: {content}}}
far_ends: {{otherwise: accepts}}
call:
  - dials
  - chooses: {key}
  - chooses: 1
  - presses: 0
  - waits: 15
  - connected: ["+447700900001"]
  - adviser_hears: press 1
"""
RINGS_FOR_THEMSELVES = "The young person is ringing for themselves"


@pytest.mark.parametrize("rota", [WORKER, "nobody's"], ids=["from the queue", "from the caller's own call"])
@pytest.mark.parametrize(("key", "is_told"), [("1", False), ("2", False), ("3", True)])
async def test_an_adviser_hears_that_the_young_person_rings(
    tmp_path: Path, content: str, answered: AppFactory, rota: str, key: str, *, is_told: bool
) -> None:
    script = tmp_path / "call.yaml"
    script.write_text(SCENARIO.format(rota=rota, content=content, key=key), "utf-8")
    phone = await play(script, answered)
    heard = phone.transcript.said_to("+447700900001")
    assert (RINGS_FOR_THEMSELVES in heard) == is_told
    assert "To take the call, press 1" in heard
