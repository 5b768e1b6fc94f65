"""Tells whether we are open, and a caller who comes when we are not, when we open next."""

from typing import Literal

from ivr.engine.step import Decision, Go, Step, StepContext, Target, own
from ivr.helpline.hours_speech import CLOSED, OPENS, speak_closed


class Hours(Step):
    """Goes on to `open` without a word; or says why we are closed, if there is a reason, and goes on to `closed`.

    In a flow:

        ring:
          kind: hours
          of: helpline
          reasons: [training, weather]   # may be left out
          open: direct
          closed: nobody

    Each of the reasons is a sentence under the step's own name: staff who close us name one of these, and
    `bank_holiday`, if it is among them, is said on one. Nothing else is ever said of why we are closed.
    """

    of: Literal["helpline"]
    reasons: tuple[str, ...] = ()
    open: Target
    closed: Target
    shares = OPENS
    waits = False

    def sentences(self) -> dict[str, frozenset[str]]:
        return CLOSED | dict.fromkeys(self.reasons, frozenset[str]())

    def way_to_a_person(self) -> Target:
        return self.open

    def enter(self, context: StepContext) -> Decision:
        opening, words = context.environment.opening(self.of), context.words
        if opening.is_open:
            return Go(self.open, context.state)
        why = words.speech(own(context.at, opening.reason)) if opening.reason in self.reasons else ()
        said = words.say(why, speak_closed(context.at, opening, context.environment.now, words))
        return Go(self.closed, context.state, (said,))


KIND = Hours
