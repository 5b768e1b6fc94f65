"""The provider plays whatever a step can do, with its shortest and its longest values, in every language."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A turn whose document breaks the provider's grammar: an attribute, a value, what stands in what, a size."""
    for heard in means.heard:
        for says in means.refusals(heard.turn, heard.at, heard.language):
            spoken = "" if heard.language == content.language else f" in {heard.language.tag}"
            yield content.at_step(heard.at, f"the provider would not play what {heard.at} does{spoken}: {says}")
