"""Passes a message on to our advisers."""

from ivr.engine.effects import SubmitVoicemail
from ivr.engine.step import Decision, EffectStep, Perform, StepContext, Target
from ivr.helpline.call_variables import MESSAGE


class SendMessage(EffectStep):
    """Says nothing: it is in our list, and whoever is on shift is told, before an exit is taken.

    In a flow:

        send: {kind: send_message, kept: sent, nothing: unheard, down: down}

    Nothing: by now we know that there are no words in it; left out: as `down`.
    Whoever hangs up instead has sent it too: that is what people do who have spoken to a machine.
    """

    kept: Target
    nothing: Target | None = None
    down: Target

    def wants(self) -> frozenset[str]:
        return frozenset({MESSAGE})

    def enter(self, context: StepContext) -> Decision:
        return Perform(SubmitVoicemail(context.state.variables[MESSAGE]), context.state)


KIND = SendMessage
