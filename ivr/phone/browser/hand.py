"""Somebody at the page who has picked up a telephone that was rung."""

from dataclasses import dataclass, field
from math import inf

from ivr.phone.far_end import FarEnd
from ivr.phone.stops import HangUp, Key, Listen, Silence


@dataclass(frozen=True)
class Hand(FarEnd):
    """Does nothing until they press a key or put the receiver down; what is done before anything listens is lost."""

    rings: float = 0.0
    talks: float = inf
    lingers: bool = True
    done: list[Key | HangUp] = field(default_factory=list)

    def hears(self, listen: Listen, now: float) -> Key | Silence | HangUp:
        """What they have done by now, if anything."""
        for deed in self.done:
            if isinstance(deed, HangUp):
                return HangUp(max(deed.at, now))
            if deed.at >= now:
                return deed
        return Silence()
