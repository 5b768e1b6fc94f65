"""Says something and goes on: its words open the next stop, where a key interrupts them."""

from ivr.engine.step import Decision, Go, Scene, Step, Target, own


class Say(Step):
    """A greeting, an apology, a sentence on the way.

    In a flow:

        hello:
          kind: say
          go: main
    """

    go: Target
    says = {"prompt": frozenset()}

    def enter(self, scene: Scene) -> Decision:
        said = scene.words.say(scene.words.speech(own(scene.at, "prompt")))
        return Go(self.go, scene.memory, (said,))


KIND = Say
