"""Throws away a message that the caller wants to say anew."""

from ivr.engine.effects import DiscardVoicemail
from ivr.engine.step import Decision, EffectStep, Perform, StepContext, Target
from ivr.helpline.call_variables import MESSAGE


class DiscardMessage(EffectStep):
    """Says nothing: nobody is to hear it, neither here nor at the telephone company.

    In a flow:

        anew: {kind: discard_message, kept: begin, down: down}
    """

    kept: Target
    down: Target

    def wants(self) -> frozenset[str]:
        return frozenset({MESSAGE})

    def enter(self, context: StepContext) -> Decision:
        return Perform(DiscardVoicemail(context.state.variables[MESSAGE]), context.state)


KIND = DiscardMessage
