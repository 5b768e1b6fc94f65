"""Promises a text on how to appeal, besides the one that the caller asked for."""

from ivr.engine.events import Event, PromiseKept
from ivr.engine.promises import TextPromise
from ivr.engine.step import Decision, Go, Keep, Scene, Step, Target, own
from ivr.helpline.council_decisions import CouncilDecision
from ivr.helpline.notes import DECISION
from ivr.helpline.text_bodies import DEADLINE, PHRASES, body, contact_blanks, contact_values


class AppealText(Step):
    """Says nothing itself: its sentences are the texts, one for each decision of the council.

    In a flow:

        appeal_text:
          kind: appeal_text
          to: mobile                # where the confirmed number is kept
          about: [deadline, appeal] # the flows after which it is sent
          contacts: [send_tribunal]
          kept: kept
          not_asked: kept           # the call is about something else, or we know of no decision
          capped: kept
          stopped: stopped
          down: kept
    """

    to: str
    about: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    kept: Target
    not_asked: Target
    capped: Target
    stopped: Target
    down: Target
    shares = PHRASES

    def sentences(self) -> dict[str, frozenset[str]]:
        return {decision.value: contact_blanks(self.contacts) for decision in CouncilDecision}

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
        decision = notes.get(DECISION, "")
        if scene.memory.topic not in self.about or decision not in CouncilDecision.__members__:
            return Go(self.not_asked, scene.memory)
        values = contact_values(self.contacts, scene.desk, words)
        return Keep(TextPromise(notes[self.to], body(words, own(scene.at, decision), values), DEADLINE), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        if not isinstance(event, PromiseKept):
            return self.enter(scene)
        return Go(getattr(self, event.how, self.down), scene.memory)


KIND = AppealText
