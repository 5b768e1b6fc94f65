"""Makes room for a message, before a word of it is recorded."""

from ivr.engine.events import Event, PromiseKept
from ivr.engine.promises import Kept, MessageBegin
from ivr.engine.step import Decision, Go, Keep, Scene, Step, Target
from ivr.helpline.message import MESSAGE
from ivr.helpline.notes import deadline_told


class BeginMessage(Step):
    """Says nothing. What a caller says after a tone must have a place to go, even if they hang up in the middle.

    In a flow:

        begin:
          kind: begin_message
          kept: record
          capped: full              # enough were left from this number, or in all
          down: down                # it cannot be kept just now
    """

    kept: Target
    capped: Target
    down: Target

    def enter(self, scene: Scene) -> Decision:
        memory, desk = scene.memory, scene.desk
        return Keep(MessageBegin(desk.caller, memory.topic, deadline_told(memory.notes)), memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        if not isinstance(event, PromiseKept):
            return self.enter(scene)
        if event.how is Kept.kept:
            return Go(self.kept, scene.memory.note(MESSAGE, event.found))
        return Go(self.capped if event.how is Kept.capped else self.down, scene.memory)


KIND = BeginMessage
