"""Asks for a mobile number in eleven keys."""

from typing import ClassVar

from ivr.engine.question import Wrong
from ivr.engine.several_keys import SeveralKeys
from ivr.engine.step import Decision, Go, Scene
from ivr.helpline.mobiles import KEYS, Line, from_keys, kind_of

REFUSED = {
    "mobile_landline": frozenset[str](),
    "mobile_premium": frozenset[str](),
    "mobile_personal": frozenset[str](),
    "mobile_pager": frozenset[str](),
    "mobile_foreign": frozenset[str](),
    "mobile_nonsense": frozenset({"keyed"}),
}


class AskMobile(SeveralKeys):
    """A UK mobile; why another number will not do is explained before it is asked for again.

    In a flow:

        number:
          kind: ask_mobile
          keep: keyed
          got: that_phone
          otherwise: person/ring
    """

    num_digits: ClassVar[int] = KEYS
    shares = SeveralKeys.shares | REFUSED

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        digits = [key for key in keys if key.isdigit()]
        if not digits:
            return Wrong()
        number = from_keys(keys)
        line = kind_of(number)
        if line is Line.mobile:
            return Go(self.got, scene.memory.note(self.keep, number))
        values = {"keyed": ", ".join(digits)} if line is Line.nonsense else {}
        return Wrong(scene.words.say(scene.words.speech(f"helpline.mobile_{line}", **values)))


KIND = AskMobile
