"""Callees: how whoever the app has rung behaves."""

from dataclasses import dataclass
from math import inf

from ivr.simulator.network.answers import HangUp, Key, Silence
from ivr.simulator.network.waits import AwaitDigits
from ivr.simulator.twiml.timing import duration, find_phrase, word_timings

RING_SECONDS = 5.0
"""How long a telephone rings until somebody answers."""


@dataclass(frozen=True)
class Callee:
    """The behaviour of one telephone that is rung.

    It rings for `rings` seconds and is then answered, unless the call ends with the status `refused` (`busy` or
    `failed`). Asked to press something, the callee presses `key` when it has been named, or when all has been said.
    Without a key they stay silent, or hang up if `hangs_up`. Once connected they talk for `talks` seconds; if the talk
    `lingers`, until the caller does something.
    """

    rings: float = RING_SECONDS
    refused: str = ""
    greeting: str = ""
    key: str = ""
    hangs_up: bool = False
    talks: float = 60.0
    lingers: bool = False

    def respond(self, wait: AwaitDigits, now: float) -> Key | Silence | HangUp:
        """Return what the callee does at a `<Gather>` that begins now."""
        if self.hangs_up:
            return HangUp(now)
        if not self.key:
            return Silence()
        named = find_phrase(f"press {self.key}", word_timings(wait.sounds, now))
        return Key(self.key, named.at if named else now + duration(wait.sounds))


CALLEES = {
    "accepts": Callee(key="1"),
    "talks": Callee(key="1", lingers=True),
    "declines": Callee(key="2", talks=5.0),
    "busy": Callee(rings=2.0, refused="busy"),
    "no_answer": Callee(rings=inf),
    "ignores": Callee(rings=inf),
    "failed": Callee(rings=1.0, refused="failed"),
    "mailbox": Callee(greeting="I cannot take your call. Please leave a message after the tone."),
    "hangs_up_on_screen": Callee(hangs_up=True, talks=0.0),
}
"""The behaviours by name. `talks` is `accepts` with the caller free to end it, `ignores` is `no_answer`."""

UNDECIDED = "rings"
"""The name of no behaviour: the telephone rings until somebody decides what happens."""
