"""Says a sentence of the call again: its document is fetched once more, for the same turn, and played from there on.

Nothing is done twice by that: the helpline takes the request for the same one, sent again, as it does when an answer
was lost.
"""

from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.browser.session import Session
from ivr.simulator.network.waits import AwaitDigits, AwaitSpeech, PlaySounds, RequestTwiml
from ivr.simulator.transcript import LINE, Entry
from ivr.simulator.twiml.attribution import from_prompt
from ivr.simulator.twiml.errors import ApplicationFailure
from ivr.simulator.twiml.prompts import SayOrigin
from ivr.simulator.twiml.verbs import Dial, Document, Enqueue

NOT_NOW = "The call cannot go back to this sentence now: you hear the new words the next time."
SAID_AGAIN = "the words were changed, and are said again"


async def say_again(session: Session, index: int, place: tuple[str, ...]) -> None:
    """Go back in the call to the prompt at a place, in an entry of the transcript. Raises ActionRefused."""
    phone = session.phone
    entry, origin = _said(session, index)
    is_last = origin.answer == len(phone.documents) - 1
    waits = isinstance(phone.pending, PlaySounds | AwaitDigits | AwaitSpeech)
    if not session.is_calling or not waits or phone.line.in_queue or phone.line.in_dial:
        raise ActionRefused(NOT_NOW)
    asked = phone.requests[origin.answer]
    try:
        answer = await phone.webhooks.fetch_twiml(RequestTwiml(asked.method, asked.url, asked.form))
    except ApplicationFailure:
        raise ActionRefused(NOT_NOW) from None
    if not is_last and any(isinstance(verb, Dial | Enqueue) for verb in answer.verbs):
        raise ActionRefused(NOT_NOW)  # whoever was rung then is not rung once more
    phone.recorded[:] = [one for one in phone.recorded if one.at <= entry.at]
    phone.transcript.note(LINE, SAID_AGAIN, at=phone.now)
    await phone.execute(Document(answer.url, from_prompt(answer.verbs, origin.number, place)))


def _said(session: Session, index: int) -> tuple[Entry, SayOrigin]:
    """Return an entry of this call that its caller heard, and the document it comes from. Raises ActionRefused."""
    entries, phone = session.phone.carrier.entries, session.phone
    entry = entries[index] if session.first_entry <= index < len(entries) else None
    if entry is None or entry.ear != phone.transcript.ear or entry.origin is None or entry.origin.answer < 0:
        raise ActionRefused(NOT_NOW)
    return entry, entry.origin
