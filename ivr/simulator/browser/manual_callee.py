"""A callee whose telephone the person at the page has answered."""

from dataclasses import dataclass, field
from math import inf

from ivr.simulator.network.answers import HangUp, Key, Silence
from ivr.simulator.network.callee import Callee
from ivr.simulator.network.waits import AwaitDigits


@dataclass(frozen=True)
class ManualCallee(Callee):
    """Does nothing until a key is pressed or the telephone hung up; a key before a `<Gather>` is lost."""

    rings: float = 0.0
    talks: float = inf
    lingers: bool = True
    done: list[Key | HangUp] = field(default_factory=list)

    def respond(self, wait: AwaitDigits, now: float) -> Key | Silence | HangUp:
        """Return what has been done by now, if anything."""
        for action in self.done:
            if isinstance(action, HangUp):
                return HangUp(max(action.at, now))
            if action.at >= now:
                return action
        return Silence()
