"""Stops the reminders to the phone that rings us."""

from ivr.engine.effects import CancelReminders
from ivr.engine.step import Decision, EffectStep, Go, Perform, StepContext, Target
from ivr.helpline.phone_numbers import can_text


class StopThem(EffectStep):
    """Says nothing: nobody can stop the reminders of another phone than their own.

    In a flow:

        stop:
          kind: stop_reminders
          kept: no_more
          nothing: none             # there were none
          other: cannot_tell        # a landline, or the number is withheld
          down: down
    """

    kept: Target
    nothing: Target
    other: Target
    down: Target

    def enter(self, context: StepContext) -> Decision:
        if not can_text(context.environment.caller):
            return Go(self.other, context.state)
        return Perform(CancelReminders(context.environment.caller), context.state)


KIND = StopThem
