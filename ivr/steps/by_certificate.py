"""Goes on by whether the caller still needs a mediation certificate."""

from collections.abc import Mapping

from ivr.engine.step import Decision, Go, Step, StepContext, Target
from ivr.helpline.call_variables import FOR_A_DEADLINE, certificate_status, missing_for_a_deadline
from ivr.helpline.next_step import Certificate


class ByCertificate(Step):
    """Says nothing: chooses an exit by what the caller has told us about the certificate.

    In a flow:

        what_first:
          kind: by_certificate
          missing: certificate_next # they need one, and have none yet
          appeal: next              # they have one, or need none
    """

    missing: Target
    appeal: Target

    def wants(self) -> frozenset[str]:
        return FOR_A_DEADLINE

    def lacks(self, variables: Mapping[str, str]) -> frozenset[str]:
        return missing_for_a_deadline(variables)

    def enter(self, context: StepContext) -> Decision:
        lacking = certificate_status(context.state.variables) is Certificate.missing
        return Go(self.missing if lacking else self.appeal, context.state)


KIND = ByCertificate
