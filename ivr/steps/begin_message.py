"""Makes room for a message, before a word of it is recorded."""

from collections.abc import Mapping

from ivr.engine.effects import EffectStatus, StartVoicemail
from ivr.engine.events import EffectResult, Event
from ivr.engine.step import Decision, Go, Perform, Step, StepContext, Target
from ivr.helpline.call_variables import MESSAGE, announced_last_day
from ivr.helpline.data_complaints import TOPIC


class BeginMessage(Step):
    """Says nothing. What a caller says after a tone must have a place to go, even if they hang up in the middle.

    In a flow:

        begin:
          kind: begin_message
          kept: record
          capped: full              # enough were left from this number, or in all
          down: down                # it cannot be kept just now

    With `complaint: yes` what they say is a complaint about what we do with their data, and is taken down as one once
    it is passed on (`send_complaint`).
    """

    complaint: bool = False
    kept: Target
    capped: Target
    down: Target

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {MESSAGE: ("1",)}

    def enter(self, context: StepContext) -> Decision:
        state, environment = context.state, context.environment
        if self.complaint:
            return Perform(StartVoicemail(environment.caller, TOPIC, None, state.audience), state)
        last_day = announced_last_day(state.variables)
        return Perform(StartVoicemail(environment.caller, state.topic, last_day, state.audience), state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        if not isinstance(event, EffectResult):
            return self.enter(context)
        if event.status is EffectStatus.kept:
            return Go(self.kept, context.state.with_variable(MESSAGE, event.value))
        return Go(self.capped if event.status is EffectStatus.capped else self.down, context.state)


KIND = BeginMessage
