"""Reads a telephone number back, and asks whether it is right and safe."""

from collections.abc import Mapping

from ivr.engine.memory import Memory
from ivr.engine.step import Decision, Scene
from ivr.engine.verbs import Speech
from ivr.engine.yes_no import YesOrNo
from ivr.helpline.numbers import SAID_NUMBERS, grouped
from ivr.helpline.spoken import slowly


class ConfirmNumber(YesOrNo):
    """The number in its groups: 1 if it is right and it is safe to reach them there, 2 if not.

    In a flow:

        this_phone:
          kind: confirm_number
          of: keyed
          keep: mobile              # the number, once it is confirmed
          yes: send
          no: another
          otherwise: person/ring
    """

    of: str
    keep: str
    says = {"prompt": frozenset({"number"}), "plainer": frozenset({"number"})}
    shares = YesOrNo.shares | {"number_needs_no_hash": frozenset()}

    @property
    def plain(self) -> bool:
        return False

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: SAID_NUMBERS}

    def wants(self) -> frozenset[str]:
        return frozenset({self.of})

    def blanks(self, scene: Scene) -> dict[str, str | Speech]:
        return {"number": slowly(grouped(scene.memory.notes[self.of]))}

    def remember(self, scene: Scene, *, yes: bool) -> Memory:
        return scene.memory.note(self.keep, scene.memory.notes[self.of]) if yes else scene.memory

    def back(self, scene: Scene) -> Decision:
        """To the number, if they keyed it; the one they ring from was not keyed, so there is nothing to explain."""
        if scene.memory.notes[self.of] == scene.desk.caller:
            return super().back(scene)
        return self.back_without_hash(scene, "number_needs_no_hash")


KIND = ConfirmNumber
