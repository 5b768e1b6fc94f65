"""Everything that a step says is written down."""

from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.helpline.shared import shared_sentences


def check(content: Content) -> Iterator[Problem]:
    """A sentence that a step, a topic or the service wants, and that no prompt file has."""
    folder = f"prompts/{content.language.tag}"
    for at, step in content.steps.items():
        for name in step.sentences():
            if own(at, name) not in content.sentences and name not in step.optional_sentences():
                flow, _, entry = at.partition("/")
                yield content.at_step(
                    at, f"{at} says “{name}”, and {folder}/{flow}.yaml has no “{name}” under “{entry}”"
                )
    for flow, sentence in content.topics.items():
        if sentence not in content.sentences:
            source = content.sources[f"flows/{flow}.yaml"]
            name = sentence.split(".")[1]
            yield source.problem(f"the topic is “{name}”, and {folder}/{flow}.yaml has no such sentence", "topic")
    for name in shared_sentences(content.steps.values()):
        if f"{SERVICE}.{name}" not in content.sentences:
            yield Problem(f"{folder}/{SERVICE}.yaml", 1, f"“{name}” is missing: the program says it in many places")
