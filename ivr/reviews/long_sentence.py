"""No sentence is longer than a listener can hold."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import LONGEST_SENTENCE
from ivr.helpline.plain_english import sentences_in, words_in
from ivr.helpline.said import spoken


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A sentence of more than 25 words."""
    for name, text in spoken(content).items():
        for sentence in sentences_in(text):
            if (count := len(words_in(sentence))) > LONGEST_SENTENCE:
                says = f"this sentence has {count} words, and {LONGEST_SENTENCE} are the most: “{sentence[:40]}…”"
                yield content.at_sentence(name, says)
