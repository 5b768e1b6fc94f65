"""Which sentences are said aloud, and which are read by eye."""

from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.step import own
from ivr.helpline.shared import ALERTS, SMS, shared_sentences
from ivr.helpline.text_bodies import PHRASES


def texted(content: Content) -> dict[str, str]:
    """The sentences that are sent as texts, each with its words as written."""
    names = [own(at, name) for at, step in content.steps.items() for name in step.texted() | step.alerts()]
    names += [f"{SERVICE}.{name}" for name in (*SMS, *ALERTS)]
    return {name: content.sentences[name].text for name in names if name in content.sentences}


def texted_to_callers(content: Content) -> dict[str, str]:
    """Those of them that we send to callers of our own accord."""
    names = {own(at, name) for at, step in content.steps.items() for name in step.texted()}
    return {name: text for name, text in texted(content).items() if name in names}


def spoken(content: Content) -> dict[str, str]:
    """The sentences that are said, each with its words as written, in the order of the flows."""
    by_eye = texted(content).keys() | {f"{SERVICE}.{name}" for name in PHRASES}
    names = [own(at, name) for at, step in content.steps.items() for name in step.sentences()]
    names += [f"{SERVICE}.{name}" for name in shared_sentences(content.steps.values())]
    names += content.topics.values()
    return {name: content.sentences[name].text for name in names if name in content.sentences and name not in by_eye}


def by_step(sentences: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same, those of one step together."""
    groups: dict[str, dict[str, str]] = {}
    for name, text in sentences.items():
        groups.setdefault(name.rpartition(".")[0] if name.count(".") > 1 else name, {})[name] = text
    yield from groups.values()
