"""Goes on by whether the caller still needs a mediation certificate."""

from ivr.engine.step import Decision, Go, Step, StepContext, Target
from ivr.helpline.call_variables import FOR_A_DEADLINE, certificate_status
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

    def enter(self, context: StepContext) -> Decision:
        lacking = certificate_status(context.state.variables) is Certificate.missing
        return Go(self.missing if lacking else self.appeal, context.state)


KIND = ByCertificate
