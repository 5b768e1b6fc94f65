"""What only insiders know is explained at its first use in a step."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import EVERYBODY_KNOWS, EXPLAINED
from ivr.helpline.said import by_step, spoken

SHORT_FORM = re.compile(r"\b[A-Z]{2,6}\b")


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A term of the list, or any short form in capitals, that nothing explains by the end of its prompt."""
    for group in by_step(spoken(content)):
        said = ""
        for name, text in group.items():
            if name in content.topics.values():
                continue  # heard by advisers, who know
            new = _terms(text) - _terms(said)
            said += f" {text}"
            for term in sorted(new):
                if not re.search(EXPLAINED.get(term, r"(?!)"), said, re.IGNORECASE):
                    yield content.at_sentence(name, f"“{term}” is not explained here, where a caller hears it first")


def _terms(text: str) -> set[str]:
    listed = {term for term in EXPLAINED if re.search(rf"\b{term}\b", text)}
    return listed | (set(SHORT_FORM.findall(text)) - EVERYBODY_KNOWS)
