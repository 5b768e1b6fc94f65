"""Nobody is blamed, frightened, or kept waiting for words that say nothing."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import BANNED, FILLERS
from ivr.helpline.said import spoken

NEVER = re.compile(rf"\b(?:{'|'.join(map(re.escape, (*BANNED, *FILLERS)))})\b", re.IGNORECASE)


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A word or a phrase of the list in `ivr/helpline/limits.py`, in a sentence that is said."""
    for name, text in spoken(content).items():
        for found in NEVER.findall(text):
            why = "is on the list of what we never say" if found.lower() in BANNED else "says nothing: leave it out"
            yield content.at_sentence(name, f"“{found}” {why}")
