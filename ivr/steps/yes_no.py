"""Asks a question that is answered by 1 for yes or 2 for no, and keeps the answer."""

from collections.abc import Mapping

from ivr.engine.call_state import CallState
from ivr.engine.step import StepContext
from ivr.engine.yes_no import YesNoQuestion


class YesNo(YesNoQuestion):
    """Yes is 1 and no is 2 in every such question.

    In a flow:

        school_only:
          kind: yes_no
          keep: school_only
          yes: work_out
          no: has_certificate
          otherwise: person/ring

    Without `keep` the answer only leads on.
    """

    keep: str | None = None
    says = {"prompt": frozenset(), "plainer": frozenset()}

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: ("no", "yes")} if self.keep else {}

    def remember(self, context: StepContext, *, yes: bool) -> CallState:
        return context.state.with_variable(self.keep, "yes" if yes else "no") if self.keep else context.state


KIND = YesNo
