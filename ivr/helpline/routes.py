"""The ways from pick-up to what callers ring for, in seconds of speech."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.question import PERSON, Question
from ivr.engine.seconds import Measure, says
from ivr.engine.verbs import Pause, Speech, Turn
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.limits import TO_A_DEADLINE, TO_A_PERSON, TO_A_TOPIC
from ivr.helpline.notes import FOR_A_DEADLINE

ANSWER, KEY_0 = "answer", "person"


@dataclass(frozen=True)
class Route:
    """A way to something: what, the step where it is, the keys that lead there, its seconds and the most it may take.

    A caller presses each key when it has been named, or at the end of a question that names none.
    """

    to: str
    at: str
    keys: tuple[str, ...]
    seconds: float
    most: float


def greeting(content: Content, means: Means) -> tuple[str, float]:
    """The step at which calls are answered, and the seconds of speech from there to the first question."""
    at = start = str(content.entries.get(ANSWER, ""))
    seconds, seen = 0.0, set[str]()
    while at in content.steps and at not in seen and not isinstance(content.steps[at], Question):
        seen.add(at)
        seconds += _whole(_fresh(means, at), means.measure)
        at = str(next(iter(content.steps[at].silent_exits()), ""))
    return start, round(seconds, 1)


def routes(content: Content, means: Means) -> Iterator[Route]:
    """To a person, to every topic, and to a deadline, where there is one."""
    start = str(content.entries.get(ANSWER, ""))
    if start not in content.steps:
        return
    found = _shortest(content, means, start)
    yield from _to_a_person(content, means, found)
    flows: dict[str, str] = {}
    for at in sorted(found, key=lambda at: found[at][0]):
        flow = at.partition("/")[0]
        if flow in content.topics and isinstance(content.steps.get(at), Question):
            flows.setdefault(flow, at)
    for flow, at in flows.items():
        yield Route(f"the topic “{flow}”", at, found[at][1], round(found[at][0], 1), TO_A_TOPIC)
    for at, step in content.steps.items():
        if at in found and isinstance(step, Question) and step.wants() == FOR_A_DEADLINE:
            seconds = found[at][0] + _until_named(_fresh(means, at), next(iter(step.ways())), means.measure)
            yield Route("the last day to appeal", at, found[at][1], round(seconds, 1), TO_A_DEADLINE)


def _to_a_person(content: Content, means: Means, found: "dict[str, Way]") -> Iterator[Route]:
    """By the 0 key, as soon as the greeting has named it; else when the first question is over."""
    person = str(content.entries.get(KEY_0, ""))
    start = str(content.entries.get(ANSWER, ""))
    before, heard = 0.0, _fresh(means, start)
    if not _names(heard, PERSON):
        before, heard = greeting(content, means)[1], _first_question(content, means, start)
    before += _until_named(heard, PERSON, means.measure)
    for at, (seconds, keys) in _shortest(content, means, person).items():
        step = content.steps.get(at)
        if step and step.rings() == ADVISERS:
            yield Route("a person", at, (PERSON, *keys), round(before + seconds, 1), TO_A_PERSON)
            return


def _first_question(content: Content, means: Means, at: str) -> Turn:
    seen = set[str]()
    while at in content.steps and at not in seen and not isinstance(content.steps[at], Question):
        seen.add(at)
        at = str(next(iter(content.steps[at].silent_exits()), ""))
    return _fresh(means, at)


Way = tuple[float, tuple[str, ...]]


def _shortest(content: Content, means: Means, start: str) -> dict[str, Way]:
    """For every step, the fewest seconds of speech until a call comes to it, and the keys that lead there."""
    found: dict[str, Way] = {}
    ahead: list[tuple[float, tuple[str, ...], str]] = [(0.0, (), start)]
    while ahead:
        seconds, keys, at = heappop(ahead)
        if at in found or at not in content.steps:
            continue
        found[at] = seconds, keys
        for key, target, spoken in _onward(content, means, at):
            heappush(ahead, (seconds + spoken, (*keys, *([key] if key is not None else [])), target))
    return found


def _onward(content: Content, means: Means, at: str) -> Iterable[tuple[str | None, str, float]]:
    """From a step: the key, where it leads, and the seconds of speech before it."""
    step, turn = content.steps[at], _fresh(means, at)
    if not isinstance(step, Question):
        spoken = _whole(turn, means.measure)
        return [(None, str(target), spoken) for target in step.silent_exits()]
    return [(key or "…", str(target), _until_named(turn, key, means.measure)) for key, target in step.ways().items()]


def _fresh(means: Means, at: str) -> Turn:
    """What is heard first at a step."""
    return next((one.turn for one in means.heard if one.at == at and one.is_fresh), Turn(()))


def _speech(turn: Turn) -> Speech:
    return tuple(part for verb in turn.verbs for say in says(verb) for part in say.speech)


def _whole(turn: Turn, measure: Measure) -> float:
    return measure(_speech(turn))


def _names(turn: Turn, key: str) -> bool:
    return any(isinstance(part, str) and _named(key).search(part) for part in _speech(turn))


def _named(key: str) -> re.Pattern[str]:
    return re.compile(rf"\bpress {re.escape(key)}(?![0-9])[.,]?", re.IGNORECASE)


def _until_named(turn: Turn, key: str, measure: Measure) -> float:
    """Up to where a key is named; to the end, if it is not."""
    heard: list[str | Pause] = []
    for part in _speech(turn):
        if isinstance(part, str) and key and (found := _named(key).search(part)):
            return measure((*heard, part[: found.end()]))
        heard.append(part)
    return measure(tuple(heard))
