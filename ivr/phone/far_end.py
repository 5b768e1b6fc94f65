"""Who answers when the helpline rings somebody, and how they behave."""

from dataclasses import dataclass
from math import inf

from ivr.phone.speech import moment_of, moments, seconds_of
from ivr.phone.stops import HangUp, Key, Listen, Silence

RINGS = 5.0
"""Seconds until a telephone is picked up."""


@dataclass(frozen=True)
class FarEnd:
    """The behaviour of one telephone that is rung.

    It rings for `rings` seconds and then answers, unless the call is `refused` (`busy` or `failed`).
    Whoever is asked to press something presses `key`, when it has been named or all has been said. Without
    a key they stay silent, or put the receiver down if `hangs_up`. Once connected they talk for `talks`
    seconds; if the conversation `lingers`, until the caller does something.
    """

    rings: float = RINGS
    refused: str = ""
    greeting: str = ""
    key: str = ""
    hangs_up: bool = False
    talks: float = 60.0
    lingers: bool = False

    def hears(self, listen: Listen, now: float) -> Key | Silence | HangUp:
        """What they do when the helpline speaks to them and listens."""
        if self.hangs_up:
            return HangUp(now)
        if not self.key:
            return Silence()
        named = moment_of(f"press {self.key}", moments(listen.sounds, now))
        return Key(self.key, named.at if named else now + seconds_of(listen.sounds))


FAR_ENDS = {
    "accepts": FarEnd(key="1"),
    "talks": FarEnd(key="1", lingers=True),
    "declines": FarEnd(key="2", talks=5.0),
    "busy": FarEnd(rings=2.0, refused="busy"),
    "no_answer": FarEnd(rings=inf),
    "ignores": FarEnd(rings=inf),
    "failed": FarEnd(rings=1.0, refused="failed"),
    "mailbox": FarEnd(greeting="I cannot take your call. Please leave a message after the tone."),
    "hangs_up_on_screen": FarEnd(hangs_up=True, talks=0.0),
}
"""The behaviours by name. `talks` is `accepts` with the caller free to end it, `ignores` is `no_answer`."""

RINGING = "rings"
"""No behaviour yet: it rings until somebody decides what happens."""
