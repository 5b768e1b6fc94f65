"""Stops the reminders to the phone that rings us."""

from ivr.engine.events import Event, PromiseKept
from ivr.engine.promises import StopReminders
from ivr.engine.step import Decision, Go, Keep, Scene, Step, Target
from ivr.helpline.numbers import can_text


class StopThem(Step):
    """Says nothing: nobody can stop the reminders of another phone than their own.

    In a flow:

        stop:
          kind: stop_reminders
          kept: no_more
          nothing: none             # there were none
          other: cannot_tell        # a landline, or the number is withheld
          down: down
    """

    kept: Target
    nothing: Target
    other: Target
    down: Target

    def enter(self, scene: Scene) -> Decision:
        if not can_text(scene.desk.caller):
            return Go(self.other, scene.memory)
        return Keep(StopReminders(scene.desk.caller), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        if not isinstance(event, PromiseKept):
            return self.enter(scene)
        return Go(getattr(self, event.how, self.down), scene.memory)


KIND = StopThem
