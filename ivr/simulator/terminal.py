"""A telephone for a person at a terminal: the transcript is printed, keys are typed."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from math import inf
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from ivr.simulator.network.waits import AwaitSpeech
from ivr.simulator.phone import Phone
from ivr.simulator.transcript import CALLER, HELPLINE, LINE, in_order

KEYS_PROMPT = "Keys, Enter alone to stay silent, w60 for a minute of it, h to hang up> "
WORDS_PROMPT = "Words to record, Enter alone to stay silent, h to hang up> "
CALLEE_PROMPT = "{number} rings. accept, decline, busy, no answer, mailbox?> "
ANSWERS = {
    "": "accepts",
    "accept": "accepts",
    "decline": "declines",
    "busy": "busy",
    "no answer": "no_answer",
    "mailbox": "mailbox",
}
"""What is typed when an adviser's telephone rings, in full or abbreviated, and the callee it stands for."""
_STYLES = {HELPLINE: "bold", CALLER: "cyan", LINE: "dim"}


MOST_PATIENT = 900.0
"""Seconds that a caller with nothing left to press waits for those who are being rung."""


class HungUp(Exception):
    """The person at the terminal typed h or Ctrl-C, or ended the input."""


class NothingTyped(HungUp):
    """The input ended that a program, and no person, has written."""


class Terminal:
    """Plays one call with whoever types into `keyboard`. `afterwards` is awaited in the event loop of the call.

    Where a program has written what is typed, the caller stays on at its end while somebody is rung for them, and until
    the talk is over.
    """

    def __init__(
        self,
        phone: Phone,
        console: Console,
        keyboard: TextIO,
        afterwards: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        self._phone = phone
        self._afterwards = afterwards
        self._console = console
        self._keyboard = keyboard
        self._shown = 0
        self._patience_ends = inf

    def run(self) -> None:
        """Play the call to its end."""
        # The keyboard is read outside the event loop: inside it, Ctrl-C would wait for the next line.
        with asyncio.Runner() as runner:
            try:
                self._act(runner, self._phone.dials())
                while not self._phone.ended:
                    self._act(runner, self._next_action())
            finally:
                if self._afterwards:
                    runner.run(self._afterwards())

    def _act(self, runner: asyncio.Runner, action: Coroutine[Any, Any, Phone]) -> None:
        """Run an action, and print what the transcript has gained."""
        runner.run(action)
        for entry in in_order(self._phone.transcript.entries[self._shown :]):
            length = f" ({entry.seconds:.0f} s)" if entry.seconds else ""
            style = _STYLES.get(entry.who, "magenta")
            self._console.print(Text(f"{entry.time:>5}  {entry.voice}: {entry.text}{length}", style))
        self._shown = len(self._phone.transcript.entries)

    def _next_action(self) -> Coroutine[Any, Any, Phone]:
        try:
            return self._ask_for_action()
        except NothingTyped:
            return self._phone.waits() if self._is_rung_for() else self._phone.hangs_up(when_said=True)
        except (HungUp, KeyboardInterrupt):
            return self._phone.hangs_up(when_said=True)

    def _is_rung_for(self) -> bool:
        """Return whether somebody may still take the call, or has taken it and is talking."""
        phone = self._phone
        self._patience_ends = min(self._patience_ends, phone.now + MOST_PATIENT)
        is_waiting = phone.waiting and not phone.ringing
        return (is_waiting or phone.is_talking) and phone.now < self._patience_ends

    def _ask_for_action(self) -> Coroutine[Any, Any, Phone]:
        if self._phone.ringing:
            return self._phone.answers(self._ask_for_callee(self._phone.ringing))
        if isinstance(self._phone.pending, AwaitSpeech):
            words = self._read_line(WORDS_PROMPT)
            return self._phone.says(words) if words else self._phone.waits()
        keys = self._read_line(KEYS_PROMPT)
        while not re.fullmatch(r"[0-9*#]*|w[0-9]+", keys):
            self._console.print("Keys are 0 to 9, * and #.")
            keys = self._read_line(KEYS_PROMPT)
        if keys.startswith("w"):
            return self._phone.waits(float(keys[1:]))
        return self._phone.presses(keys, when_named=True) if keys else self._phone.waits()

    def _ask_for_callee(self, number: str) -> str:
        while True:
            typed = self._read_line(CALLEE_PROMPT.format(number=number)).lower()
            for answer, behaviour in ANSWERS.items():
                if answer.startswith(typed):
                    return behaviour

    def _read_line(self, prompt: str) -> str:
        """Return a line from the keyboard. Raises HungUp."""
        if is_person := self._keyboard.isatty():
            self._console.print(prompt, end="", style="green")
        line = self._keyboard.readline()
        if not (line or is_person):
            raise NothingTyped
        if not line or line.strip().lower() == "h":
            raise HungUp
        return line.strip()
