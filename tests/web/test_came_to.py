"""What one moment tells of what a call came to."""

from datetime import date

import pytest

from ivr.engine.events import DialEnded, Digits, Event, Exit, LeftQueue, NoInput, Outcome
from ivr.engine.promises import (
    CallBack,
    Hunt,
    Kept,
    MessageBegin,
    MessageRecorded,
    MessageSend,
    Promise,
    StopReminders,
    TextPromise,
)
from ivr.helpline.contacts import ADVISERS
from ivr.store.records import Ended, most
from ivr.web.came_to import by_event, by_promise

PARENT = "+447700900123"
DAY = date(2026, 12, 14)


@pytest.mark.parametrize(
    ("event", "rung", "ended"),
    [
        (DialEnded(Outcome.answered, 60), ADVISERS, Ended.put_through),
        (DialEnded(Outcome.answered, 60), "mediation", Ended.handed_over),
        (DialEnded(Outcome.busy), ADVISERS, None),
        (DialEnded(Outcome.unanswered), "mediation", None),
        (LeftQueue(Exit.talked, 12), None, Ended.put_through),
        (LeftQueue(Exit.left, 12), None, None),
        (LeftQueue(Exit.gone, 12), None, None),
        (LeftQueue(Exit.failed), None, None),
        (Digits("1"), None, None),
        (NoInput(), ADVISERS, None),
    ],
    ids=str,
)
def test_what_happened_tells_whom_they_talked_to(event: Event, rung: str | None, ended: Ended | None) -> None:
    assert by_event(event, rung) is ended


@pytest.mark.parametrize(
    ("promise", "ended"),
    [
        (TextPromise(PARENT, "Hello.", "school"), Ended.text),
        (MessageSend("m1"), Ended.message),
        (MessageRecorded("m1", "RE1", 9, gone=True), Ended.message),
        (MessageRecorded("m1", "RE1", 9, gone=False), None),
        (MessageBegin(PARENT, "school", DAY), None),
        (CallBack(PARENT, "school", DAY, "morning"), Ended.call_back),
        (Hunt("school", DAY, 20), None),
        (StopReminders(PARENT), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_promise_counts_only_if_it_was_kept(promise: Promise, ended: Ended | None) -> None:
    assert by_promise(promise, Kept.kept) is ended
    assert all(by_promise(promise, how) is None for how in Kept if how is not Kept.kept)


def test_a_caller_who_got_much_is_counted_for_the_most_of_it() -> None:
    assert most(Ended.text, None, Ended.call_back, Ended.message) is Ended.call_back
    assert most(Ended.put_through, Ended.handed_over) is Ended.put_through
    assert most(None, None) is None
