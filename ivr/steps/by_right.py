"""Goes on by whose right it is, as the caller has told us."""

from collections.abc import Iterator, Mapping

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

    def goes_by(self, variables: Mapping[str, str]) -> frozenset[str]:
        return frozenset({WHOSE_RIGHT}) - variables.keys()

    def ahead(self, variables: Mapping[str, str]) -> Iterator[Target]:
        yield self._exit(variables)

    def enter(self, context: StepContext) -> Decision:
        return Go(self._exit(context.state.variables), context.state)

    def _exit(self, variables: Mapping[str, str]) -> Target:
        told = variables.get(WHOSE_RIGHT, "")
        found: Target = getattr(self, told) if told in RightHolder.__members__ else self.unknown
        return found


KIND = ByRight
