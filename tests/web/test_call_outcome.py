"""The outcome of a call, by event and by effect."""

from datetime import date

import pytest

from ivr.engine.effects import (
    CancelReminders,
    Effect,
    EffectStatus,
    RequestCallback,
    SaveRecording,
    SendText,
    StartHunt,
    StartVoicemail,
    SubmitVoicemail,
)
from ivr.engine.events import DialEnded, DialStatus, Digits, Event, NoInput, QueueEnded, QueueResult
from ivr.helpline.contacts import ADVISERS
from ivr.store.call_events import CallOutcome, strongest_outcome
from ivr.web.call_outcome import outcome_of_effect, outcome_of_event

PARENT = "+447700900123"
DAY = date(2026, 12, 14)


@pytest.mark.parametrize(
    ("event", "rung", "outcome"),
    [
        (DialEnded(DialStatus.answered, 60), ADVISERS, CallOutcome.put_through),
        (DialEnded(DialStatus.answered, 60), "mediation", CallOutcome.handed_over),
        (DialEnded(DialStatus.busy), ADVISERS, None),
        (DialEnded(DialStatus.unanswered), "mediation", None),
        (QueueEnded(QueueResult.talked, 12), None, CallOutcome.put_through),
        (QueueEnded(QueueResult.left, 12), None, None),
        (QueueEnded(QueueResult.gone, 12), None, None),
        (QueueEnded(QueueResult.failed), None, None),
        (Digits("1"), None, None),
        (NoInput(), ADVISERS, None),
    ],
    ids=str,
)
def test_the_outcome_of_an_event(event: Event, rung: str | None, outcome: CallOutcome | None) -> None:
    assert outcome_of_event(event, rung) is outcome


@pytest.mark.parametrize(
    ("effect", "outcome"),
    [
        (SendText(PARENT, "Hello.", "school"), CallOutcome.text),
        (SubmitVoicemail("m1"), CallOutcome.message),
        (SaveRecording("m1", "RE1", 9, gone=True), CallOutcome.message),
        (SaveRecording("m1", "RE1", 9, gone=False), None),
        (StartVoicemail(PARENT, "school", DAY), None),
        (RequestCallback(PARENT, "school", DAY, "morning"), CallOutcome.call_back),
        (StartHunt("school", DAY, 20), None),
        (CancelReminders(PARENT), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_effect_has_an_outcome_only_if_it_was_performed(effect: Effect, outcome: CallOutcome | None) -> None:
    assert outcome_of_effect(effect, EffectStatus.kept) is outcome
    assert all(outcome_of_effect(effect, status) is None for status in EffectStatus if status is not EffectStatus.kept)


def test_the_strongest_outcome_counts() -> None:
    assert (
        strongest_outcome(CallOutcome.text, None, CallOutcome.call_back, CallOutcome.message) is CallOutcome.call_back
    )
    assert strongest_outcome(CallOutcome.put_through, CallOutcome.handed_over) is CallOutcome.put_through
    assert strongest_outcome(None, None) is None
