"""A text opens with words that tell nothing to somebody else who sees the phone."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.prompts import BLANK
from ivr.errors import Problem
from ivr.helpline.limits import REVEALING
from ivr.helpline.plain_english import sentences_in
from ivr.helpline.said import texted_to_callers

TELLS = re.compile("|".join(REVEALING), re.IGNORECASE)


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A first sentence with a word in it that tells what the call was about, or with a name that does."""
    for name, text in texted_to_callers(content).items():
        opening = BLANK.sub("", sentences_in(text)[0]) if text.strip() else ""
        if found := TELLS.search(opening):
            says = f"this text opens with “{found[0]}”, for anybody to see: let its first sentence tell nothing"
            yield content.at_sentence(name, says)
