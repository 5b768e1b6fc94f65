"""Goes on by which of the council's decisions the caller has told us of."""

from collections.abc import Iterator, Mapping

from ivr.engine.step import Decision, Go, Step, StepContext, Target
from ivr.helpline.call_variables import DECISION, CouncilDecision


class ByDecision(Step):
    """Says nothing: chooses an exit by the answer that is kept as `decision`.

    In a flow:

        form:
          kind: by_decision
          no_assessment: form_35a
          no_plan: form_35
          plan: form_35
          no_change: form_35
          ending: plan_stays
          other: any_form           # none of them, or not asked yet
    """

    no_assessment: Target
    no_plan: Target
    plan: Target
    no_change: Target
    ending: Target
    other: Target

    def goes_by(self, variables: Mapping[str, str]) -> frozenset[str]:
        return frozenset({DECISION}) - variables.keys()

    def ahead(self, variables: Mapping[str, str]) -> Iterator[Target]:
        yield self._exit(variables)

    def enter(self, context: StepContext) -> Decision:
        return Go(self._exit(context.state.variables), context.state)

    def _exit(self, variables: Mapping[str, str]) -> Target:
        told = variables.get(DECISION, "")
        found: Target = getattr(self, told) if told in CouncilDecision.__members__ else self.other
        return found


KIND = ByDecision
