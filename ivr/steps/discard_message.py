"""Throws away a message that the caller wants to say anew."""

from ivr.engine.events import Event, PromiseKept
from ivr.engine.promises import Kept, MessageDiscard
from ivr.engine.step import Decision, Go, Keep, Scene, Step, Target
from ivr.helpline.message import MESSAGE


class DiscardMessage(Step):
    """Says nothing: nobody is to hear it, neither here nor at the telephone company.

    In a flow:

        anew: {kind: discard_message, kept: begin, down: down}
    """

    kept: Target
    down: Target

    def enter(self, scene: Scene) -> Decision:
        return Keep(MessageDiscard(scene.memory.notes[MESSAGE]), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        if not isinstance(event, PromiseKept):
            return self.enter(scene)
        return Go(self.kept if event.how is Kept.kept else self.down, scene.memory)


KIND = DiscardMessage
