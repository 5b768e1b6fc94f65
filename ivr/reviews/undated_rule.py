"""A time limit that is said to a caller belongs to a rule of law with a source and dates."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.helpline.said import spoken

NUMBER_OF_DAYS = r"[\w-]+ working days?\b(?=[ .,])"
LIMIT = re.compile(rf"\bwithin (?:[\w-]+ ){{1,2}}(?:days?|weeks?|months?|years?)\b|{NUMBER_OF_DAYS}", re.IGNORECASE)
NOT_A_LIMIT = re.compile(r"(?:no|a|last|next) working day$", re.IGNORECASE)


def review(content: Content, means: Means) -> Iterator[Problem]:
    """“Within ten days” in a step that names no rule under `states`."""
    said = spoken(content)
    for at, step in content.steps.items():
        for name in step.sentences():
            found = [limit for limit in LIMIT.findall(said.get(own(at, name), "")) if not NOT_A_LIMIT.search(limit)]
            if found and not step.states:
                says = f"“{found[0]}” is a time limit: say under “states” which rule of flows/rules.yaml it is"
                yield content.at_sentence(own(at, name), says)
