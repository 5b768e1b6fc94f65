"""Whether every sentence that was said, and every text, is known to come from the prompt that it is made of."""

import re
from collections.abc import Iterator
from functools import cache

from ivr.commands.spoken_prompts import SpokenPrompts
from ivr.config import CONTENT
from ivr.content_source import ContentSource
from ivr.engine.content_reader import read_content
from ivr.engine.prompts import BLANK
from ivr.engine.yaml import Plain, Where
from ivr.engine.yaml_writer import value_at
from ivr.helpline.gsm7 import smart
from ivr.simulator.network.interpreter import APPLICATION_ERROR
from ivr.simulator.phone import Phone
from ivr.simulator.transcript import HELPLINE, Entry
from ivr.simulator.twiml.prompts import SpokenPrompt
from ivr.steps import KINDS


class AttributedContent:
    """Our content with words that remember their places, and what was noted of them."""

    def __init__(self) -> None:
        self.spoken = SpokenPrompts()
        self.source = ContentSource(CONTENT, read=self.spoken.read)

    def mistakes(self, phone: Phone) -> Iterator[str]:
        """Yield what was said, or texted, and is not known to come from the prompts that it is made of."""
        for entry in phone.carrier.entries:
            if entry.who == HELPLINE and not entry.text.startswith("(recording"):
                yield from _mistakes_in(entry)
        for message in phone.carrier.twilio.messages:
            prompt = self.spoken.of_text(message.body)
            if prompt is None or not _is_made_of(prompt):
                yield f"a text: {message.body}"


def _mistakes_in(entry: Entry) -> Iterator[str]:
    prompts = entry.origin.prompts if entry.origin else ()
    if " ".join(prompt.words for prompt in prompts) != entry.text and entry.text != APPLICATION_ERROR:
        yield f"not all of it is known: {entry.text}"
    for prompt in prompts:
        if not _is_made_of(prompt):
            yield f"{prompt.place} is not what is said: {prompt.words}"


def _is_made_of(prompt: SpokenPrompt) -> bool:
    """Return whether words are those of the sentence at their place, its blanks filled with what is said to fill them.

    A line of a text may be left out.
    """
    blanks = {blank.name: blank.words for blank in prompt.blanks}
    written = " ".join(_written(prompt.place).split())
    filled = BLANK.sub(lambda found: blanks.get(found[1], found[0]), written)
    if _plain(filled) == _plain(prompt.words):
        return True
    lines = [BLANK.sub(lambda found: blanks.get(found[1], "{}"), one) for one in _written(prompt.place).split("\n")]
    return _plain(" ".join(line for line in lines if "{}" not in line)) == _plain(prompt.words)


def _plain(words: str) -> list[str]:
    return re.findall(r"\w+", smart(words))


@cache
def _written(place: Where) -> str:
    file, *path = place
    found = value_at(_content()[file], tuple(path))
    assert isinstance(found, str), place
    return found


@cache
def _content() -> dict[str, Plain]:
    return {file: source.content for file, source in read_content(CONTENT, KINDS).sources.items()}
