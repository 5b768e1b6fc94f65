"""The thing comes before its key: “For school, press 2”; whoever hears the key first must remember it."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.prompts import BLANK
from ivr.errors import Problem
from ivr.helpline.plain_english import sentences_in
from ivr.helpline.said import spoken

PRESS = re.compile(r"\bpress\b", re.IGNORECASE)
THING_FIRST = re.compile(r"^(?:for|to|if|when|or)\b.+,\s*press (?:\{[a-z_]+\}|(?:0|star|hash)\b)", re.IGNORECASE)


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A sentence that names a key of a choice and is not “For …, press {key}”, “To …” or “If …”."""
    for name, text in spoken(content).items():
        for sentence in sentences_in(text):
            if PRESS.search(sentence) and BLANK.search(sentence) and not THING_FIRST.search(sentence):
                says = f"“{sentence}” should say the thing before its key: For …, press {{key}}."
                yield content.at_sentence(name, says)
