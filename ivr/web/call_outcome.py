"""The outcome of a call, as far as one event or effect tells."""

from ivr.engine.effects import Effect, EffectStatus, RequestCallback, SaveRecording, SendText, SubmitVoicemail
from ivr.engine.events import DialEnded, DialStatus, Event, QueueEnded, QueueResult
from ivr.helpline.contacts import ADVISERS
from ivr.store.call_events import CallOutcome


def outcome_of_event(event: Event, rung: str | None) -> CallOutcome | None:
    """Return the outcome of a dial or of the queue; `rung` is who was dialled."""
    match event:
        case DialEnded(DialStatus.answered):
            return CallOutcome.put_through if rung == ADVISERS else CallOutcome.handed_over
        case QueueEnded(QueueResult.talked):
            return CallOutcome.put_through
    return None


def outcome_of_effect(effect: Effect, status: EffectStatus) -> CallOutcome | None:
    """Return the outcome of an effect, if it was performed."""
    if status is not EffectStatus.kept:
        return None
    match effect:
        case SendText():
            return CallOutcome.text
        case SubmitVoicemail() | SaveRecording(gone=True, seconds=int()):
            return CallOutcome.message
        case RequestCallback():
            return CallOutcome.call_back
    return None
