"""The seconds of speech from a topic to the first advice on it."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.question import Question
from ivr.helpline.call_variables import FOR_A_DEADLINE
from ivr.lint.limits import TO_FIRST_ADVICE
from ivr.lint.registry import LintContext
from ivr.lint.routes import ANSWER, Route, shortest_ways, ways_to_topics


def ways_to_advice(content: Content, context: LintContext) -> Iterator[Route]:
    """Yield the shortest way from each topic to the first page or number on it.

    A topic that leads to a deadline is left out: that has seconds of its own, from pick-up.
    """
    from_pick_up = shortest_ways(content, context, str(content.entries.get(ANSWER, "")))
    for topic in ways_to_topics(content, from_pick_up):
        ahead = shortest_ways(content, context, topic.at)
        advice = (at for at in ahead if isinstance(step := content.steps[at], Question) and step.informs)
        first = min(advice, key=lambda at: ahead[at][0], default=None)
        if first is None or content.steps[first].wants() == FOR_A_DEADLINE:
            continue
        seconds, keys = ahead[first]
        yield Route(topic.to.replace("the topic", "advice on"), first, keys, round(seconds, 1), TO_FIRST_ADVICE)
