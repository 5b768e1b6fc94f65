"""A rule of law that steps state is one that we are sure of, or there is a reason to state it all the same."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.rules import FILE, read_rules


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A rule that is not V, nor P with an `errs_early`: every step that states it is closed to callers."""
    source = content.sources.get(FILE)
    for name, rule in read_rules(source)[0].items():
        if source and not rule.is_sure:
            says = f"“{name}” is {rule.sure}, and so not to be stated: verify it, or say in “errs_early” how it errs"
            yield source.problem(says, name, "sure")
