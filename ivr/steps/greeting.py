"""Greets a caller, and tells the emergency message while staff have set one."""

from ivr.engine.step import Decision, Go, Step, StepContext, Target, own


class Greeting(Step):
    """The first words of a call.

    While an emergency message is set (`ivr emergency`), callers hear `brief` in place of `prompt`, then the message,
    and the menu that follows in its shorter words, so that nobody waits longer for what they rang for. `brief` may be
    left out.

    In a flow:

        hello:
          kind: greeting
          go: main
    """

    go: Target
    says = {"prompt": frozenset(), "brief": frozenset()}

    @property
    def for_anybody(self) -> bool:
        return True

    def optional_sentences(self) -> frozenset[str]:
        return frozenset({"brief"})

    def enter(self, context: StepContext) -> Decision:
        words, message = context.words, context.environment.emergency_message
        brief = own(context.at, "brief")
        name = brief if message and brief in words else own(context.at, "prompt")
        greeting = words.say(words.speech(name))
        if message is None:
            return Go(self.go, context.state, (greeting,))
        return Go(self.go, context.state, (greeting, message), is_brief=True)


KIND = Greeting
