"""Tells whether a mediation certificate is still needed, and whether there is time to ask for one."""

from collections.abc import Mapping

from ivr.engine.step import Decision, Go, Scene, Step, Target
from ivr.helpline.notes import FOR_A_DEADLINE, SAID_DATES, noted_deadline


class Mediation(Step):
    """Chooses an exit by what the caller has told us; keeps `contact_by` for a sentence to say.

    In a flow:

        mediation:
          kind: mediation
          held: held                # there is a certificate
          not_needed: not_needed    # the appeal is only about the school named
          in_time: contact_first
          too_late: permission
    """

    held: Target
    not_needed: Target
    in_time: Target
    too_late: Target

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {"contact_by": SAID_DATES}

    def wants(self) -> frozenset[str]:
        return FOR_A_DEADLINE

    def enter(self, scene: Scene) -> Decision:
        notes = scene.memory.notes
        contact_by = noted_deadline(notes).mediation_contact_by
        memory = scene.memory.note("contact_by", contact_by.isoformat())
        if notes["school_only"] == "yes":
            return Go(self.not_needed, memory)
        if notes["has_certificate"] == "yes":
            return Go(self.held, memory)
        return Go(self.in_time if scene.desk.today <= contact_by else self.too_late, memory)


KIND = Mediation
