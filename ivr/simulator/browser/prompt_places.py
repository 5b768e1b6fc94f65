"""Where the words on the page come from, as JSON: the prompts of a line of the transcript, and of a text message."""

from typing import Any

from ivr.simulator.browser.helpline_source import HelplineSource
from ivr.simulator.transcript import Entry
from ivr.simulator.twiml.prompts import SpokenPrompt


def prompts_of_entry(source: HelplineSource, entry: Entry) -> list[dict[str, Any]]:
    """Return the prompts of what the helpline said, in turn."""
    return [_prompt(source, prompt) for prompt in (entry.origin.prompts if entry.origin else ())]


def prompts_of_text(source: HelplineSource, body: str) -> list[dict[str, Any]]:
    """Return the prompt of a text message, if it is of one."""
    prompt = source.prompt_of_text(body)
    return [_prompt(source, prompt)] if prompt else []


def _prompt(source: HelplineSource, prompt: SpokenPrompt) -> dict[str, Any]:
    if not prompt.place:
        return {"words": prompt.words, "place": [], "line": 0, "blanks": []}
    blanks = [
        {"name": blank.name, "words": blank.words, "place": blank.place, "line": _line(source, blank.place)}
        for blank in prompt.blanks
        if f"{{{blank.name}}}" in prompt.written
    ]
    return {
        "words": prompt.words,
        "place": prompt.place,
        "line": _line(source, prompt.place),
        "blanks": blanks,
    }


def _line(source: HelplineSource, place: tuple[str, ...]) -> int:
    return source.sentences.line(place) if place else 0
