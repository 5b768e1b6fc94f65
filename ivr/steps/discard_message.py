"""Throws away a message that the caller wants to say anew."""

from ivr.engine.effects import DiscardVoicemail, EffectStatus
from ivr.engine.events import EffectResult, Event
from ivr.engine.step import Decision, Go, Perform, Step, StepContext, Target
from ivr.helpline.message import MESSAGE


class DiscardMessage(Step):
    """Says nothing: nobody is to hear it, neither here nor at the telephone company.

    In a flow:

        anew: {kind: discard_message, kept: begin, down: down}
    """

    kept: Target
    down: Target

    def enter(self, context: StepContext) -> Decision:
        return Perform(DiscardVoicemail(context.state.variables[MESSAGE]), context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        if not isinstance(event, EffectResult):
            return self.enter(context)
        return Go(self.kept if event.status is EffectStatus.kept else self.down, context.state)


KIND = DiscardMessage
