"""Tells a mediation certificate that is much younger than the letter from one that is not."""

from ivr.engine.step import Decision, Go, Step, StepContext, Target
from ivr.helpline.call_variables import date_variable
from ivr.helpline.deadlines import is_far_apart


class CertificateAge(Step):
    """Says nothing: four months after the letter, one of the two dates is probably wrong.

    In a flow:

        age:
          kind: certificate_age
          usual: work_out
          far_apart: check_both
    """

    usual: Target
    far_apart: Target

    def wants(self) -> frozenset[str]:
        return frozenset({"letter", "certificate"})

    def enter(self, context: StepContext) -> Decision:
        variables = context.state.variables
        apart = is_far_apart(date_variable(variables, "letter"), date_variable(variables, "certificate"))
        return Go(self.far_apart if apart else self.usual, context.state)


KIND = CertificateAge
