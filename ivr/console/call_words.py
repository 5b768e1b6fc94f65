"""Says in the words of the calls where a caller is, and why we are closed."""

from re import sub

from ivr.engine.call_flows import CallFlows
from ivr.engine.prompts import BLANK
from ivr.engine.step import own

BY_KIND = {
    "queue": "Waiting for an adviser",
    "waiting": "Waiting for an adviser",
    "transfer": "Being put through",
    "record": "Leaving a message",
    "hear_message": "Hearing their message",
    "begin_message": "Leaving a message",
    "hangup": "Saying goodbye",
}
"""Steps in which something else happens than that a sentence is heard."""
LONGEST = 90
"""Characters of a sentence."""


def place(flows: CallFlows, step: str) -> str:
    """Return what is happening at a step: what the caller hears there, or does."""
    found = flows.steps.get(step)
    if found is None:
        return "At a step of another version"
    if found.kind in BY_KIND:
        return BY_KIND[found.kind]
    prompt = own(step, "prompt")
    if prompt in flows.words:
        return f"Hears “{_shortened(flows.words.text(prompt))}”"
    what = "Hears the choices of" if found.kind == "menu" else "At"
    return f"{what} {step.replace('/', ', ').replace('_', ' ')}"


def closed_because(flows: CallFlows, reason: str) -> str:
    """Return why we are closed in the words that callers hear; "" at an hour when we always are."""
    names = (own(at, reason) for at, step in flows.steps.items() if step.kind == "hours" and reason)
    return next((flows.words.text(one) for one in names if one in flows.words), reason.replace("_", " "))


def _shortened(sentence: str) -> str:
    words = sub(r"\s+", " ", BLANK.sub("…", sentence)).strip()
    if len(words) <= LONGEST:
        return words
    return f"{words[:LONGEST].rsplit(' ', 1)[0]}…"
