"""Asks for a telephone number in up to eleven keys."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from ivr.engine.question import DigitsQuestion, NoMatch
from ivr.engine.step import Decision, Go, StepContext
from ivr.helpline.phone_numbers import CAN, KEYS, SAID_NUMBERS, NumberKind, from_keys, kind_of

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

    A few landlines have ten keys: after those the caller waits, or presses #, as banks teach people to do.
    """

    for_: Literal["text", "ring"] = Field(alias="for")
    num_digits: ClassVar[int] = KEYS
    shares = DigitsQuestion.shares | REFUSED

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: SAID_NUMBERS}

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        digits = [key for key in keys if key.isdigit()]
        if not digits:
            return NoMatch()
        number = from_keys(keys.removesuffix("#"))
        if CAN[self.for_](number):
            return Go(self.got, context.state.with_variable(self.keep, number))
        line = kind_of(number)
        if line is NumberKind.withheld:  # “anonymous” spelt in digits, which nobody keys but as a number abroad
            line = NumberKind.foreign
        values = {"keyed": ", ".join(digits)} if line is NumberKind.nonsense else {}
        return NoMatch(context.words.say(context.words.speech(f"helpline.no_{self.for_}_{line}", **values)))


KIND = AskNumber
