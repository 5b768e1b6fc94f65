"""Rings somebody for the caller, one number after another, and comes back if nobody takes it."""

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.events import DialEnded, Event, Outcome
from ivr.engine.memory import Memory
from ivr.engine.step import Decision, Go, Scene, Stay, Step, Target, own
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.spoken_hours import CLOSED, OPENS, said_closed
from ivr.helpline.text_bodies import TO_BE_TEXTED


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
          closed: nobody            # we know that nobody is there at this hour; may be left out

    Without `closed` they are rung at any hour. Those whose hours we are not sure of always are.
    """

    who: str
    screen: Target | None = None
    seconds: int = 25
    answered: Target
    busy: Target
    unanswered: Target
    failed: Target
    unset: Target
    closed: Target | None = None
    says = {"prompt": frozenset({"name"}), "next": frozenset({"name"})}
    shares = OPENS

    def sentences(self) -> dict[str, frozenset[str]]:
        closed = {name: blanks | {"name"} for name, blanks in CLOSED.items()} if self.closed else {}
        return self.says | closed

    def optional_blanks(self) -> frozenset[str]:
        return frozenset({"name"})

    def rings(self) -> str:
        return self.who

    def enter(self, scene: Scene) -> Decision:
        numbers, opening = scene.desk.numbers(self.who), scene.desk.opening(self.who)
        if not numbers:
            return Go(self.unset, scene.memory)
        if self.closed and not opening.is_open:
            said = scene.words.say(said_closed(scene.at, opening, scene.desk.now, scene.words, self._name(scene)))
            return Go(self.closed, self._about(scene.memory), (said,))
        return self._ring(scene, numbers[0], "prompt")

    def resume(self, scene: Scene, event: Event) -> Decision:
        outcome = event.outcome if isinstance(event, DialEnded) else Outcome.failed
        if outcome is Outcome.answered:
            return Go(self.answered, scene.memory)
        numbers = scene.desk.numbers(self.who)
        if scene.memory.tried < len(numbers):
            return self._ring(scene, numbers[scene.memory.tried], "next")
        return Go(getattr(self, outcome), scene.memory)

    def _ring(self, scene: Scene, number: str, sentence: str) -> Stay:
        said = scene.words.say(scene.words.speech(own(scene.at, sentence), name=self._name(scene)))
        dial = verbs.Dial(number, self.seconds, self.screen)
        return Stay(verbs.Turn((said, dial)), structs.replace(self._about(scene.memory), tried=scene.memory.tried + 1))

    def _name(self, scene: Scene) -> str:
        return "" if self.who == ADVISERS else scene.desk.name(self.who) or ""

    def _about(self, memory: Memory) -> Memory:
        """A text that is asked for after ringing somebody has their number in it, whatever the call was about."""
        return memory if self.who == ADVISERS else memory.note(TO_BE_TEXTED, self.who)


KIND = Transfer
