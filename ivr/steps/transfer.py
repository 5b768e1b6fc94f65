"""Rings somebody for the caller, one number after another, and comes back if nobody takes it."""

from collections.abc import Sequence

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.call_state import CallState
from ivr.engine.events import DialEnded, DialStatus, Event
from ivr.engine.step import Decision, Go, Stay, Step, StepContext, Target, own
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.hours_speech import CLOSED, OPENS, speak_closed
from ivr.helpline.phone_numbers import short_mark
from ivr.helpline.sms_bodies import CONTACT_TO_TEXT, PUT_THROUGH

RUNG = "rung"
"""The variable that holds the short marks of the numbers rung since the call came to the step."""


class Transfer(Step):
    """Our advisers, or a contact. `screen` is what whoever answers must get through before they are connected.

    In a flow:

        ring:
          kind: transfer
          who: advisers
          screen: screening/offer
          seconds: 20               # how long each number rings
          answered: after
          busy: nobody
          unanswered: nobody
          failed: nobody
          unset: nobody             # we have no number to ring
          closed: nobody            # we know that nobody is there at this hour; may be left out

    Without `closed` they are rung at any hour. Those whose hours we are not sure of always are. Who was rung is
    remembered, not how many were: a shift that begins or ends meanwhile leaves nobody out and rings nobody twice.
    """

    who: str
    screen: Target | None = None
    seconds: int = 25
    answered: Target
    busy: Target
    unanswered: Target
    failed: Target
    unset: Target
    closed: Target | None = None
    says = {"prompt": frozenset({"name"}), "next": frozenset({"name"})}
    shares = OPENS

    @property
    def for_anybody(self) -> bool:
        return True

    def sentences(self) -> dict[str, frozenset[str]]:
        closed = {name: blanks | {"name"} for name, blanks in CLOSED.items()} if self.closed else {}
        return self.says | closed

    def optional_blanks(self) -> frozenset[str]:
        return frozenset({"name"})

    def rings(self) -> str:
        return self.who

    def enter(self, context: StepContext) -> Decision:
        numbers, opening = context.environment.numbers(self.who), context.environment.opening(self.who)
        if not numbers:
            return Go(self.unset, context.state)
        if self.closed and not opening.is_open:
            said = context.words.say(
                speak_closed(context.at, opening, context.environment.now, context.words, self._name(context))
            )
            return Go(self.closed, self._about(context.state), (said,))
        return self._ring(context, numbers[0], "prompt", ())

    def resume(self, context: StepContext, event: Event) -> Decision:
        outcome = event.outcome if isinstance(event, DialEnded) else DialStatus.failed
        if outcome is DialStatus.answered:
            return Go(self.answered, self._noted(context))
        numbers = context.environment.numbers(self.who)
        rung = _rung(context.state, numbers)
        left = (number for number in numbers if short_mark(number) not in rung)
        if number := next(left, None):
            return self._ring(context, number, "next", rung)
        return Go(getattr(self, outcome), context.state)

    def _ring(self, context: StepContext, number: str, sentence: str, rung: tuple[str, ...]) -> Stay:
        said = context.words.say(context.words.speech(own(context.at, sentence), name=self._name(context)))
        dial = verbs.Dial(number, self.seconds, self.screen)
        state = self._about(context.state).with_variable(RUNG, " ".join((*rung, short_mark(number))))
        return Stay(verbs.Turn((said, dial)), structs.replace(state, tried=context.state.tried + 1))

    def _noted(self, context: StepContext) -> CallState:
        """Note the day on which a contact answered: a text can say so."""
        if self.who == ADVISERS:
            return context.state
        return context.state.with_variable(PUT_THROUGH, context.environment.today.isoformat())

    def _name(self, context: StepContext) -> str:
        return "" if self.who == ADVISERS else context.environment.name(self.who) or ""

    def _about(self, state: CallState) -> CallState:
        """Note whom to name in a text: one that is requested after ringing somebody has their number in it."""
        return state if self.who == ADVISERS else state.with_variable(CONTACT_TO_TEXT, self.who)


def _rung(state: CallState, numbers: Sequence[str]) -> tuple[str, ...]:
    """Return the marks of those who were rung; an earlier release counted them instead."""
    if RUNG in state.variables:
        return tuple(state.variables[RUNG].split())
    return tuple(map(short_mark, numbers[: state.tried]))


KIND = Transfer
