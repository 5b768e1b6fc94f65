"""Passes a message on to our advisers."""

from ivr.engine.events import Event, PromiseKept
from ivr.engine.promises import Kept, MessageSend
from ivr.engine.step import Decision, Go, Keep, Scene, Step, Target
from ivr.helpline.message import MESSAGE


class SendMessage(Step):
    """Says nothing: it is in our list, and whoever is on shift is told, before an exit is taken.

    In a flow:

        send: {kind: send_message, kept: sent, down: down}

    Whoever hangs up instead has sent it too: that is what people do who have spoken to a machine.
    """

    kept: Target
    down: Target

    def enter(self, scene: Scene) -> Decision:
        return Keep(MessageSend(scene.memory.notes[MESSAGE]), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        if not isinstance(event, PromiseKept):
            return self.enter(scene)
        return Go(self.kept if event.how is Kept.kept else self.down, scene.memory)


KIND = SendMessage
