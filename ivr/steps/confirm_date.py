"""Reads a date back, to be sure."""

from ivr.engine.step import Decision, StepContext
from ivr.engine.verbs import Speech
from ivr.engine.yes_no import YesNoQuestion
from ivr.helpline.call_variables import DATE_PROMPT, date_variable, speak_date


class ConfirmDate(YesNoQuestion):
    """The date as it was understood: 1 if it is right, 2 if it is not.

    In a flow:

        confirm_letter:
          kind: confirm_date
          of: letter
          yes: school_only
          no: letter
          otherwise: person/ring
    """

    of: str
    says = {"prompt": frozenset({"date"}), "plainer": frozenset({"date"})}
    shares = YesNoQuestion.shares | DATE_PROMPT | {"date_needs_no_hash": frozenset()}

    @property
    def plain(self) -> bool:
        return False

    @property
    def for_anybody(self) -> bool:
        return True

    def wants(self) -> frozenset[str]:
        return frozenset({self.of})

    def blanks(self, context: StepContext) -> dict[str, str | Speech]:
        return {"date": speak_date(date_variable(context.state.variables, self.of), context.words)}

    def back(self, context: StepContext) -> Decision:
        return self.back_without_hash(context, "date_needs_no_hash")


KIND = ConfirmDate
