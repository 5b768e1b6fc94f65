"""Asks for a telephone number in up to eleven keys, and for the rest of one that began with our country."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from msgspec import structs
from pydantic import Field

from ivr.engine.call_state import CallState
from ivr.engine.events import Digits, Event
from ivr.engine.question import TIMEOUTS, DigitsQuestion, NoMatch
from ivr.engine.step import Decision, Go, Stay, StepContext
from ivr.engine.verbs import Gather, Redirect, Turn
from ivr.helpline.phone_numbers import CAN, KEYS, SAID_NUMBERS, NumberKind, from_keys, keys_to_come, kind_of

BEGUN = "begun_number"
"""The variable with the first keys of a number that has more than eleven: 0044 7700…, 44 7700…, 44 07700…"""
PLAIN = (NumberKind.service, NumberKind.premium, NumberKind.personal, NumberKind.pager, NumberKind.foreign)
REFUSED = {
    "no_text_landline": frozenset[str](),
    **{f"no_{use}_{line}": frozenset[str]() for use in CAN for line in PLAIN},
    **{f"no_{use}_nonsense": frozenset({"keyed"}) for use in CAN},
}


class AskNumber(DigitsQuestion):
    """A UK number to text or to ring; why another will not do is explained before it is asked for again.

    In a flow:

        number:
          kind: ask_number
          for: text                 # only a mobile; “ring”: a landline too
          keep: keyed
          got: that_phone
          otherwise: person/ring

    A few landlines have ten keys: after those the caller waits, or presses #, as banks teach people to do. Whoever
    begins with 0044 or 44 has more than eleven, and goes on keying.
    """

    for_: Literal["text", "ring"] = Field(alias="for")
    num_digits: ClassVar[int] = KEYS
    shares = DigitsQuestion.shares | REFUSED | {"number_goes_on": frozenset[str]()}

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: SAID_NUMBERS}

    def resume(self, context: StepContext, event: Event) -> Decision:
        begun = context.state.variables.get(BEGUN, "")
        if begun:
            context = structs.replace(context, state=_without_begun(context.state))
            if isinstance(event, Digits) and event.keys.rstrip("#").isdigit():
                event = Digits(begun + event.keys)  # a last key 0 is no wish for a person
        return super().resume(context, event)

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        digits = [key for key in keys if key.isdigit()]
        if not digits:
            return NoMatch()
        if keys.isdigit() and (left := keys_to_come(keys)):
            return self._go_on(context, keys, left)
        number = from_keys(keys.removesuffix("#"))
        if CAN[self.for_](number):
            return Go(self.got, context.state.with_variable(self.keep, number))
        line = kind_of(number)
        if line is NumberKind.withheld:  # “anonymous” spelt in digits, which nobody keys but as a number abroad
            line = NumberKind.foreign
        values = {"keyed": ", ".join(digits)} if line is NumberKind.nonsense else {}
        return NoMatch(context.words.say(context.words.speech(f"helpline.no_{self.for_}_{line}", **values)))

    def _go_on(self, context: StepContext, keys: str, left: int) -> Stay:
        """Wait for the keys that are left; most callers are still pressing them."""
        said = context.words.say(context.words.speech("helpline.number_goes_on"))
        turn = Turn((Gather((said,), left, TIMEOUTS[0]), Redirect()))
        return Stay(turn, context.state.with_variable(BEGUN, keys), personal=True)


def _without_begun(state: CallState) -> CallState:
    return structs.replace(state, variables={name: one for name, one in state.variables.items() if name != BEGUN})


KIND = AskNumber
