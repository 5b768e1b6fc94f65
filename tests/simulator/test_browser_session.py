"""A browser session without its page: callee phones, text messages, the clock, and scenarios written and replayed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import repeat
from pathlib import Path

import pytest

from ivr.commands.browser_helpline import Helplines
from ivr.engine.yaml import read
from ivr.simulator.browser.actions import SWITCHED_OFF
from ivr.simulator.browser.callee_phones import PICKED_UP
from ivr.simulator.browser.caller_voice import speak_as_caller
from ivr.simulator.browser.entry_audio import audio_of
from ivr.simulator.browser.scenario_writer import write_scenario
from ivr.simulator.browser.session import Session, blank_scenario, session_for_scenario
from ivr.simulator.browser.sessions import SessionGone, Sessions
from ivr.simulator.browser.view import view
from ivr.simulator.network.waits import AwaitDigits, AwaitSpeech, PlaySounds
from ivr.simulator.scenarios.scenario import CALLERS
from ivr.simulator.twiml.timing import wav_duration
from ivr.telephony.wav import wav_seconds
from tests.simulator.browsing import AT, ROOT, content_in

ADVISER, SECOND = "+447700900001", "+447700900002"
CALLS = ROOT / "tests/calls"
DEADLINE = "11" + "14102026" + "12"


@pytest.fixture(scope="module")
def source() -> Helplines:
    return Helplines(ROOT, lambda: AT)


@asynccontextmanager
async def tried(source: Helplines, language: str | None = None) -> AsyncIterator[Session]:
    session = Session(source, blank_scenario(AT, "mobile"), language)
    try:
        yield session
    finally:
        await session.close()


@pytest.fixture
async def session(source: Helplines) -> AsyncIterator[Session]:
    async with tried(source) as session:
        yield session


async def advance(session: Session, seconds: int) -> None:
    for _ in range(seconds):
        await session.listen(session.phone.now + 1)


async def reaches_the_tone(session: Session) -> None:
    await session.dial("mobile")
    await presses(session, "021")
    while not isinstance(session.phone.pending, AwaitSpeech):
        await advance(session, 1)


async def presses(session: Session, keys: str) -> None:
    for key in keys:
        await session.press(key)


def heard(session: Session) -> str:
    return " ".join(line["text"] for line in view(session)["lines"])


async def test_keys_pressed_one_by_one_make_a_number(session: Session) -> None:
    await session.dial("mobile")
    await presses(session, DEADLINE)
    assert "Monday the fourteenth of December" in heard(session)


@pytest.mark.parametrize(("first", "second"), [(1.65, 7.261), (1.931, 11.536), (2.0, 8.0)])
async def test_no_key_is_lost_for_want_of_the_last_digit_of_a_second(
    session: Session, first: float, second: float
) -> None:
    """The sum of 1.65 and of what lies between it and 7.261 is a little more than 7.261."""
    await session.dial("mobile")
    for moment in (first, second):
        await session.listen(moment)
        await session.press("1")
        assert isinstance(session.phone.pending, AwaitDigits)


async def test_nothing_goes_on_before_its_time(session: Session) -> None:
    await session.dial("mobile")
    due = view(session)["goes_on"]
    await session.listen(due - 0.01)
    assert "did not hear" not in heard(session)
    await session.listen(due)
    assert "did not hear" in heard(session)


async def test_what_a_key_cuts_short_was_not_said(session: Session) -> None:
    await session.dial("mobile")
    await session.listen(2)
    with session.interruptions.watch(session.phone.carrier):
        await session.press("2")
    greeting, *_ = [line for line in view(session)["lines"] if line["who"] == "helpline"]
    assert greeting["cut"] == pytest.approx(2 / greeting["seconds"], abs=0.01)
    assert "To settle a disagreement" not in heard(session)


async def test_a_caller_hangs_up_while_nothing_listens(session: Session) -> None:
    await session.dial("mobile")
    await presses(session, "0")
    await advance(session, 1)
    await session.callee_phones.answer(ADVISER, PICKED_UP)
    await session.callee_phones.press(ADVISER, "1")
    await session.callee_phones.hang_up(ADVISER)
    while not isinstance(session.phone.pending, PlaySounds) and not session.phone.ended:
        await session.press("2")  # no text, and goodbye
    assert isinstance(session.phone.pending, PlaySounds)
    await session.hang_up()
    assert session.phone.ended


async def test_a_key_pressed_before_the_adviser_is_asked_is_lost(session: Session) -> None:
    await session.dial("mobile")
    await presses(session, "0")
    await advance(session, 1)
    await session.callee_phones.answer(ADVISER, PICKED_UP)
    await advance(session, 40)
    assert session.phone.connected == []


@pytest.mark.parametrize("behaviour", ["busy", "no_answer", "mailbox"])
async def test_whoever_does_not_take_the_call_leaves_it_to_the_next(session: Session, behaviour: str) -> None:
    await session.dial("mobile")
    await presses(session, "0")
    await advance(session, 1)
    await session.callee_phones.answer(ADVISER, behaviour)
    await advance(session, 60)
    assert [ring.number for ring in session.phone.dialled] == [ADVISER, SECOND]


async def test_a_mobile_that_is_switched_off_gets_nothing(session: Session) -> None:
    session.player.twilio.inject_from(repeat(SWITCHED_OFF))
    await session.dial("mobile")
    await presses(session, DEADLINE + "11411")
    await session.hang_up()
    await advance(session, 1)
    assert [text.status for text in session.text_messages.all] == ["undelivered", "undelivered"]


async def test_a_second_call_has_the_same_inbox_and_its_own_transcript(session: Session) -> None:
    await session.dial("mobile")
    await presses(session, DEADLINE + "11411")
    await session.hang_up()
    await advance(session, 1)
    await session.dial("landline")
    assert (len(session.text_messages.all), session.phone.line.leg.caller) == (2, CALLERS["landline"])
    assert "Monday the fourteenth" not in heard(session)
    await session.press("2")
    assert "For a plan that is late" in heard(session)


async def test_a_call_in_another_language(tmp_path: Path) -> None:
    folder = content_in(tmp_path)
    languages = folder / "prompts/languages.yaml"
    another = "en-IE: {name: Irish English, voice: Polly.Amy-Neural, rate: 90%, kept_by: nobody}\n"
    languages.write_text(languages.read_text("utf-8") + another, "utf-8")
    (folder / "prompts/en-IE").mkdir()
    hello = read(folder / "prompts/en-GB/welcome.yaml", "welcome.yaml").content["hello"]
    assert isinstance(hello, dict)
    said = hello["prompt"]
    translated = {"hello": {"prompt": {"en-GB": said, "text": str(said).replace("Hello", "Helo")}}}
    (folder / "prompts/en-IE/welcome.yaml").write_text(json.dumps(translated), "utf-8")
    source = Helplines(folder, lambda: AT)
    assert source.languages() == {"en-GB": "English", "en-IE": "Irish English"}
    async with tried(source, "en-IE") as session:
        await session.dial("mobile")
        assert "Helo, this is Devon's" in heard(session)


async def test_a_call_that_was_tried_replays_as_it_is_written(
    source: Helplines, session: Session, tmp_path: Path
) -> None:
    await session.dial("mobile")
    await advance(session, 40)  # says nothing at first
    await presses(session, DEADLINE + "0")
    await advance(session, 1)
    await session.callee_phones.answer(ADVISER, "busy")
    await advance(session, 6)
    await session.callee_phones.answer(SECOND, PICKED_UP)
    await advance(session, 3)
    await session.callee_phones.press(SECOND, "1")
    await advance(session, 30)
    await session.callee_phones.hang_up(SECOND)
    await presses(session, "2")
    await advance(session, 20)
    path = tmp_path / "kept.yaml"
    async with tried(source) as again:
        factory = again._helpline.process
        path.write_text(
            await write_scenario(
                "A: call", blank_scenario(AT, "mobile"), session.phone.recorded, factory, source.number
            ),
            "utf-8",
        )
    said = path.read_text("utf-8")
    assert ("keys: 14102026" in said, "answers: busy" in said, "answers: talks" in said) == (True, True, True)
    replayed = session_for_scenario(source, path)
    await replayed.replay()
    assert (replayed.failure, replayed.phone.connected) == (None, [SECOND])
    await replayed.close()


async def test_a_message_that_is_played_back_is_in_the_callers_own_words(session: Session) -> None:
    words = "Please ring me about the plan, on Monday if you can."
    await reaches_the_tone(session)
    await session.say(words, key="#")
    await advance(session, 6)
    await presses(session, "2")
    await advance(session, 8)
    [line] = [line for line in view(session)["lines"] if line["text"] == f"“{words}”"]
    audio = await audio_of(session, session.phone.carrier.entries[line["n"]])
    assert audio is not None
    assert await speak_as_caller("en-GB", words) == audio, "not silence, and not the voice of the helpline"
    assert (line["seconds"], wav_seconds(audio)) == (wav_duration(audio), round(line["seconds"]))


async def test_staff_are_given_what_the_caller_said(session: Session) -> None:
    await reaches_the_tone(session)
    await session.say("Please ring me about the plan.", hangs_up=True)
    await advance(session, 6)
    [recording] = session.player.twilio.recorded
    assert (recording.words, recording.wav()) == (
        "Please ring me about the plan.",
        await speak_as_caller("en-GB", "Please ring me about the plan."),
    )


@pytest.mark.parametrize(
    "name",
    [
        "a_parent_hears_the_deadline.yaml",
        "queue/the_first_adviser_takes_the_call.yaml",
        "person/the_first_declines.yaml",
        "the_app_stopped_in_mid_call.yaml",
    ],
)
async def test_scripts_go_here_as_they_go_in_the_tests(source: Helplines, name: str) -> None:
    session = session_for_scenario(source, CALLS / name)
    await session.replay()
    assert session.failure is None
    await session.close()


async def test_only_so_many_sessions_are_kept(source: Helplines) -> None:
    sessions = Sessions(maximum=1)
    names = [await sessions.add(Session(source, blank_scenario(AT, "mobile"))) for _ in range(2)]
    with pytest.raises(SessionGone):
        await sessions.find(names[0])
    assert await sessions.find(names[1])
    await sessions.close()
    with pytest.raises(SessionGone):
        await sessions.find(names[1])
