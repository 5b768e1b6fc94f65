"""Promises a text about what the caller is concerned with."""

from ivr.engine.events import Event, PromiseKept
from ivr.engine.promises import TextPromise
from ivr.engine.step import Decision, Go, Keep, Scene, Step, Target, own
from ivr.helpline.notes import told_deadline
from ivr.helpline.text_bodies import (
    DEADLINE,
    DEADLINES,
    GENERAL,
    PHRASES,
    TO_BE_TEXTED,
    body,
    contact_blanks,
    contact_values,
    date_values,
    text_for_deadline,
    topic_of,
)


class Text(Step):
    """Says nothing itself: its sentences are the texts. The promise is committed before an exit is taken.

    In a flow:

        text:
          kind: text
          to: mobile                # where the confirmed number is kept
          about: [school, health]   # the flows with a text of their own; “general” is for the others
          contacts: [ombudsman]     # {ombudsman} is their number; {ombudsman_name}, {ombudsman_email}, {ombudsman_post}
          tells: {school: [complaint_first]} # the rules of law in them; the general text must do without any
          kept: kept
          capped: capped            # that number, or everyone, has been sent enough for now
          stopped: stopped          # that number has said STOP
          down: down                # it cannot be written down just now

    The texts about a deadline are chosen by how it stands today, if the caller was told of it: their dates come before
    everything else. Any other caller who asked for a number that the text on their topic has not gets the general one,
    and so does everybody while a rule of law in the other may not be stated.
    """

    to: str
    about: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    tells: dict[str, tuple[str, ...]] = {}
    kept: Target
    capped: Target
    stopped: Target
    down: Target
    shares = PHRASES

    def sentences(self) -> dict[str, frozenset[str]]:
        names = dict.fromkeys((*self.about, GENERAL), frozenset[str]()) | DEADLINES
        return {name: dates | contact_blanks(self.contacts) for name, dates in names.items()}

    def optional_blanks(self) -> frozenset[str]:
        return contact_blanks(self.contacts)

    def texted(self) -> frozenset[str]:
        return frozenset(self.sentences())

    def stated(self) -> frozenset[str]:
        return super().stated().union(*self.tells.values())

    def writes_of(self) -> tuple[str, ...]:
        return self.contacts

    def wants(self) -> frozenset[str]:
        return frozenset({self.to})

    def enter(self, scene: Scene) -> Decision:
        notes, words = scene.memory.notes, scene.words
        topic, sentence = self._chosen(scene)
        values = contact_values(self.contacts, scene.desk, words)
        values |= date_values(told_deadline(notes), words.language.tag)
        promise = TextPromise(notes[self.to], body(words, sentence, values), topic)
        return Keep(promise, scene.memory.note(TO_BE_TEXTED, ""))

    def _chosen(self, scene: Scene) -> tuple[str, str]:
        """The topic, and the text for it: with the number in it that the caller asked for, if they did."""
        notes = scene.memory.notes
        topic = topic_of(scene.memory.topic, self.about)
        name = text_for_deadline(notes, scene.desk.now) if topic == DEADLINE else topic
        wanted = {notes.get(TO_BE_TEXTED, "")} - {""} if name in (topic, DEADLINE) else set()
        is_stale = not all(map(scene.desk.is_good, self.tells.get(name, ())))
        if is_stale or not wanted <= scene.words.sentences[own(scene.at, name)].blanks:
            topic = name = GENERAL
        return topic, own(scene.at, name)

    def resume(self, scene: Scene, event: Event) -> Decision:
        if not isinstance(event, PromiseKept):
            return self.enter(scene)
        return Go(getattr(self, event.how, self.down), scene.memory)


KIND = Text
