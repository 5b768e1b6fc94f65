"""A trial without its page: everybody's telephones, the texts, the clock, and calls kept and replayed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import repeat
from pathlib import Path

import pytest

from ivr.commands.trials import Helplines
from ivr.engine.yaml import read
from ivr.phone.browser.doings import SWITCHED_OFF
from ivr.phone.browser.others import PICKED_UP
from ivr.phone.browser.trial import Trial, blank, of_script
from ivr.phone.browser.trials import Trials
from ivr.phone.browser.view import view
from ivr.phone.browser.writer import written
from ivr.phone.script import CALLERS
from ivr.phone.stops import Hold, Listen
from tests.phone.browsing import AT, ROOT, content_in

ADVISER, SECOND = "+447700900001", "+447700900002"
CALLS = ROOT / "tests/calls"
DEADLINE = "11" + "14102026" + "12"


@pytest.fixture(scope="module")
def house() -> Helplines:
    return Helplines(ROOT, lambda: AT)


@asynccontextmanager
async def tried(house: Helplines, language: str | None = None) -> AsyncIterator[Trial]:
    trial = Trial(house, blank(AT, "mobile"), language)
    try:
        yield trial
    finally:
        await trial.close()


@pytest.fixture
async def trial(house: Helplines) -> AsyncIterator[Trial]:
    async with tried(house) as trial:
        yield trial


async def passes(trial: Trial, seconds: int) -> None:
    for _ in range(seconds):
        await trial.listens(trial.phone.now + 1)


async def presses(trial: Trial, keys: str) -> None:
    for key in keys:
        await trial.presses(key)


def heard(trial: Trial) -> str:
    return " ".join(line["text"] for line in view(trial)["lines"])


async def test_keys_pressed_one_by_one_make_a_number(trial: Trial) -> None:
    await trial.dials("mobile")
    await presses(trial, DEADLINE)
    assert "Monday the fourteenth of December" in heard(trial)


@pytest.mark.parametrize(("first", "second"), [(1.65, 7.261), (1.931, 11.536), (2.0, 8.0)])
async def test_no_key_is_lost_for_want_of_the_last_digit_of_a_second(trial: Trial, first: float, second: float) -> None:
    """The sum of 1.65 and of what lies between it and 7.261 is a little more than 7.261."""
    await trial.dials("mobile")
    for moment in (first, second):
        await trial.listens(moment)
        await trial.presses("1")
        assert isinstance(trial.phone.stop, Listen)


async def test_nothing_goes_on_before_its_time(trial: Trial) -> None:
    await trial.dials("mobile")
    due = view(trial)["goes_on"]
    await trial.listens(due - 0.01)
    assert "did not hear" not in heard(trial)
    await trial.listens(due)
    assert "did not hear" in heard(trial)


async def test_what_a_key_cuts_short_was_not_said(trial: Trial) -> None:
    await trial.dials("mobile")
    await trial.listens(2)
    with trial.cuts.watching(trial.phone.company):
        await trial.presses("2")
    greeting, *_ = [line for line in view(trial)["lines"] if line["who"] == "helpline"]
    assert greeting["cut"] == pytest.approx(2 / greeting["seconds"], abs=0.01)
    assert "To settle a disagreement" not in heard(trial)


async def test_a_caller_hangs_up_while_nothing_listens(trial: Trial) -> None:
    await trial.dials("mobile")
    await presses(trial, "0")
    await passes(trial, 1)
    await trial.others.answers(ADVISER, PICKED_UP)
    await trial.others.presses(ADVISER, "1")
    await trial.others.hangs_up(ADVISER)
    while not isinstance(trial.phone.stop, Hold) and not trial.phone.ended:
        await trial.presses("2")  # no text, and goodbye
    assert isinstance(trial.phone.stop, Hold)
    await trial.hangs_up()
    assert trial.phone.ended


async def test_a_key_pressed_before_the_adviser_is_asked_is_lost(trial: Trial) -> None:
    await trial.dials("mobile")
    await presses(trial, "0")
    await passes(trial, 1)
    await trial.others.answers(ADVISER, PICKED_UP)
    await passes(trial, 40)
    assert trial.phone.connected == []


@pytest.mark.parametrize("behaviour", ["busy", "no_answer", "mailbox"])
async def test_whoever_does_not_take_the_call_leaves_it_to_the_next(trial: Trial, behaviour: str) -> None:
    await trial.dials("mobile")
    await presses(trial, "0")
    await passes(trial, 1)
    await trial.others.answers(ADVISER, behaviour)
    await passes(trial, 60)
    assert [ring.number for ring in trial.phone.dialled] == [ADVISER, SECOND]


async def test_a_mobile_that_is_switched_off_gets_nothing(trial: Trial) -> None:
    trial.scene.office.behaves_as(repeat(SWITCHED_OFF))
    await trial.dials("mobile")
    await presses(trial, DEADLINE + "1411")
    await trial.hangs_up()
    await passes(trial, 1)
    assert [text.status for text in trial.texts.all] == ["undelivered", "undelivered"]


async def test_a_second_call_has_the_same_inbox_and_its_own_transcript(trial: Trial) -> None:
    await trial.dials("mobile")
    await presses(trial, DEADLINE + "1411")
    await trial.hangs_up()
    await passes(trial, 1)
    await trial.dials("landline")
    assert (len(trial.texts.all), trial.phone.line.leg.caller) == (2, CALLERS["landline"])
    assert "Monday the fourteenth" not in heard(trial)
    await trial.presses("2")
    assert "For first steps" in heard(trial)


async def test_a_call_in_another_language(tmp_path: Path) -> None:
    folder = content_in(tmp_path)
    languages = folder / "prompts/languages.yaml"
    another = "en-IE: {name: Irish English, voice: Polly.Amy-Neural, rate: 90%, kept_by: nobody}\n"
    languages.write_text(languages.read_text("utf-8") + another, "utf-8")
    (folder / "prompts/en-IE").mkdir()
    said = read(folder / "prompts/en-GB/welcome.yaml", "welcome.yaml").content["hello"]
    translated = {"hello": {"en-GB": said, "text": str(said).replace("Hello", "Helo")}}
    (folder / "prompts/en-IE/welcome.yaml").write_text(json.dumps(translated), "utf-8")
    house = Helplines(folder, lambda: AT)
    assert house.languages() == {"en-GB": "English", "en-IE": "Irish English"}
    async with tried(house, "en-IE") as trial:
        await trial.dials("mobile")
        assert "Helo, Devon's" in heard(trial)


async def test_a_call_that_was_tried_replays_as_it_is_written(house: Helplines, trial: Trial, tmp_path: Path) -> None:
    await trial.dials("mobile")
    await passes(trial, 40)  # says nothing at first
    await presses(trial, DEADLINE + "0")
    await passes(trial, 1)
    await trial.others.answers(ADVISER, "busy")
    await passes(trial, 6)
    await trial.others.answers(SECOND, PICKED_UP)
    await passes(trial, 3)
    await trial.others.presses(SECOND, "1")
    await passes(trial, 30)
    await trial.others.hangs_up(SECOND)
    await presses(trial, "2")
    await passes(trial, 20)
    path = tmp_path / "kept.yaml"
    async with tried(house) as again:
        factory = again._opened.process
        path.write_text(await written("A: call", blank(AT, "mobile"), trial.deeds, factory, house.number), "utf-8")
    said = path.read_text("utf-8")
    assert ("keys: 14102026" in said, "answers: busy" in said, "answers: talks" in said) == (True, True, True)
    replayed = of_script(house, path)
    await replayed.replays()
    assert (replayed.went_otherwise, replayed.phone.connected) == ("", [SECOND])
    await replayed.close()


@pytest.mark.parametrize(
    "name",
    [
        "a_parent_hears_the_deadline.yaml",
        "queue/the_first_adviser_takes_the_call.yaml",
        "person/the_first_declines.yaml",
        "the_app_stopped_in_mid_call.yaml",
    ],
)
async def test_scripts_go_here_as_they_go_in_the_tests(house: Helplines, name: str) -> None:
    trial = of_script(house, CALLS / name)
    await trial.replays()
    assert trial.went_otherwise == ""
    await trial.close()


async def test_only_so_many_trials_are_kept(house: Helplines) -> None:
    trials = Trials(most=1)
    names = [await trials.keeps(Trial(house, blank(AT, "mobile"))) for _ in range(2)]
    assert [trials.get(name) is not None for name in names] == [False, True]
    await trials.close()
    assert trials.get(names[-1]) is None
