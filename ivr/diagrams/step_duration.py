"""The duration of a step's speech, as shown on its box."""

from collections.abc import Mapping
from math import fsum

from ivr.engine.call_flows import CallFlows
from ivr.engine.content import Content
from ivr.engine.durations import Measure, duration_of
from ivr.engine.prompts import Key, Sentence
from ivr.engine.question import Attempt, Question
from ivr.engine.step import Step, own
from ivr.engine.verbs import Speech
from ivr.helpline.spoken import spell_number

LATER = {"shorter", "plainer"}
"""Sentences that only a second or third try says."""
BESIDES = ("yes_no", "pen", "number_again", "hours", "next_page")
"""Shared sentences that belong to a first try."""
LONG: Mapping[str, str | Speech] = {
    "number": spell_number("0808 157 0000"),
    "hours": "Monday to Friday, nine to five",
    "opens": "tomorrow at half past nine in the morning",
    "minutes": "twenty-five",
    "topic": "a council decision about an assessment or plan",
}
A_KEY, A_DATE = Key("1"), "Wednesday the twenty-third of September, twenty twenty-seven"


def step_duration(content: Content, flows: CallFlows | None, at: str, measure: Measure) -> str:
    """Return the seconds of a first try: exact where the turn is known before a call, otherwise an upper bound.

    Returns "" for a step that says nothing, "3 texts" for one that sends its sentences.
    """
    step = content.steps[at]
    if texts := step.texted():
        return f"{len(texts)} texts"
    if flows and isinstance(step, Question) and (at, Attempt()) in flows.turns:
        pages = [flows.turns[at, Attempt(page=page)] for page in range(step.pages_to_say())]
        seconds = fsum(duration_of(turn, measure) for turn in pages)
        return f"{seconds:.0f} s" if len(pages) == 1 else f"{seconds:.0f} s, {len(pages)} pages"
    said = [content.sentences[name] for name in _said(step, at) if name in content.sentences]
    seconds = fsum(measure(_filled(sentence)) for sentence in said)
    return "" if not said else f"{seconds:.0f} s" if len(said) == 1 else f"up to {seconds:.0f} s"


def _said(step: Step, at: str) -> list[str]:
    names = [own(at, name) for name in step.sentences() if name not in LATER | step.alerts() | step.answers()]
    return names and [*names, *(f"helpline.{name}" for name in BESIDES if name in step.shares)]


def _filled(sentence: Sentence) -> Speech:
    """Return the sentence with a long value in each blank; a date is the longest there is."""
    keys = {"key", "yes", "no"}
    return sentence.fill(**{name: A_KEY if name in keys else LONG.get(name, A_DATE) for name in sentence.blanks})
