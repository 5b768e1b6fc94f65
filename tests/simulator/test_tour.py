"""The tour plays kept calls in a session of their own, as somebody at the page would."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ivr.commands.browser_helpline import Helplines, tour_of
from ivr.config import CONTENT, EXAMPLE
from ivr.simulator.browser.actions import PAGE_ACTIONS, listen
from ivr.simulator.browser.request_fields import ActionRefused, RequestFields
from ivr.simulator.browser.tour import NO_SCRIPTS, NONE_PLAYS, Tour
from ivr.simulator.browser.view import view
from ivr.simulator.scenarios.reader import read_scenario
from tests.simulator.browsing import AT
from tests.simulator.test_browser_localhost_only import asks, in_development, trial  # noqa: F401

FOLDER = Path(__file__).parents[1] / "calls/tour"
LETTER, PERSON, NOBODY = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.fixture(scope="module")
def tour() -> Tour:
    return tour_of(Helplines(CONTENT, lambda: AT), CONTENT)


def said(lines: Any, ear: str = "caller") -> str:
    return " ".join(line["text"] for line in lines if line["who"] == "helpline" and line["ear"] == ear)


@pytest.mark.parametrize("name", [LETTER, PERSON, NOBODY])
def test_who_listens_is_told_in_two_sentences_what_to_listen_for(name: str) -> None:
    told = read_scenario(FOLDER / f"{name}.yaml").listen_for
    assert len(re.findall(r"[^.]\.(?= [A-Z]|$)", told)) == 2


async def test_a_letter_that_says_no_becomes_the_last_day_by_text(tour: Tour) -> None:
    call = await tour.call(LETTER)
    assert "14102026" in "".join(one.fields["key"] for one in call.actions if one.action == "press")
    assert "By Monday the fourteenth of December" in said(call.lines)
    first, second = call.frames[-1].state["texts"]
    assert "Ring a mediation adviser by Mon 14 Dec 2026" in first["body"]
    assert "part 2" in second["body"]
    assert call.frames[-1].state["call"]["is"] == "ended"


async def test_an_adviser_is_heard_to_hear_who_is_calling(tour: Tour) -> None:
    call = await tour.call(PERSON)
    adviser = next(one.fields["number"] for one in call.actions if one.action == "answer")
    assert "wants to talk about" in said(call.lines, adviser)
    states = [
        next(phone["is"] for phone in frame.state["telephones"] if phone["number"] == adviser) for frame in call.frames
    ]
    assert [one for place, one in enumerate(states) if states[place - 1 : place] != [one]] == [
        *("quiet", "rings", "hears", "talks", "hears", "quiet")
    ]


async def test_in_the_evening_a_call_back_is_left_and_found_in_the_morning(tour: Tour) -> None:
    call = await tour.call(NOBODY)
    assert "Our advisers are back tomorrow at nine" in said(call.lines)
    (found,) = call.found
    assert found.startswith("Ring 07700 900 123 back about a council decision")
    assert "They asked on Tuesday at 19:3" in found
    assert (call.actions[-1].action, call.actions[-1].fields) == ("clock", {"at": "2026-11-25T09:01"})


@pytest.mark.parametrize("name", [LETTER, PERSON, NOBODY])
async def test_the_page_that_does_the_same_at_the_same_seconds_hears_the_same(tour: Tour, name: str) -> None:
    call = await tour.call(name)
    session, at = tour.session(name), 0.0
    for one in call.actions:
        at += one.after
        while session.phone.now < at:  # the page reports now and then how far it has played
            await act(session, listen, {"until": min(session.phone.now + 0.4, at)})
        await act(session, PAGE_ACTIONS[one.action], one.fields)
    heard = view(session)["lines"]
    await session.close()
    assert [words(line) for line in heard] == [words(line) for line in call.lines]
    assert [line["at"] for line in heard] == pytest.approx([line["at"] for line in call.lines], abs=0.1)


def words(line: Any) -> tuple[str, str, str, bool]:
    return line["who"], line["ear"], line["text"], line["cut"] is None


async def act(session: Any, does: Any, fields: Any) -> None:
    with session.interruptions.watch(session.phone.carrier):
        await does(session, RequestFields(fields))


async def test_another_county_is_offered_what_can_be_played_with_its_words() -> None:
    tour = tour_of(Helplines(EXAMPLE), EXAMPLE)
    assert list(await tour.scripts()) == [LETTER, PERSON]
    assert await tour.why_none() == ""
    assert "Westshire" in said((await tour.call(LETTER)).lines)


async def test_where_nothing_can_be_played_it_is_said_why(tmp_path: Path) -> None:
    assert await Tour(Helplines(EXAMPLE), None, is_own=False).why_none() == NO_SCRIPTS
    (tmp_path / "a.yaml").write_text("title: A\nat: 2026-11-24T10:00\ncall: [dials, {hears: no such words}]\n")
    other = Tour(Helplines(EXAMPLE), tmp_path, is_own=False)
    assert (await other.scripts(), await other.why_none()) == ({}, NONE_PLAYS)


async def test_a_call_that_goes_otherwise_now_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: Our call\nat: 2026-11-24T10:00\ncall: [dials, {hears: no such words}]\n")
    tour = Tour(Helplines(EXAMPLE), tmp_path, is_own=True)
    assert list(await tour.scripts()) == ["a"]
    with pytest.raises(ActionRefused, match=r"“Our call” cannot be played.*no such words"):
        await tour.call("a")


@pytest.mark.parametrize("name", ["../keys/zero_in_a_menu", "nope", "", "1"])
async def test_only_calls_of_the_tour_are_played(tour: Tour, name: str) -> None:
    with pytest.raises(ActionRefused, match="no call of that name"):
        tour.session(name)


SAYS = """\
title: A message
listen_for: Hear it. Then read it.
at: 2026-11-24T19:30
call:
  - dials
  - presses: 0
  - chooses: 2
  - chooses: 2
  - chooses: 1
  - says: Please ring me about the plan.
  - idles: 3
  - hangs_up
  - ended
"""


async def test_a_message_that_is_spoken_is_played_too(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SAYS)
    call = await Tour(Helplines(CONTENT), tmp_path, is_own=True).call("a")
    assert any(line["text"] == "says: Please ring me about the plan." for line in call.lines)
    assert "records" in [frame.state["call"]["is"] for frame in call.frames]


@pytest.fixture
async def begun(in_development: Any, trial: str) -> AsyncIterator[Any]:  # noqa: F811
    yield in_development


async def test_the_page_asks_for_the_calls_what_is_done_in_one_and_a_session_for_it(begun: Any) -> None:
    told = (await asks(begun, "GET", "/phone/tour")).json()
    assert [one["name"] for one in told["calls"]] == [LETTER, PERSON, NOBODY]
    assert all(one["title"] and one["listen_for"] for one in told["calls"])
    call = (await asks(begun, "GET", f"/phone/tour/{LETTER}")).json()
    assert call["actions"][0] == {"after": 0.0, "action": "dial", "fields": {"caller": "mobile"}}
    session = (await asks(begun, "POST", "/phone/trials", json={"tour": LETTER})).json()
    assert (session["clock"], session["call"]["is"]) == ("2026-11-24T10:00:00", "quiet")
    missing = await asks(begun, "GET", "/phone/tour/nope")
    assert (missing.status_code, missing.json()) == (400, {"error": "There is no call of that name in the tour."})


async def test_the_page_is_told_which_voice_callers_hear(begun: Any) -> None:
    assert (await asks(begun, "GET", "/phone/about")).json()["voices"] == {"en-GB": "Polly.Amy-Neural"}
