"""Checks an emergency message as if it were a prompt, and whether every limit of seconds holds with it."""

from collections.abc import Iterator
from dataclasses import replace

from ivr.engine.content import Content
from ivr.engine.prompts import Sentence
from ivr.engine.step import Step
from ivr.engine.verbs import Say
from ivr.engine.yaml import Source
from ivr.helpline.emergency import GREETING
from ivr.lint.emergency_routes import routes_with, tells_emergencies
from ivr.lint.limits import EMERGENCY
from ivr.lint.registry import LintContext
from ivr.lint.run import findings

FILE, AT, PROMPT = "message", "emergency/message", "emergency.message.prompt"


class _Message(Step):
    """A step that says nothing but the message, for the rules to find it."""

    says = {"prompt": frozenset()}


def refusals(text: str, content: Content, context: LintContext) -> Iterator[str]:
    """Yield every reason why a message may not be told, by the rules for prompts and by the limits of seconds."""
    text = " ".join(text.split())
    if not text:
        yield "it has no words"
        return
    if not tells_emergencies(content):
        yield f"calls begin at {content.entries.get('answer')}, which is no step of the kind {GREETING}"
        return
    as_prompt = findings(_with_prompt(content, text), replace(context, heard=()))
    yield from (one.says for one in as_prompt if one.about == PROMPT and one.severity == "error")
    seconds = context.measure((text,))
    if seconds > EMERGENCY:
        yield f"it takes {seconds:.1f} seconds, and {EMERGENCY:.0f} are the most"
    for route in routes_with(Say((text,), content.language.tag), content, context):
        if route.seconds > route.most:
            yield f"with it, {route.to} is {route.seconds:.1f} seconds from pick-up, and {route.most:.0f} are the most"


def _with_prompt(content: Content, text: str) -> Content:
    """Return the content with the message in it, as a sentence of a step of its own."""
    return replace(
        content,
        sources=content.sources | {FILE: Source(FILE, {AT: {"kind": GREETING}})},
        steps=content.steps | {AT: _Message(kind=GREETING)},
        named=content.named | {AT: (FILE, AT)},
        sentences=content.sentences | {PROMPT: Sentence(text)},
        written=content.written | {PROMPT: (FILE, AT)},
    )
