"""No address is read out letter by letter: nobody can write it down, and a text can carry it."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.said import spoken

ADDRESS = re.compile(
    r"\S*@\S*|\bwww\b\S*|\bhttps?:\S*|\b[\w-]+\.(?:uk|org|com|net|gov)\b[\w./]*|\bdot \w+(?: \w\b)*", re.IGNORECASE
)


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A web or e-mail address, or one that is spelt (“dot u k”), in a sentence that is said."""
    for name, text in spoken(content).items():
        for address in ADDRESS.findall(text):
            yield content.at_sentence(name, f"“{address}” is an address: name whose website it is, and offer a text")
