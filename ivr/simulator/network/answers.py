"""What an interpreter is sent by people: what they do at a wait, and what interrupts it."""

from dataclasses import dataclass

from ivr.simulator.network.bridge import Bridge


@dataclass(frozen=True)
class Key:
    """A key pressed `at` a second of the simulated clock."""

    key: str
    at: float


@dataclass(frozen=True)
class Silence:
    """Nothing was done until the wait was over."""


@dataclass(frozen=True)
class HangUp:
    """This party hangs up `at` a second of the simulated clock."""

    at: float


@dataclass(frozen=True)
class RemoteHangUp:
    """The other party of a talk hangs up `at` a second of the simulated clock."""

    at: float


@dataclass(frozen=True)
class Speech:
    """Words spoken into a recording, ended by a key, by hanging up, or by silence."""

    text: str
    key: str = ""
    hangs_up: bool = False


class Dequeued(Exception):
    """Thrown into an execution that waits in a queue: somebody has taken the caller."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        super().__init__(bridge)


class EndedByApi(Exception):
    """Thrown into the execution of a call that the app ends through the REST API."""
