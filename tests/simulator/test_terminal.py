"""The telephone with a person at it."""

from io import StringIO

import pytest
from rich.console import Console

from ivr.simulator.phone import Phone
from ivr.simulator.terminal import Terminal
from tests.simulator.hunt_app import HuntSetup
from tests.simulator.twiml_app import TOKEN, Answer, TwimlApp

ADVISER = "+447700900001"
DIAL = f"<Dial action='done' callerId='+441632960000'>{ADVISER}</Dial>"
MENU: dict[str, Answer] = {
    "voice": "<Gather numDigits='1' action='menu'><Say>For a person, press 0.</Say></Gather><Say>Silence</Say>",
    "menu": DIAL,
    "done": lambda form: f"<Say>It was {form['DialCallStatus']}</Say>",
}


class Keyboard(StringIO):
    """Lines typed by somebody who sees what they are asked."""

    def isatty(self) -> bool:
        return True


class Interrupted(Keyboard):
    """A keyboard on which Ctrl-C is pressed."""

    def isatty(self) -> bool:
        raise KeyboardInterrupt


def printed(keyboard: StringIO, answers: dict[str, Answer] = MENU, fallback: str | None = None) -> str:
    screen = StringIO()
    phone = Phone(TwimlApp(answers).app, token=TOKEN, default_callee="rings", fallback=fallback)
    Terminal(phone, Console(file=screen, width=120), keyboard).run()
    assert phone.ended
    return screen.getvalue()


def test_what_is_said_is_printed_with_its_time_and_its_length() -> None:
    lines = printed(StringIO("0\n\n")).splitlines()
    assert lines[:3] == [
        " 0:00  caller: dials",
        " 0:00  helpline: For a person, press 0. (2 s)",
        " 0:02  caller: presses 0",
    ]
    assert lines[3] == f" 0:02  line: rings {ADVISER}, showing +441632960000"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("", "completed"),
        ("accept", "completed"),
        ("d", "completed"),
        ("b", "busy"),
        ("No answer", "no-answer"),
        ("mail", "completed"),
        ("perhaps\nbusy", "busy"),
    ],
)
def test_the_far_end_is_asked_for_as_it_rings(typed: str, status: str) -> None:
    screen = printed(Keyboard(f"0\n{typed}\n"))
    assert f"It was {status}" in screen
    assert f"{ADVISER} rings. accept, decline, busy, no answer, mailbox?>" in screen


def test_enter_alone_is_a_silence() -> None:
    assert "helpline: Silence" in printed(Keyboard("\n"))


@pytest.mark.parametrize("keyboard", [Keyboard("h\n"), Keyboard(""), StringIO(""), Keyboard("0\nh\n"), Interrupted()])
def test_h_the_end_of_what_is_typed_and_an_interruption_hang_up(keyboard: StringIO) -> None:
    assert "the caller hangs up" in printed(keyboard)


def test_a_silence_may_be_a_long_one() -> None:
    answers: dict[str, Answer] = {"voice": "<Gather><Say>Still here</Say></Gather><Redirect>voice</Redirect>"}
    screen = printed(Keyboard("w20\nh\n"), answers)
    assert screen.count("helpline: Still here") == 5
    assert "Keys are" not in screen


def test_advisers_who_are_rung_for_a_caller_who_waits_are_asked_for_too() -> None:
    hunted = HuntSetup(ADVISER, callees={ADVISER: "rings"})
    screen, closed = StringIO(), []

    async def closes() -> None:
        closed.append(hunted.phone.ended)

    Terminal(hunted.phone, Console(file=screen, width=120), Keyboard("accept\n\n\nh\n"), closes).run()
    lines = screen.getvalue().splitlines()
    assert f"{ADVISER} rings. accept, decline, busy, no answer, mailbox?>" in screen.getvalue()
    assert any("helpline: It was bridged" in line for line in lines)
    times = [line.split()[0] for line in lines if line.startswith(" ")]
    assert times == sorted(times)
    assert closed == [True]


def test_nothing_is_asked_of_nobody() -> None:
    assert "Keys," not in printed(StringIO("\n"))
    assert "Keys, Enter alone to stay silent, w60 for a minute of it, h to hang up>" in printed(Keyboard("\n"))


def test_what_is_no_key_is_asked_for_again() -> None:
    assert "Keys are 0 to 9, * and #." in printed(Keyboard("one\n\n"))


def test_words_are_typed_into_a_recording() -> None:
    answers: dict[str, Answer] = {"voice": "<Record action='kept'/><Say>Nothing</Say>", "kept": "<Say>Kept</Say>"}
    assert "helpline: Kept" in printed(Keyboard("It is Ann\n"), answers)
    assert "helpline: Nothing" in printed(Keyboard("\n"), answers)


def test_an_app_that_fails_is_told_and_the_fallback_played() -> None:
    fallback = "<Response><Say>We have a fault [really].</Say></Response>"
    screen = printed(Keyboard(""), {}, fallback)
    assert "line: the app fails: 11200 HTTP status 500." in screen
    assert "the fallback document is played" in screen
    assert "We have a fault [really]." in screen
