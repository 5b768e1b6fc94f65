"""The pages that are made by `ivr check`: docs/rules.md and docs/seconds.md."""

from collections.abc import Callable, Iterable, Iterator

from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import Content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.verbs import Pause, Say
from ivr.lint.emergency_routes import routes_with, tells_emergencies
from ivr.lint.first_advice import ways_to_advice
from ivr.lint.limits import ANSWER, EMERGENCY, GREETING, MENU
from ivr.lint.registry import Heard, LintContext, Stage
from ivr.lint.routes import Route, greeting, longest_seconds, routes
from ivr.lint.rules import RULES

STAGES: dict[Stage, tuple[str, str]] = {
    "start": ("A start is refused", "Calls would break."),
    "release": ("A release is refused", "A helpline would run, and its callers would suffer."),
    "notice": ("To be seen to soon", "Warnings stop nothing."),
}


def rules_page() -> Iterator[str]:
    """Yield the lines of docs/rules.md."""
    yield "# The rules"
    yield ""
    yield "Written by `ivr check --rules`. The limits stand in `ivr/lint/limits.py`, each with its source."
    for stage, (title, what) in STAGES.items():
        yield from ("", f"## {title}", "", what, "")
        yield from ("| rule | what must be true | what it finds |", "| --- | --- | --- |")
        for rule in RULES.values():
            if rule.stage == stage:
                yield f"| `{rule.id}` | {rule.requires} | {rule.reports} |"


def seconds_page(content: Content, heard: tuple[Heard, ...], voice_measure: Measure) -> Iterator[str]:
    """Yield the lines of docs/seconds.md; a voice measure of 0 leaves its column empty."""
    words, voice = LintContext(measure=words_at_150_wpm, heard=heard), LintContext(measure=voice_measure, heard=heard)
    yield "# Seconds"
    yield ""
    yield "Written by `ivr check --seconds`: seconds of speech by words (150 a minute, pauses counted), and by a voice"
    yield "(eSpeak NG at 150 a minute, to the whole second). The longer of the two is held to the limit"
    yield "([why](decisions/014-two-measures-of-seconds.md)). Each is the longest that can be heard there."
    yield from _ways("From pick-up", routes(content, words), routes(content, voice))
    if tells_emergencies(content):
        message = Say((Pause(round(EMERGENCY * 1000)),), content.language.tag)
        measured = (routes_with(message, content, context) for context in (words, voice))
        yield from _ways(f"From pick-up, with an emergency message of {EMERGENCY:.0f} seconds", *measured)
    yield from _ways("From a topic", ways_to_advice(content, words), ways_to_advice(content, voice))
    (at, by_word), (_, by_voice) = greeting(content, words), greeting(content, voice)
    yield from (*_head("The greeting"), f"| `{at}` | {_row(by_word, by_voice, GREETING)} |")
    choices = {at for at, step in content.steps.items() if isinstance(step, ChoiceQuestion)}
    yield from _steps("Menus", MENU, content, words, voice, choices.__contains__)
    yield from _steps("Everything else", ANSWER, content, words, voice, lambda at: at not in choices)


def _ways(title: str, words: Iterable[Route], voice: Iterable[Route]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield from ("| to | at | keys | words | voice | most |", "| --- | --- | --- | ---: | ---: | ---: |")
    by_voice = {route.to: route.seconds for route in voice}
    for route in words:
        row = _row(route.seconds, by_voice.get(route.to, 0.0), route.most)
        yield f"| {route.to} | `{route.at}` | {' '.join(route.keys)} | {row} |"


def _steps(
    title: str, most: float, content: Content, words: LintContext, voice: LintContext, is_shown: Callable[[str], bool]
) -> Iterator[str]:
    yield from _head(title)
    by_words, by_voice = (longest_seconds(content, context, content.language) for context in (words, voice))
    for at, seconds in sorted(by_words.items(), key=lambda one: (-one[1], one[0])):
        if is_shown(at):
            yield f"| `{at}` | {_row(seconds, by_voice[at], most)} |"


def _head(title: str) -> tuple[str, ...]:
    return "", f"## {title}", "", "| step | words | voice | most |", "| --- | ---: | ---: | ---: |"


def _row(words: float, voice: float, most: float) -> str:
    return f"{words:.1f} | {round(voice) or ''} | {most:.0f}"
