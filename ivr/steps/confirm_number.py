"""Reads a telephone number back, and asks whether it is right and safe."""

from collections.abc import Mapping

from ivr.engine.call_state import CallState
from ivr.engine.step import Decision, StepContext
from ivr.engine.verbs import Speech
from ivr.engine.yes_no import YesNoQuestion
from ivr.helpline.phone_numbers import SAID_NUMBERS, grouped
from ivr.helpline.spoken import spell_number


class ConfirmNumber(YesNoQuestion):
    """The number in its groups: 1 if it is right and it is safe to reach them there, 2 if not.

    In a flow:

        this_phone:
          kind: confirm_number
          of: keyed
          keep: mobile              # the number, once it is confirmed
          yes: send
          no: another
          otherwise: person/ring
    """

    of: str
    keep: str
    says = {"prompt": frozenset({"number"}), "plainer": frozenset({"number"})}
    shares = YesNoQuestion.shares | {"number_needs_no_hash": frozenset()}

    @property
    def plain(self) -> bool:
        return False

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: SAID_NUMBERS}

    def wants(self) -> frozenset[str]:
        return frozenset({self.of})

    def blanks(self, context: StepContext) -> dict[str, str | Speech]:
        return {"number": spell_number(grouped(context.state.variables[self.of]))}

    def remember(self, context: StepContext, *, yes: bool) -> CallState:
        return context.state.with_variable(self.keep, context.state.variables[self.of]) if yes else context.state

    def back(self, context: StepContext) -> Decision:
        """Go to the number, if they keyed it; the one they ring from was not keyed, so there is nothing to explain."""
        if context.state.variables[self.of] == context.environment.caller:
            return super().back(context)
        return self.back_without_hash(context, "number_needs_no_hash")


KIND = ConfirmNumber
