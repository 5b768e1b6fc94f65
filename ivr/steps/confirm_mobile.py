"""Reads a mobile number back, and asks whether it is right and safe to text."""

from ivr.engine.memory import Memory
from ivr.engine.step import Decision, Scene
from ivr.engine.verbs import Speech
from ivr.engine.yes_no import YesOrNo
from ivr.helpline.mobiles import grouped
from ivr.helpline.spoken import slowly


class ConfirmMobile(YesOrNo):
    """The number in its groups: 1 if it is right and a text there is safe, 2 if not.

    In a flow:

        this_phone:
          kind: confirm_mobile
          of: keyed
          keep: mobile              # the number, once it is confirmed
          yes: send
          no: another
          otherwise: person/ring
    """

    of: str
    keep: str
    says = {"prompt": frozenset({"number"}), "plainer": frozenset({"number"})}
    shares = YesOrNo.shares | {"mobile_needs_no_hash": frozenset()}

    @property
    def plain(self) -> bool:
        return False

    def blanks(self, scene: Scene) -> dict[str, str | Speech]:
        return {"number": slowly(grouped(scene.memory.notes[self.of]))}

    def remember(self, scene: Scene, *, yes: bool) -> Memory:
        return scene.memory.note(self.keep, scene.memory.notes[self.of]) if yes else scene.memory

    def back(self, scene: Scene) -> Decision:
        """To the number, if they keyed it; the one they ring from was not keyed, so there is nothing to explain."""
        if scene.memory.notes[self.of] == scene.desk.caller:
            return super().back(scene)
        return self.back_without_hash(scene, "mobile_needs_no_hash")


KIND = ConfirmMobile
