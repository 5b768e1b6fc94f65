"""Reads a date back, to be sure."""

from ivr.engine.step import Decision, Scene
from ivr.engine.verbs import Speech
from ivr.engine.yes_no import YesOrNo
from ivr.helpline.notes import DATE, noted_date, said_date


class ConfirmDate(YesOrNo):
    """The date as it was understood: 1 if it is right, 2 if it is not.

    In a flow:

        confirm_letter:
          kind: confirm_date
          of: letter
          yes: school_only
          no: letter
          otherwise: person/ring
    """

    of: str
    says = {"prompt": frozenset({"date"}), "plainer": frozenset({"date"})}
    shares = YesOrNo.shares | DATE | {"date_needs_no_hash": frozenset()}

    @property
    def plain(self) -> bool:
        return False

    def wants(self) -> frozenset[str]:
        return frozenset({self.of})

    def blanks(self, scene: Scene) -> dict[str, str | Speech]:
        return {"date": said_date(noted_date(scene.memory.notes, self.of), scene.words)}

    def back(self, scene: Scene) -> Decision:
        return self.back_without_hash(scene, "date_needs_no_hash")


KIND = ConfirmDate
