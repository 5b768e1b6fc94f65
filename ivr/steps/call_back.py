"""Promises that one of our advisers rings the caller back."""

from ivr.engine.events import Event, PromiseKept
from ivr.engine.promises import CallBack as Promise
from ivr.engine.promises import Kept
from ivr.engine.step import Decision, Go, Keep, Scene, Step, Target, own
from ivr.helpline.notes import deadline_told
from ivr.helpline.numbers import grouped
from ivr.helpline.spoken import slowly
from ivr.helpline.text_bodies import body
from ivr.helpline.urgency import is_urgent
from ivr.helpline.working_days import england_and_wales


class CallBack(Step):
    """Puts the number on our list, with the topic and the last day they have reached, and says it back in full.

    In a flow:

        promise:
          kind: call_back
          to: phone                         # where the confirmed number is kept
          part: part                        # where the part of the day is
          parts: [morning, afternoon, any]  # each with a sentence of its own, with {number} in it
          kept: next
          capped: capped            # enough were asked for, there or in all
          down: down                # it cannot be written down just now

    A caller who is on the list already keeps their place and hears so. One whose date is near is told not to wait
    for us, and `alert` is texted to whoever of us is on shift.
    """

    to: str
    part: str
    parts: tuple[str, ...]
    kept: Target
    capped: Target
    down: Target
    says = dict.fromkeys(("again", "urgent", "alert"), frozenset[str]())

    def sentences(self) -> dict[str, frozenset[str]]:
        return dict.fromkeys(self.parts, frozenset({"number"})) | self.says

    def alerts(self) -> frozenset[str]:
        return frozenset({"alert"})

    def wants(self) -> frozenset[str]:
        return frozenset({self.to, self.part})

    def enter(self, scene: Scene) -> Decision:
        notes = scene.memory.notes
        alert = body(scene.words, own(scene.at, "alert"), {}) if self._is_urgent(scene) else ""
        number, part = notes[self.to], notes[self.part]
        return Keep(Promise(number, scene.memory.topic, deadline_told(notes), part, alert), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        match event:
            case PromiseKept(Kept.kept, found):
                return self._kept(scene, again=found == "again")
            case PromiseKept(Kept.capped):
                return Go(self.capped, scene.memory)
            case PromiseKept():
                return Go(self.down, scene.memory)
        return self.enter(scene)

    def _kept(self, scene: Scene, *, again: bool) -> Decision:
        notes, words = scene.memory.notes, scene.words
        number = slowly(grouped(notes[self.to]))
        said = [words.speech(own(scene.at, notes[self.part]), number=number)]
        besides = {"again": again, "urgent": self._is_urgent(scene)}
        said += [words.speech(own(scene.at, name)) for name, is_so in besides.items() if is_so]
        return Go(self.kept, scene.memory, (words.say(*said),))

    def _is_urgent(self, scene: Scene) -> bool:
        today = scene.desk.today
        return is_urgent(deadline_told(scene.memory.notes), today, today, england_and_wales())


KIND = CallBack
