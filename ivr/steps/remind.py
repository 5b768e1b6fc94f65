"""Promises texts before a date that the caller must keep."""

from ivr.engine.events import Event, PromiseKept
from ivr.engine.promises import ReminderPromise
from ivr.engine.step import Decision, Go, Keep, Scene, Step, Target, own
from ivr.helpline.notes import dates_ahead, told_deadline
from ivr.helpline.reminder_dates import Matter
from ivr.helpline.text_bodies import DEADLINE, PHRASES, body, contact_blanks, contact_values, date_values


class Remind(Step):
    """Says nothing itself: its sentences are the texts, one for each thing to be done by a date.

    In a flow:

        remind:
          kind: remind
          to: mobile                # where the confirmed number is kept
          contacts: [mediation]
          kept: reminded
          nothing: too_late         # no day is left on which to remind anybody
          capped: capped
          stopped: stopped
          down: down
    """

    to: str
    contacts: tuple[str, ...] = ()
    kept: Target
    nothing: Target
    capped: Target
    stopped: Target
    down: Target
    shares = PHRASES

    def sentences(self) -> dict[str, frozenset[str]]:
        return {matter.value: frozenset({matter.value}) | contact_blanks(self.contacts) for matter in Matter}

    def optional_blanks(self) -> frozenset[str]:
        return contact_blanks(self.contacts)

    def texted(self) -> frozenset[str]:
        return frozenset(self.sentences())

    def writes_of(self) -> tuple[str, ...]:
        return self.contacts

    def wants(self) -> frozenset[str]:
        return frozenset({self.to})

    def enter(self, scene: Scene) -> Decision:
        notes, words = scene.memory.notes, scene.words
        found = dates_ahead(notes, scene.desk.today)
        if found is None:
            return Go(self.nothing, scene.memory)
        values = contact_values(self.contacts, scene.desk, words)
        values |= date_values(told_deadline(notes), words.language.tag)
        written = body(words, own(scene.at, found.matter), values)
        texts = tuple((due, written) for due in found.reminders)
        return Keep(ReminderPromise(notes[self.to], DEADLINE, texts), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        if not isinstance(event, PromiseKept):
            return self.enter(scene)
        return Go(getattr(self, event.how), scene.memory)


KIND = Remind
