"""Tells a mediation certificate that is much younger than the letter from one that is not."""

from ivr.engine.step import Decision, Go, Scene, Step, Target
from ivr.helpline.deadlines import is_far_apart
from ivr.helpline.notes import noted_date


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

    def enter(self, scene: Scene) -> Decision:
        notes = scene.memory.notes
        apart = is_far_apart(noted_date(notes, "letter"), noted_date(notes, "certificate"))
        return Go(self.far_apart if apart else self.usual, scene.memory)


KIND = CertificateAge
