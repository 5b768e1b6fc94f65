"""The sentences that the program says or sends, as they are written."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ivr.engine.content import SERVICE, Content
from ivr.engine.step import Step, own
from ivr.helpline import fallback
from ivr.helpline.sms_bodies import SMS_PHRASES
from ivr.lint.readability import sentences_in

SMS = {"sms_answer": frozenset[str]()}
"""The one answer to a text that comes in."""
ALERTS = {"alert_message": frozenset[str]()}
"""What our advisers are texted when something waits for them."""


class Wanted(NamedTuple):
    """A prompt that the program uses: its full name, the blanks that are filled, and those that it may leave out."""

    name: str
    blanks: frozenset[str]
    optional: frozenset[str] = frozenset()


def shared_sentences(steps: Iterable[Step]) -> dict[str, frozenset[str]]:
    """Return the prompts that belong to no one step, each with the blanks that are filled in it."""
    sentences = fallback.SENTENCES | SMS | ALERTS
    for step in steps:
        sentences |= step.shares
    return sentences


def wanted(content: Content) -> Iterator[Wanted]:
    """Yield every prompt that a step, the service or a topic uses, in the order of the flows."""
    for at, step in content.steps.items():
        for name, blanks in step.sentences().items():
            yield Wanted(own(at, name), blanks, step.optional_blanks())
    for name, blanks in shared_sentences(content.steps.values()).items():
        yield Wanted(f"{SERVICE}.{name}", blanks)
    yield from (Wanted(name, frozenset()) for name in content.topics.values())


def texted(content: Content) -> dict[str, str]:
    """Return the prompts that are sent as SMS, by name."""
    names = [own(at, name) for at, step in content.steps.items() for name in step.texted() | step.alerts()]
    names += [f"{SERVICE}.{name}" for name in (*SMS, *ALERTS)]
    return {name: content.sentences[name].text for name in names if name in content.sentences}


def texted_to_callers(content: Content) -> dict[str, str]:
    """Return the prompts that are sent to callers as SMS, by name; not the answer to a text that came in."""
    names = {own(at, name) for at, step in content.steps.items() for name in step.texted()}
    return {name: text for name, text in texted(content).items() if name in names}


def spoken(content: Content) -> dict[str, str]:
    """Return the prompts that are said, by name, in the order of the flows."""
    by_eye = texted(content).keys() | {f"{SERVICE}.{name}" for name in SMS_PHRASES}
    names = (one.name for one in wanted(content))
    return {name: content.sentences[name].text for name in names if name in content.sentences and name not in by_eye}


def spoken_sentences(content: Content) -> Iterator[tuple[str, str]]:
    """Yield each sentence of the prompts that are said, with the name of its prompt."""
    for name, text in spoken(content).items():
        yield from ((name, sentence) for sentence in sentences_in(text))


def spoken_by_step(content: Content) -> list[dict[str, str]]:
    """Return the prompts that are said, those of one step together."""
    groups: dict[str, dict[str, str]] = {}
    for name, text in spoken(content).items():
        groups.setdefault(name.rpartition(".")[0] if name.count(".") > 1 else name, {})[name] = text
    return list(groups.values())
