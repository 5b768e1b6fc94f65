"""A sentence is longer than is good for a listener, though it is allowed."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import LONG_SENTENCE, LONGEST_SENTENCE
from ivr.helpline.plain_english import sentences_in, words_in
from ivr.helpline.said import spoken


def warn(content: Content, means: Means) -> Iterator[Problem]:
    """A sentence of more than 20 words, up to the most that it may have."""
    for name, text in spoken(content).items():
        for sentence in sentences_in(text):
            if LONG_SENTENCE < (count := len(words_in(sentence))) <= LONGEST_SENTENCE:
                yield content.at_sentence(name, f"this sentence has {count} words: “{sentence[:40]}…”")
