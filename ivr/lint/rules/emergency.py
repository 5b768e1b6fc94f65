"""Rules about the room that is left for an emergency message."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.verbs import Pause, Say
from ivr.errors import Problem
from ivr.lint.emergency_routes import routes_with, tells_emergencies
from ivr.lint.limits import EMERGENCY
from ivr.lint.registry import LintContext, rule
from ivr.lint.routes import routes


@rule(
    "no_room_for_emergency",
    "notice",
    "Every limit holds while an emergency message of eight seconds is told; else staff can set only shorter ones.",
    severity="warning",
)
def no_room_for_emergency(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a way from pick-up that such a message makes too long, by the table in docs/seconds.md."""
    if not (context.heard and tells_emergencies(content)):
        return
    longest = Say((Pause(round(EMERGENCY * 1000)),), content.language.tag)
    before = {route.to: route.seconds for route in routes(content, context)}
    for route in routes_with(longest, content, context):
        if before.get(route.to, 0.0) <= route.most < route.seconds:
            long = f"with an emergency message of {EMERGENCY:.0f} seconds, {route.to} is {route.seconds:.1f} seconds"
            says = f"{long} from pick-up, and {route.most:.0f} are the most: shorten what is said on the way"
            yield content.at_step(route.at, says)
