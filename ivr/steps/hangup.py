"""Says goodbye and ends the call."""

from ivr.engine import verbs
from ivr.engine.step import Decision, Stay, Step, StepContext, own


class Hangup(Step):
    """The end, always with a word.

    In a flow:

        goodbye: {kind: hangup}
    """

    says = {"prompt": frozenset()}
    ends_call = True

    @property
    def for_anybody(self) -> bool:
        return True

    def enter(self, context: StepContext) -> Decision:
        said = context.words.say(context.words.speech(own(context.at, "prompt")))
        return Stay(verbs.Turn((said, verbs.Hangup())), context.state)


KIND = Hangup
