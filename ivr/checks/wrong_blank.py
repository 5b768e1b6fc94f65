"""The blanks in a sentence are the ones that the program fills."""

from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.helpline.shared import shared_sentences


def check(content: Content) -> Iterator[Problem]:
    """A blank that nobody fills, and one that is filled but left out, so that the caller would not hear it."""
    for at, step in content.steps.items():
        for name, filled in step.sentences().items():
            yield from _compare(content, own(at, name), filled, step.optional_blanks())
    for name, filled in shared_sentences(content.steps.values()).items():
        yield from _compare(content, f"{SERVICE}.{name}", filled, frozenset())
    for sentence in content.topics.values():
        yield from _compare(content, sentence, frozenset(), frozenset())


def _compare(content: Content, name: str, filled: frozenset[str], optional: frozenset[str]) -> Iterator[Problem]:
    if name not in content.sentences:
        return
    blanks = content.sentences[name].blanks
    for blank in sorted(blanks - filled):
        known = ", ".join(f"{{{one}}}" for one in sorted(filled)) or "no blanks"
        yield content.at_sentence(name, f"nothing fills {{{blank}}} here; this sentence has {known}")
    for blank in sorted(filled - blanks - optional):
        yield content.at_sentence(name, f"{{{blank}}} is left out, so the caller would not hear it")
