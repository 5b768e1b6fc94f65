"""Assertions about a call, and the properties that tests and pages read."""

from typing import Self

from starlette.types import ASGIApp

from ivr.simulator.network.inbound_call import InboundCall
from ivr.simulator.network.waits import Ending, Ring, Talk
from ivr.simulator.twiml.timing import contains_phrase, find_phrase


class AssertableCall(InboundCall):
    """An inbound call with assertions that raise AssertionError with the transcript."""

    def hears(self, *phrases: str) -> Self:
        """Assert that each phrase was said since the caller last acted, without regard to case and punctuation."""
        for phrase in phrases:
            self.expects(contains_phrase(self.heard, phrase), f'to hear "{phrase}"')
        return self

    def hears_not(self, *phrases: str) -> Self:
        """Assert that no phrase was said since the caller last acted."""
        for phrase in phrases:
            self.expects(not contains_phrase(self.heard, phrase), f'not to hear "{phrase}"')
        return self

    def never_hears(self, *phrases: str) -> Self:
        """Assert that no phrase was said since pick-up."""
        said = self.transcript.said_to(self.transcript.ear)
        for phrase in phrases:
            self.expects(not contains_phrase(said, phrase), f'never to hear "{phrase}"')
        return self

    def callee_hears(self, *phrases: str, number: str | None = None) -> Self:
        """Assert that each phrase was said to a number before it was connected, or to the number dialled last."""
        last = self.dialled[-1].number if self.dialled else ""
        said = self.transcript.said_to(number or last)
        for phrase in phrases:
            self.expects(contains_phrase(said, phrase), f'the far end to hear "{phrase}"')
        return self

    def seconds_until(self, phrase: str) -> float:
        """Return the seconds of speech from pick-up until the phrase, said in this turn, has been heard."""
        timing = find_phrase(phrase, self.transcript.recent)
        self.expects(timing, f'to hear "{phrase}"')
        return timing.speech if timing else 0.0

    @property
    def heard(self) -> str:
        """What was said since the caller last acted, as if listened to until the end."""
        return self.transcript.heard

    @property
    def heard_seconds(self) -> float:
        """Seconds of speech listened to, without what is being said while digits are awaited."""
        return self.transcript.heard_seconds

    @property
    def heard_before_turn(self) -> float:
        """Seconds of speech listened to before what was said since the caller last acted."""
        return self.transcript.heard_before_turn

    @property
    def clock(self) -> float:
        """Seconds since pick-up, without what is being said while digits are awaited."""
        return self.transcript.clock - self.began

    @property
    def now(self) -> float:
        """The second of the simulated clock, which all calls share."""
        return self.carrier.now

    @property
    def ended(self) -> bool:
        """True if the call is over."""
        return self.ending is not None

    @property
    def failed(self) -> str | None:
        """The failure that left the caller with Twilio's error message, if one did."""
        return str(self.failures[-1]) if self.ending is Ending.FAILED else None

    @property
    def ringing(self) -> str | None:
        """The number that rings until somebody decides what happens."""
        if isinstance(self.pending, Ring):
            return self.pending.number
        rings = (call.undecided_ring for call in self.carrier.outbound_calls)
        return next((ring.number for ring in rings if ring), None)

    @property
    def is_talking(self) -> bool:
        """True if the caller is connected with somebody, for as long as they like."""
        return isinstance(self.pending, Talk)

    @property
    def waiting(self) -> bool:
        """True if the caller is in a queue."""
        return self.line.in_queue

    @property
    def dialled(self) -> list[Ring]:
        """Every number that was rung, in order."""
        return self.carrier.directory.dialled

    @property
    def connected(self) -> list[str]:
        """Every number that was connected, in order."""
        return self.transcript.connected

    @property
    def app(self) -> ASGIApp:
        """The app that gets the webhooks from now on."""
        return self.webhooks.app

    @app.setter
    def app(self, app: ASGIApp) -> None:
        self.webhooks.app = app

    def expects(self, met: object, what: str) -> None:
        """Raise AssertionError, with the transcript, unless the condition is met."""
        if not met:
            raise AssertionError(f"Expected {what}. The call so far:\n{self.transcript}")
