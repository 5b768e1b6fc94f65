"""What a call came to, as far as one thing that happened tells."""

from ivr.engine.events import DialEnded, Event, Exit, LeftQueue, Outcome
from ivr.engine.promises import CallBack, Kept, MessageRecorded, MessageSend, Promise, TextPromise
from ivr.helpline.contacts import ADVISERS
from ivr.store.records import Ended


def by_event(event: Event, rung: str | None) -> Ended | None:
    """Of somebody who was rung for the caller, or who took them out of the queue."""
    match event:
        case DialEnded(Outcome.answered):
            return Ended.put_through if rung == ADVISERS else Ended.handed_over
        case LeftQueue(Exit.talked):
            return Ended.put_through
    return None


def by_promise(promise: Promise, how: Kept) -> Ended | None:
    """Of something promised, if it was kept."""
    if how is not Kept.kept:
        return None
    match promise:
        case TextPromise():
            return Ended.text
        case MessageSend() | MessageRecorded(gone=True):
            return Ended.message
        case CallBack():
            return Ended.call_back
    return None
