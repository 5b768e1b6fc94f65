"""Tells whether the phone that rings us can be texted, or rung back."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from ivr.engine.step import Decision, Go, Step, StepContext, Target
from ivr.helpline.phone_numbers import CAN, SAID_NUMBERS


class CallerPhone(Step):
    """Says nothing: chooses an exit by the number that rings us, and by what was agreed earlier in the call.

    In a flow:

        whose:
          kind: caller_phone
          for: text                 # only a mobile can be; “ring”: a landline too
          keep: keyed               # the number, until the caller has confirmed it
          confirmed: mobile         # where the confirmed one is kept
          known: send               # there is one already
          can: this_phone
          cannot: another           # it is of another sort, or withheld
    """

    for_: Literal["text", "ring"] = Field(alias="for")
    keep: str
    confirmed: str
    known: Target
    can: Target
    cannot: Target

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: SAID_NUMBERS}

    def ahead(self, variables: Mapping[str, str]) -> Iterator[Target]:
        yield from (self.known,) if self.confirmed in variables else (self.can, self.cannot)

    def enter(self, context: StepContext) -> Decision:
        if self.confirmed in context.state.variables:
            return Go(self.known, context.state)
        caller = context.environment.caller
        if not CAN[self.for_](caller):
            return Go(self.cannot, context.state)
        return Go(self.can, context.state.with_variable(self.keep, caller))


KIND = CallerPhone
