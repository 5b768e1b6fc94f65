"""The flows of a helpline, with all that can be prepared before a call comes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from msgspec import structs

from ivr.engine.call_state import CallState
from ivr.engine.environment import Opening, Shared
from ivr.engine.prompts import Language, Wording, Words
from ivr.engine.question import Question
from ivr.engine.step import Step, StepContext
from ivr.engine.step_names import StepNames
from ivr.engine.verbs import Turn


class _NoCall:
    """The environment in which turns are prepared, while there is no call."""

    today = date.min
    now = datetime.min.replace(tzinfo=UTC)
    one_off_holidays = ()
    emergency_message = None
    caller = ""
    blocked_until = None

    def numbers(self, who: str) -> tuple[str, ...]:
        return ()

    def spoken_number(self, who: str) -> str | None:
        return None

    def spoken_hours(self, who: str) -> str | None:
        return None

    def opening(self, who: str) -> Opening:
        return Opening(is_open=True)

    def are_good(self, rules: Iterable[str]) -> bool:
        return True

    def name(self, who: str) -> str | None:
        return None

    def written_email(self, who: str) -> str | None:
        return None

    def written_post(self, who: str) -> str | None:
        return None


@dataclass(frozen=True)
class CallFlows:
    """Where calls begin, where the 0 key leads, where a call goes on that lost its place or whose step failed."""

    answer: str
    person: str
    lost: str
    broken: str
    steps: Mapping[str, Step]
    topics: Mapping[str, str]
    """By flow, the name of the sentence that tells an adviser what it is about."""
    words: Words
    """The words that calls begin with."""
    other_words: Mapping[Wording, Words] = field(default_factory=dict)
    """Those of other languages and audiences."""
    names: StepNames = field(init=False)
    shared: Shared = field(init=False)
    informing: frozenset[str] = field(init=False)
    """The steps that inform whoever hears them to the end."""
    for_anybody: frozenset[str] = field(init=False)
    """The steps that say nothing of one caller's own."""
    _others: Mapping[Wording, Shared] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", StepNames(self.steps))
        object.__setattr__(self, "shared", self._shared(self.words))
        others = {wording: self._shared(words) for wording, words in self.other_words.items()}
        object.__setattr__(self, "_others", others)
        object.__setattr__(self, "informing", frozenset(at for at, step in self.steps.items() if step.informs))
        object.__setattr__(self, "for_anybody", frozenset(at for at, step in self.steps.items() if step.for_anybody))

    @property
    def turns(self) -> Mapping[tuple[str, tuple[str, int, int]], Turn]:
        """Every turn that depends on nothing of the call, by step and attempt, in the words that calls begin with."""
        return self.shared.turns

    @property
    def languages(self) -> Mapping[str, Language]:
        """Every language that is spoken, by its tag; the first is the one that calls begin with."""
        return {words.language.tag: words.language for words in (self.words, *self.other_words.values())}

    def prepared_turns(self) -> Iterator[Turn]:
        """Yield every turn that depends on nothing of the call, in all words."""
        for shared in (self.shared, *self._others.values()):
            yield from shared.turns.values()

    def shared_for(self, state: CallState) -> Shared:
        """Return what steps share in the words of a call; in those that calls begin with, if it has no others."""
        if not (state.language or state.audience):
            return self.shared
        in_language = self._others.get((state.language, ""), self.shared)
        return self._others.get((state.language, state.audience), in_language)

    def _shared(self, words: Words) -> Shared:
        without_turns = Shared(self.answer, self.person, self.topics, words)
        return structs.replace(without_turns, turns=self._prepared(without_turns))

    def _prepared(self, shared: Shared) -> dict[tuple[str, tuple[str, int, int]], Turn]:
        return {
            (at, attempt): step.turn(StepContext(at, CallState(), _NoCall(), shared), attempt)
            for at, step in self.steps.items()
            if isinstance(step, Question) and step.plain
            for attempt in step.attempts_to_say()
        }

    def step_of_kind(self, kind: str) -> str:
        """Return the step of a kind that a helpline has one of, such as `screen`; "" if it has none.

        By its oldest name, which the process that answers knows even if it is of another release.
        """
        return next((self.names.oldest(at) for at, step in self.steps.items() if step.kind == kind), "")

    def topic_of(self, at: str) -> str:
        """Return the flow of a step, if it has a topic to tell an adviser; else ""."""
        flow = at.partition("/")[0]
        return flow if flow in self.topics else ""
