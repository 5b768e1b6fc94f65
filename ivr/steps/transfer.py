"""Rings somebody for the caller, one number after another, and comes back if nobody takes it."""

from dataclasses import replace

from ivr.engine import verbs
from ivr.engine.events import DialEnded, Event, Outcome
from ivr.engine.step import Decision, Go, Scene, Stay, Step, Target, own


class Transfer(Step):
    """Our advisers, or a contact. `screen` is what whoever answers must get through before they are connected.

    In a flow:

        ring:
          kind: transfer
          who: advisers
          screen: screening/offer
          seconds: 20               # how long each number rings
          answered: after
          busy: nobody
          unanswered: nobody
          failed: nobody
          unset: nobody             # we have no number to ring
    """

    who: str
    screen: Target | None = None
    seconds: int = 25
    answered: Target
    busy: Target
    unanswered: Target
    failed: Target
    unset: Target
    says = {"prompt": frozenset(), "next": frozenset()}

    def rings(self) -> str:
        return self.who

    def enter(self, scene: Scene) -> Decision:
        numbers = scene.desk.numbers(self.who)
        return self._ring(scene, numbers[0], "prompt") if numbers else Go(self.unset, scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        outcome = event.outcome if isinstance(event, DialEnded) else Outcome.failed
        if outcome is Outcome.answered:
            return Go(self.answered, scene.memory)
        numbers = scene.desk.numbers(self.who)
        if scene.memory.tried < len(numbers):
            return self._ring(scene, numbers[scene.memory.tried], "next")
        return Go(getattr(self, outcome), scene.memory)

    def _ring(self, scene: Scene, number: str, sentence: str) -> Stay:
        said = scene.words.say(scene.words.speech(own(scene.at, sentence)))
        dial = verbs.Dial(number, self.seconds, self.screen)
        return Stay(verbs.Turn((said, dial)), replace(scene.memory, tried=scene.memory.tried + 1))


KIND = Transfer
