"""No text is longer than its reader, or its payer, should bear."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.gsm7 import segments
from ivr.helpline.longest_texts import longest_texts

MOST_SEGMENTS = 3


def check(content: Content) -> Iterator[Problem]:
    """A text of more than three segments, with the longest dates, numbers and addresses in its blanks."""
    for sentence, text in longest_texts(content):
        if (count := segments(text)) > MOST_SEGMENTS:
            says = f"this text can take {count} segments ({len(text)} characters), and {MOST_SEGMENTS} are the most"
            yield content.at_sentence(sentence, says)
