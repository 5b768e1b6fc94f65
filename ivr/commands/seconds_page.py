"""The page of seconds: how long everything takes, beside the most that it may."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from ivr.commands.measures import voice_measure
from ivr.engine.content import Content
from ivr.engine.means import Heard, Means
from ivr.engine.seconds import Measure, by_words, seconds_of
from ivr.errors import NoVoice
from ivr.helpline.limits import ANSWER, GREETING, MENU
from ivr.helpline.routes import greeting, routes

SHOWN = date.min
"""No rule of time is asked here."""


def seconds_page(content: Content, heard: Sequence[Heard]) -> Iterator[str]:
    """The lines of docs/seconds.md; the column of the voice is empty where none is installed."""
    words = Means(SHOWN, by_words, heard=tuple(heard))
    voice = Means(SHOWN, _voice(content.language.tag), heard=tuple(heard))
    yield "# Seconds"
    yield ""
    yield "Written by `ivr check --seconds`: seconds of speech by words (150 a minute, pauses counted), and by a voice"
    yield "(eSpeak NG at 150 a minute, to the whole second). The longer of the two is held to the limit"
    yield "([why](decisions/014-two-measures-of-seconds.md)). Each is the longest that can be heard there."
    yield from _ways(content, words, voice)
    yield from _greeting(content, words, voice)
    yield from _steps("Menus", MENU, content, words, voice, lambda at: bool(content.steps[at].levels))
    yield from _steps("Everything else", ANSWER, content, words, voice, lambda at: not content.steps[at].levels)


def _voice(language: str) -> Measure:
    try:
        return voice_measure(language)
    except NoVoice:
        return lambda speech: 0.0


def _ways(content: Content, words: Means, voice: Means) -> Iterator[str]:
    head = "| to | at | keys | words | voice | most |", "| --- | --- | --- | ---: | ---: | ---: |"
    yield from ("", "## From pick-up", "", *head)
    by_voice = {route.to: route.seconds for route in routes(content, voice)}
    for route in routes(content, words):
        cells = f"{' '.join(route.keys)} | {_row(route.seconds, by_voice.get(route.to, 0.0), route.most)}"
        yield f"| {route.to} | `{route.at}` | {cells} |"


def _greeting(content: Content, words: Means, voice: Means) -> Iterator[str]:
    at, seconds = greeting(content, words)
    yield from ("", "## The greeting", "", *_head())
    yield f"| `{at}` | {_row(seconds, greeting(content, voice)[1], GREETING)} |"


def _steps(
    title: str, most: float, content: Content, words: Means, voice: Means, wanted: Callable[[str], bool]
) -> Iterator[str]:
    yield from ("", f"## {title}", "", *_head())
    by_words, by_voice = _longest(content, words), _longest(content, voice)
    for at, seconds in sorted(by_words.items(), key=lambda one: (-one[1], one[0])):
        if wanted(at):
            yield f"| `{at}` | {_row(seconds, by_voice[at], most)} |"


def _longest(content: Content, means: Means) -> dict[str, float]:
    """The seconds of the longest turn of each step, in the first language."""
    longest: dict[str, float] = {}
    for one in means.heard:
        if one.language == content.language:
            longest[one.at] = max(longest.get(one.at, 0.0), round(seconds_of(one.turn, means.measure), 1))
    return longest


def _head() -> tuple[str, str]:
    return "| step | words | voice | most |", "| --- | ---: | ---: | ---: |"


def _row(words: float, voice: float, most: float) -> str:
    return f"{words:.1f} | {round(voice) or ''} | {most:.0f}"
