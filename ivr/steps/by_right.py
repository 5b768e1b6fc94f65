"""Goes on by whose right it is, as the caller has told us."""

from ivr.engine.step import Decision, Go, Step, StepContext, Target
from ivr.helpline.call_variables import WHOSE_RIGHT, RightHolder


class ByRight(Step):
    """Says nothing: chooses an exit by the answer that a step of kind `whose_right` has kept.

    In a flow:

        turning:
          kind: by_right
          child: for_a_parent
          over_sixteen: for_them
          own: for_you
          unknown: for_anybody      # not asked yet
    """

    child: Target
    over_sixteen: Target
    own: Target
    unknown: Target

    def enter(self, context: StepContext) -> Decision:
        told = context.state.variables.get(WHOSE_RIGHT, "")
        return Go(getattr(self, told) if told in RightHolder.__members__ else self.unknown, context.state)


KIND = ByRight
