"""Passes a message on to our advisers."""

from ivr.engine.effects import EffectStatus, SubmitVoicemail
from ivr.engine.events import EffectResult, Event
from ivr.engine.step import Decision, Go, Perform, Step, StepContext, Target
from ivr.helpline.message import MESSAGE


class SendMessage(Step):
    """Says nothing: it is in our list, and whoever is on shift is told, before an exit is taken.

    In a flow:

        send: {kind: send_message, kept: sent, down: down}

    Whoever hangs up instead has sent it too: that is what people do who have spoken to a machine.
    """

    kept: Target
    down: Target

    def enter(self, context: StepContext) -> Decision:
        return Perform(SubmitVoicemail(context.state.variables[MESSAGE]), context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        if not isinstance(event, EffectResult):
            return self.enter(context)
        return Go(self.kept if event.status is EffectStatus.kept else self.down, context.state)


KIND = SendMessage
