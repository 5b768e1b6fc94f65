"""Everything that is said can be said by a voice: no sign that one reads out, or leaves out, as it pleases."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.prompts import BLANK
from ivr.errors import Problem
from ivr.helpline.said import spoken

SAYABLE = frozenset(".,;:?!'’‘“”\"()–—-£%")


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A character that is no letter, figure or mark of punctuation, such as / or & or a smiling face."""
    for name, text in spoken(content).items():
        signs = {sign for sign in BLANK.sub("", text) if not (sign.isalnum() or sign.isspace() or sign in SAYABLE)}
        if signs - {"@"}:  # an address, and told as one
            listed = ", ".join(f"“{sign}”" for sign in sorted(signs - {"@"}))
            yield content.at_sentence(name, f"no voice can be trusted with {listed}: write it in words")
