"""The ways from pick-up to what callers ring for, and the seconds of speech that they and single steps take."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from math import fsum

from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import Content
from ivr.engine.durations import Measure, duration_of, spoken_parts
from ivr.engine.prompts import Language
from ivr.engine.question import PERSON, Question
from ivr.engine.verbs import Pause, Speech, Turn
from ivr.helpline.call_variables import FOR_A_DEADLINE
from ivr.helpline.contacts import ADVISERS
from ivr.lint.limits import TO_A_DEADLINE, TO_A_PERSON, TO_A_RARER_TOPIC, TO_A_TOPIC
from ivr.lint.registry import LintContext

ANSWER, KEY_0 = "answer", "person"
MENUS_TO_A_TOPIC = 2
"""Keys to a topic that many ring about, or that has a clock."""
A_KEY = re.compile(r"\bpress [0-9](?![0-9])[.,]?", re.IGNORECASE)
Way = tuple[float, tuple[str, ...]]
"""Seconds of speech, and the keys that are pressed."""


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


def longest_seconds(content: Content, context: LintContext, language: Language | None = None) -> dict[str, float]:
    """Return the seconds of the longest turn of each step, in one language or in any; of a menu, to its last choice."""
    longest: dict[str, float] = {}
    for heard in context.heard:
        if language in (None, heard.language):
            is_menu = isinstance(content.steps[heard.at], ChoiceQuestion)
            seconds = round((seconds_to_the_last_key if is_menu else duration_of)(heard.turn, context.measure), 1)
            longest[heard.at] = max(longest.get(heard.at, 0.0), seconds)
    return longest


def greeting(content: Content, context: LintContext) -> tuple[str, float]:
    """Return the step at which calls are answered, and the seconds of speech from there to the first question."""
    start = _entry(content, ANSWER)
    passed, _ = _to_a_question(content, start)
    return start, round(fsum(_whole(_fresh(context, at), context.measure) for at in passed), 1)


def routes(content: Content, context: LintContext) -> Iterator[Route]:
    """Yield the shortest ways to a person, to every topic, and to a deadline, where there is one."""
    start = _entry(content, ANSWER)
    if start not in content.steps:
        return
    found = shortest_ways(content, context, start)
    yield from _to_a_person(content, context)
    yield from ways_to_topics(content, found)
    for at, step in content.steps.items():
        if at in found and isinstance(step, Question) and step.wants() == FOR_A_DEADLINE:
            last = _until_named(_fresh(context, at), next(iter(step.ways())), context.measure)
            yield Route("the last day to appeal", at, found[at][1], round(found[at][0] + last, 1), TO_A_DEADLINE)


def _to_a_person(content: Content, context: LintContext) -> Iterator[Route]:
    """Yield the way by the 0 key, pressed when the greeting has named it; else when the first question is over."""
    start = _entry(content, ANSWER)
    before, heard = 0.0, _fresh(context, start)
    if not _names(heard, PERSON):
        before, heard = greeting(content, context)[1], _fresh(context, _to_a_question(content, start)[1])
    before += _until_named(heard, PERSON, context.measure)
    for at, (seconds, keys) in shortest_ways(content, context, _entry(content, KEY_0)).items():
        step = content.steps.get(at)
        if step and step.rings() == ADVISERS:
            yield Route("a person", at, (PERSON, *keys), round(before + seconds, 1), TO_A_PERSON)
            return


def ways_to_topics(content: Content, found: dict[str, Way]) -> Iterator[Route]:
    """Yield the shortest way to a question of each flow that has a topic."""
    first: dict[str, str] = {}
    for at in sorted(found, key=lambda at: found[at][0]):
        flow = at.partition("/")[0]
        if flow in content.topics and isinstance(content.steps.get(at), Question):
            first.setdefault(flow, at)
    for flow, at in first.items():
        seconds, keys = found[at]
        most = TO_A_TOPIC if len(keys) <= MENUS_TO_A_TOPIC else TO_A_RARER_TOPIC
        yield Route(f"the topic “{flow}”", at, keys, round(seconds, 1), most)


def _entry(content: Content, name: str) -> str:
    return str(content.entries.get(name, ""))


def _to_a_question(content: Content, at: str) -> tuple[list[str], str]:
    """Return the steps that a caller hears before the first question, and that question."""
    passed: list[str] = []
    while at in content.steps and at not in passed and not isinstance(content.steps[at], Question):
        passed.append(at)
        at = str(next(iter(content.steps[at].silent_exits()), ""))
    return passed, at


def shortest_ways(content: Content, context: LintContext, start: str) -> dict[str, Way]:
    """Return for every step the fewest seconds of speech until a call comes to it, and the keys that lead there."""
    found: dict[str, Way] = {}
    ahead: list[tuple[float, tuple[str, ...], str]] = [(0.0, (), start)]
    while ahead:
        seconds, keys, at = heappop(ahead)
        if at in found or at not in content.steps:
            continue
        found[at] = seconds, keys
        for key, target, spoken in _onward(content, context, at):
            heappush(ahead, (seconds + spoken, (*keys, *([key] if key is not None else [])), target))
    return found


def _onward(content: Content, context: LintContext, at: str) -> Iterable[tuple[str | None, str, float]]:
    """Return each key of a step, where it leads, and the seconds of speech before it."""
    step, turn = content.steps[at], _fresh(context, at)
    if not isinstance(step, Question):
        spoken, unspoken = _whole(turn, context.measure), step.way_to_a_person()
        return [(None, str(target), 0.0 if target == unspoken else spoken) for target in step.silent_exits()]
    ways = step.ways().items()
    return [(key or "…", str(target), _until_named(turn, key, context.measure)) for key, target in ways]


def _fresh(context: LintContext, at: str) -> Turn:
    """Return what is heard first at a step."""
    return next((one.turn for one in context.heard if one.at == at and one.is_fresh), Turn(()))


def _speech(turn: Turn) -> Speech:
    return tuple(part for verb in turn.verbs for say in spoken_parts(verb) for part in say.speech)


def _whole(turn: Turn, measure: Measure) -> float:
    return measure(_speech(turn))


def _names(turn: Turn, key: str) -> bool:
    return any(isinstance(part, str) and _named(key).search(part) for part in _speech(turn))


def _named(key: str) -> re.Pattern[str]:
    return re.compile(rf"\bpress {re.escape(key)}(?![0-9])[.,]?", re.IGNORECASE)


def seconds_to_the_last_key(turn: Turn, measure: Measure) -> float:
    """Return the seconds until the last key of a menu is named; nobody has to wait for what follows."""
    speech = _speech(turn)
    for position in range(len(speech) - 1, -1, -1):
        part = speech[position]
        if isinstance(part, str) and (keys := list(A_KEY.finditer(part))):
            return measure((*speech[:position], part[: keys[-1].end()]))
    return measure(speech)


def _until_named(turn: Turn, key: str, measure: Measure) -> float:
    """Return the seconds until a key is named; those of the whole turn if it is not."""
    heard: list[str | Pause] = []
    for part in _speech(turn):
        if isinstance(part, str) and key and (found := _named(key).search(part)):
            return measure((*heard, part[: found.end()]))
        heard.append(part)
    return measure(tuple(heard))
