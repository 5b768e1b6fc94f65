"""A key is never written as a digit: the program fills it in, so that words and keys cannot disagree."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.said import spoken

DIGIT = re.compile(
    r"\bpress (?:the )?(?:key )?([1-9]|(?:one|two|three|four|five|six|seven|eight|nine)(?=[.,;:!?]|$| for\b| to\b))",
    re.IGNORECASE,
)


def review(content: Content, means: Means) -> Iterator[Problem]:
    """“Press 2” where {key} should stand; 0, star and hash are the same everywhere and may be named."""
    for name, text in spoken(content).items():
        for digit in DIGIT.findall(text):
            yield content.at_sentence(name, f"“press {digit}”: write {{key}}, and the program says the key that it is")
