"""A person is three keys away at most, from everywhere."""

from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.graph import keys_to
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.limits import MOST_KEYS_TO_A_PERSON

KEY = "person"


def review(content: Content, means: Means) -> Iterator[Problem]:
    """Too many questions behind the 0 key, which is the first of the keys."""
    person = content.entries.get(KEY)
    if person not in content.steps:
        return  # told elsewhere
    keys = keys_to(content, str(person), lambda step: step.rings() == ADVISERS)
    if keys is not None and keys + 1 > MOST_KEYS_TO_A_PERSON:
        says = f"a person is {keys + 1} keys away from everywhere, and {MOST_KEYS_TO_A_PERSON} are the most"
        yield content.sources[f"flows/{SERVICE}.yaml"].problem(says, KEY)
