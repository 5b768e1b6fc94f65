"""Says goodbye and ends the call."""

from ivr.engine import verbs
from ivr.engine.step import Decision, Scene, Stay, Step, own


class Hangup(Step):
    """The end, always with a word.

    In a flow:

        goodbye: {kind: hangup}
    """

    says = {"prompt": frozenset()}
    ends_call = True

    def enter(self, scene: Scene) -> Decision:
        said = scene.words.say(scene.words.speech(own(scene.at, "prompt")))
        return Stay(verbs.Turn((said, verbs.Hangup())), scene.memory)


KIND = Hangup
