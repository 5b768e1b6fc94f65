"""Says something and goes on: its words open the next stop, where a key interrupts them."""

from ivr.engine.step import Decision, Go, Step, StepContext, Target, own


class Say(Step):
    """A greeting, an apology, a sentence on the way.

    In a flow:

        hello:
          kind: say
          go: main
    """

    go: Target
    says = {"prompt": frozenset()}
    waits = False

    @property
    def for_anybody(self) -> bool:
        return True

    def enter(self, context: StepContext) -> Decision:
        said = context.words.say(context.words.speech(own(context.at, "prompt")))
        return Go(self.go, context.state, (said,))


KIND = Say
