"""The base of every kind of step that only performs an effect."""

from ivr.engine.events import EffectResult, Event
from ivr.engine.step import Decision, Go, Step, StepContext


class EffectStep(Step):
    """Says nothing. A kind says which effect (`enter`); its exits are named by how it ended, `down` is for the rest."""

    def resume(self, context: StepContext, event: Event) -> Decision:
        if not isinstance(event, EffectResult):
            return self.enter(context)
        exits = {path[0]: target for path, target in self.exits()}
        return Go(exits.get(event.status, exits["down"]), context.state)
