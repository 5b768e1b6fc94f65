"""The fallback turn: one document for callers while all of our own machines are down."""

from ivr.engine.prompts import Words
from ivr.engine.verbs import Dial, Hangup, Say, Speech, Turn, Verb
from ivr.helpline.contacts import Contact
from ivr.helpline.spoken import spell_number

SENTENCES = {
    "fallback_sorry": frozenset[str](),
    "fallback_ringing": frozenset[str](),
    "fallback_next": frozenset[str](),
    "fallback_mediation": frozenset({"name", "number"}),
    "fallback_goodbye": frozenset[str](),
}
RING = 15
"""Seconds. Nobody can be asked to press a key here, so ringing stops before a mailbox usually picks up."""


def fallback_turn(words: Words, advisers: tuple[str, ...], mediation: Contact | None) -> Turn:
    """Return a turn that apologises, dials the advisers one after another and says the mediation number.

    With no application behind it, whatever follows a conversation is heard by a caller who stays on the line;
    so each further ring begins by saying that those who have talked to somebody may hang up.
    """

    def say(name: str, /, **values: str | Speech) -> Say:
        return words.say(words.speech(f"helpline.{name}", **values))

    verbs: list[Verb] = [say("fallback_sorry")]
    for place, number in enumerate(advisers):
        verbs += (say("fallback_next" if place else "fallback_ringing"), Dial(number, RING))
    if mediation and mediation.say:
        verbs.append(say("fallback_mediation", name=mediation.name, number=spell_number(mediation.say)))
    return Turn((*verbs, say("fallback_goodbye"), Hangup()))
