"""Texts keep to the small alphabet that every telephone has: one letter outside it halves the room."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.gsm7 import strangers
from ivr.helpline.longest_texts import longest_texts


def check(content: Content) -> Iterator[Problem]:
    """A character with no likeness in GSM-7; curly quotes, dashes and the like are put right when a text is sent."""
    for sentence, text in longest_texts(content):
        if strange := strangers(text):
            signs = ", ".join(f"“{sign}”" for sign in sorted(strange))
            yield content.at_sentence(sentence, f"not every telephone has {signs}; write it in plain letters")
