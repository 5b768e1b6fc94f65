"""How a call stands: what was heard, who was rung, how long it took, and whether it goes on."""

from collections.abc import Mapping
from typing import Self

from starlette.types import ASGIApp

from ivr.phone.call import Call
from ivr.phone.speech import contains, moment_of
from ivr.phone.stops import Ring, Talk, Way


class Standing(Call):
    """A call that can be asked about, by name and by assertion."""

    def hears(self, *phrases: str) -> Self:
        """Assert that each was said since the caller last acted; case and punctuation do not count."""
        for phrase in phrases:
            self.expects(contains(self.heard, phrase), f'to hear "{phrase}"')
        return self

    def hears_not(self, *phrases: str) -> Self:
        """Assert that none was said since the caller last acted."""
        for phrase in phrases:
            self.expects(not contains(self.heard, phrase), f'not to hear "{phrase}"')
        return self

    def far_end_hears(self, *phrases: str, number: str | None = None) -> Self:
        """Assert that each was said to a number that was rung, or to the one rung last, before it was connected."""
        last = self.dialled[-1].number if self.dialled else ""
        said = self.transcript.said_to(number or last)
        for phrase in phrases:
            self.expects(contains(said, phrase), f'the far end to hear "{phrase}"')
        return self

    def seconds_until(self, phrase: str) -> float:
        """Seconds of speech from pick-up until the phrase, said since the caller last acted, is heard."""
        moment = moment_of(phrase, self.transcript.recent)
        self.expects(moment, f'to hear "{phrase}"')
        return moment.speech if moment else 0.0

    @property
    def heard(self) -> str:
        """The text said since the caller last acted, as if listened to until the end."""
        return self.transcript.heard

    @property
    def heard_seconds(self) -> float:
        """Seconds of speech listened to; what is being said while keys are awaited is not yet counted."""
        return self.transcript.heard_seconds

    @property
    def clock(self) -> float:
        """Seconds since pick-up; what is being said while keys are awaited has not yet passed."""
        return self.transcript.clock - self.began

    @property
    def now(self) -> float:
        """Seconds since the first call began, for whoever else is asked or does something at this moment."""
        return self.company.now

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self.way is not None

    @property
    def failed(self) -> str | None:
        """Why the caller was left with the telephone company's error message, if they were."""
        return str(self.failures[-1]) if self.way is Way.FAILED else None

    @property
    def ringing(self) -> str | None:
        """The number that rings until somebody decides what happens."""
        if isinstance(self.stop, Ring):
            return self.stop.number
        return next((called.undecided.number for called in self.company.called if called.undecided), None)

    @property
    def is_talking(self) -> bool:
        """Whether the caller is connected with somebody, for as long as they like."""
        return isinstance(self.stop, Talk)

    @property
    def waiting(self) -> bool:
        """Whether the caller stands in a queue."""
        return self.line.waits

    @property
    def dialled(self) -> list[Ring]:
        """Every number rung, in order, each with the number it was shown."""
        return self.company.directory.dialled

    @property
    def connected(self) -> list[str]:
        """Every number that was connected with somebody, in order."""
        return self.transcript.connected

    @property
    def far_ends(self) -> Mapping[str, str]:
        """How each number behaves when it is rung."""
        return self.company.directory.far_ends

    @far_ends.setter
    def far_ends(self, far_ends: Mapping[str, str]) -> None:
        self.company.directory.far_ends = far_ends

    @property
    def otherwise(self) -> str:
        """How the rest do."""
        return self.company.directory.otherwise

    @otherwise.setter
    def otherwise(self, behaviour: str) -> None:
        self.company.directory.otherwise = behaviour

    @property
    def app(self) -> ASGIApp:
        """The app that is asked from now on."""
        return self.exchange.app

    @app.setter
    def app(self, app: ASGIApp) -> None:
        self.exchange.app = app

    def expects(self, met: object, what: str) -> None:
        """Raise AssertionError, with the call so far, for what is not so."""
        if not met:
            raise AssertionError(f"Expected {what}. The call so far:\n{self.transcript}")
