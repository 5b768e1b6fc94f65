"""Builds the context of the lint rules: how speech is measured, and what the provider refuses."""

from collections.abc import Iterator
from datetime import date

from ivr.commands.measures import measure_for
from ivr.engine.content import Content
from ivr.engine.prompts import Language
from ivr.engine.verbs import Turn
from ivr.lint.context import LintContext
from ivr.lint.explore import explore
from ivr.simulator.twiml.errors import TwimlError
from ivr.simulator.twiml.parse import parse
from ivr.telephony.twiml import Renderer

LONGEST_MEMORY = "m" * 2000
"""The sealed memory of a caller who has told us all there is to tell, with the longest trail."""
CALLER_ID = "+441632960000"


def context_for(content: Content, today: date, *, with_voice: bool) -> LintContext:
    """Return the context of the rules; with a voice to measure by, if that is wanted and one is installed."""
    measure = measure_for(content.language.tag, with_voice=with_voice)
    return LintContext(today, measure, refusals, explore(content))


def refusals(turn: Turn, at: str, language: Language) -> Iterator[str]:
    """Yield the first reason, if there is one, why the provider would refuse the document of a turn."""
    renderer = Renderer(language, "https://helpline.example/ivr/speech", CALLER_ID)
    document = renderer.document(turn, at).fill(LONGEST_MEMORY, LONGEST_MEMORY)
    try:
        parse(document.decode())
    except TwimlError as error:
        yield str(error)
