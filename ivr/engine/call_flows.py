"""A whole helpline: its steps, its words, and everything that can be prepared before a call comes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ivr.engine.call_state import CallState
from ivr.engine.environment import Opening
from ivr.engine.prompts import Words
from ivr.engine.question import Attempt, Question
from ivr.engine.step import Step, StepContext
from ivr.engine.verbs import Turn


class _Nobody:
    """The desk of a rehearsal: there is no call, so there is nothing to ask."""

    today = date.min
    now = datetime.min.replace(tzinfo=UTC)
    caller = ""

    def numbers(self, who: str) -> tuple[str, ...]:
        return ()

    def spoken_number(self, who: str) -> str | None:
        return None

    def spoken_hours(self, who: str) -> str | None:
        return None

    def opening(self, who: str) -> Opening:
        return Opening(is_open=True)

    def is_good(self, rule: str) -> bool:
        return True

    def name(self, who: str) -> str | None:
        return None

    def written_email(self, who: str) -> str | None:
        return None

    def written_post(self, who: str) -> str | None:
        return None


@dataclass(frozen=True)
class CallFlows:
    """Where calls begin, where the 0 key leads, where the lost and the broken go; the steps; the words."""

    answer: str
    person: str
    lost: str
    broken: str
    steps: Mapping[str, Step]
    topics: Mapping[str, str]
    """By flow, the name of the sentence that tells an adviser what it is about."""
    words: Words
    turns: Mapping[tuple[str, Attempt], Turn] = field(default_factory=dict)
    """Every turn that depends on nothing of the call."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "turns", self._rehearsed())

    def _rehearsed(self) -> dict[tuple[str, Attempt], Turn]:
        return {
            (at, attempt): step.turn(StepContext(at, CallState(), _Nobody(), self), attempt)
            for at, step in self.steps.items()
            if isinstance(step, Question) and step.plain
            for attempt in step.attempts_to_say()
        }

    def step_of_kind(self, kind: str) -> str:
        """The step of a kind that a service has one of, such as `screen`; nothing if it has none."""
        return next((at for at, step in self.steps.items() if step.kind == kind), "")

    def topic_of(self, at: str) -> str:
        """The flow a step belongs to, if it is one with a topic to tell an adviser; else nothing."""
        flow = at.partition("/")[0]
        return flow if flow in self.topics else ""
