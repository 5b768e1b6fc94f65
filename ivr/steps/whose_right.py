"""Asks once in a call whose right it is, and speaks to a young person as "you" from then on."""

from collections.abc import Mapping

from msgspec import structs

from ivr.engine.call_state import CallState, step_of
from ivr.engine.choice_question import Choice, ChoiceQuestion
from ivr.engine.step import Decision, Go, StepContext, Target
from ivr.helpline.call_variables import WHOSE_RIGHT, RightHolder, audience_of


class WhoseRight(ChoiceQuestion):
    """Asked like a menu of three, with the sentences of a menu; `prompt` and `after` may be left out.

    In a flow:

        whose:
          kind: whose_right
          child: next             # a child of school age: the right is the parent's
          over_sixteen: for_them  # a parent rings for somebody over school leaving age, whose own right it is
          own: own                # the young person rings
          known: next             # answered already in this call: nothing is said
          otherwise: person/ring

    The answer is kept as `whose_right`. Until it is changed, whoever answered `own` hears and is texted the words that
    are written for `young_person`. A caller who comes back with # is asked anew; one who goes back further with # has
    taken the answer back.
    """

    child: Target
    over_sixteen: Target
    own: Target
    known: Target
    unasked = frozenset({"known"})

    def offers(self) -> Mapping[str, Choice]:
        return {str(n): Choice(say=one, go=getattr(self, one)) for n, one in enumerate(RightHolder, 1)}

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {WHOSE_RIGHT: tuple(RightHolder)}

    def remember(self, context: StepContext, chosen: str) -> CallState:
        state = context.state.with_variable(WHOSE_RIGHT, chosen)
        return structs.replace(state, audience=audience_of(state.variables))

    def enter(self, context: StepContext) -> Decision:
        if WHOSE_RIGHT in context.state.variables and not _came_back(context):
            return Go(self.known, context.state)
        return super().enter(context)

    def back(self, context: StepContext) -> Decision:
        state = context.state
        if WHOSE_RIGHT in state.variables:
            variables = {name: value for name, value in state.variables.items() if name != WHOSE_RIGHT}
            state = structs.replace(state, variables=variables, audience=audience_of(variables))
        return super().back(structs.replace(context, state=state))


def _came_back(context: StepContext) -> bool:
    """Return whether the caller came by #, from the question after this one."""
    return bool(context.state.history) and step_of(context.state.history[-1]) == context.at


KIND = WhoseRight
