"""A telephone for a person at a terminal: what is said is printed, keys are typed."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from ivr.phone.phone import Phone
from ivr.phone.stops import Recording
from ivr.phone.transcript import CALLER, HELPLINE, LINE, in_order

KEYS = "Keys, Enter alone to stay silent, w60 for a minute of it, h to hang up> "
WORDS = "Words to record, Enter alone to stay silent, h to hang up> "
FAR_END = "{number} rings. accept, decline, busy, no answer, mailbox?> "
ANSWERS = {
    "": "accepts",
    "accept": "accepts",
    "decline": "declines",
    "busy": "busy",
    "no answer": "no_answer",
    "mailbox": "mailbox",
}
"""What is typed at the adviser's end, or as much of it as anyone cares to, and the behaviour it stands for."""
_STYLES = {HELPLINE: "bold", CALLER: "cyan", LINE: "dim"}


class HungUp(Exception):
    """The person at the terminal has had enough: h, the end of what is typed, or Ctrl-C."""


class Terminal:
    """Plays one call with whoever types into `keyboard`; a keyboard that runs out hangs up.

    `afterwards` is done when the call is over, where it went on.
    """

    def __init__(
        self, phone: Phone, console: Console, keyboard: TextIO, afterwards: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._phone = phone
        self._afterwards = afterwards
        self._console = console
        self._keyboard = keyboard
        self._shown = 0

    def plays(self) -> None:
        """Play the call to its end."""
        # The keyboard is read outside the event loop: inside it, Ctrl-C would wait for the next line.
        with asyncio.Runner() as runner:
            self._does(runner, self._phone.dials())
            while not self._phone.ended:
                self._does(runner, self._next())
            if self._afterwards:
                runner.run(self._finishes(self._afterwards))

    async def _finishes(self, afterwards: Callable[[], Awaitable[None]]) -> None:
        await afterwards()

    def _does(self, runner: asyncio.Runner, action: Coroutine[Any, Any, Phone]) -> None:
        runner.run(action)
        for entry in in_order(self._phone.transcript.entries[self._shown :]):
            length = f" ({entry.seconds:.0f} s)" if entry.seconds else ""
            style = _STYLES.get(entry.who, "magenta")
            self._console.print(Text(f"{entry.time:>5}  {entry.voice}: {entry.text}{length}", style))
        self._shown = len(self._phone.transcript.entries)

    def _next(self) -> Coroutine[Any, Any, Phone]:
        """What the person does next."""
        try:
            return self._decided()
        except (HungUp, KeyboardInterrupt):
            return self._phone.hangs_up(when_said=True)

    def _decided(self) -> Coroutine[Any, Any, Phone]:
        if self._phone.ringing:
            return self._phone.answers(self._far_end(self._phone.ringing))
        if isinstance(self._phone.stop, Recording):
            words = self._asks(WORDS)
            return self._phone.says(words) if words else self._phone.waits()
        keys = self._asks(KEYS)
        while not re.fullmatch(r"[0-9*#]*|w[0-9]+", keys):
            self._console.print("Keys are 0 to 9, * and #.")
            keys = self._asks(KEYS)
        if keys.startswith("w"):
            return self._phone.waits(float(keys[1:]))
        return self._phone.presses(keys, when_named=True) if keys else self._phone.waits()

    def _far_end(self, number: str) -> str:
        while True:
            typed = self._asks(FAR_END.format(number=number)).lower()
            for answer, behaviour in ANSWERS.items():
                if answer.startswith(typed):
                    return behaviour

    def _asks(self, prompt: str) -> str:
        """A line from the keyboard."""
        if self._keyboard.isatty():
            self._console.print(prompt, end="", style="green")
        line = self._keyboard.readline()
        if not line or line.strip().lower() == "h":
            raise HungUp
        return line.strip()
