"""Calls of a year: the events of each, and what they came to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from ivr.engine.call_flows import CallFlows
from ivr.helpline.timezone import today_in_london
from ivr.store.call_events import ENDED, CallOutcome
from ivr.store.cipher import Cipher

Row = Mapping[str, Any]
OUTCOMES = {
    CallOutcome.informed: 44,
    CallOutcome.text: 16,
    CallOutcome.put_through: 17,
    CallOutcome.handed_over: 4,
    CallOutcome.call_back: 4,
    CallOutcome.message: 3,
    CallOutcome.abandoned: 12,
}
TOPICS = {"decisions": 9, "deadline": 8, "getting_a_plan": 9, "support": 8, "school": 5, "exclusion": 6}
"""What most ring about; each other topic counts as one."""


@dataclass
class MadeUpCall:
    """One call: when it began, how many seconds it lasted, what about, and what it came to."""

    place: int
    began: datetime
    seconds: int
    topic: str
    outcome: CallOutcome
    steps: Sequence[str]

    @property
    def name(self) -> str:
        """Its CallSid."""
        return f"CA{self.place:032d}"

    @property
    def ended(self) -> datetime:
        """When it ended."""
        return self.began + timedelta(seconds=self.seconds)


@dataclass
class CallMaker:
    """Makes calls through the steps of some flows."""

    rng: Random
    flows: CallFlows
    _by_flow: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_flow = {}
        for at in self.flows.steps:
            self._by_flow.setdefault(at.partition("/")[0], []).append(at)

    def call(self, place: int, began: datetime) -> MadeUpCall:
        """Return a call that began at a moment (aware)."""
        topics = list(self.flows.topics)
        topic = self.rng.choices(topics, [TOPICS.get(one, 1) for one in topics])[0]
        outcome = self.rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        there = self._by_flow.get(topic, [self.flows.answer])
        steps = [self.flows.answer, *self.rng.sample(there, min(len(there), self.rng.randrange(2, 7)))]
        return MadeUpCall(place, began, self.rng.randrange(25, 700), topic, outcome, steps)


def event_rows(call: MadeUpCall, cipher: Cipher, version: str) -> Iterator[Row]:
    """Yield the events of a call, its end the last."""
    same = {"call": cipher.blind_index(call.name), "version": version, "page": 0, "attempt": 0, "heard_by": None}
    apart = call.seconds / (len(call.steps) + 1)
    for turn, step in enumerate(call.steps):
        about = {"topic": call.topic if turn else "", "detail": "", "outcome": None, "sid": None}
        at = call.began + timedelta(seconds=turn * apart)
        yield {**same, **about, "at": at, "turn": turn, "step": step, "happened": "Digits" if turn else "Dialled"}
    end = {"at": call.ended, "turn": 0, "step": "", "topic": "", "detail": "", "outcome": call.outcome, "sid": None}
    yield {**same, **end, "version": "", "happened": ENDED}


def call_row(call: MadeUpCall, cipher: Cipher) -> Row:
    """Return what a call came to."""
    times = {"began": call.began, "last": call.ended, "ended": call.ended}
    what = {"topics": call.topic, "outcome": call.outcome, "events": len(call.steps) + 1}
    return {"blind_index": cipher.blind_index(call.name), **times, **what}


def count(tally: Counter[tuple[date, str]], call: MadeUpCall) -> None:
    """Add a call to the counts of its day."""
    day = today_in_london(call.began)
    tally.update((day, what) for what in ("call", f"call {call.outcome}", f"topic {call.topic}"))
