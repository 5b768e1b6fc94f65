"""Tells whether the phone that rings us can be sent a text."""

from ivr.engine.step import Decision, Go, Scene, Step, Target
from ivr.helpline.mobiles import Line, kind_of


class CallerPhone(Step):
    """Says nothing: chooses an exit by the number that rings us, and by what was agreed earlier in the call.

    In a flow:

        whose:
          kind: caller_phone
          keep: keyed               # the number, until the caller has confirmed it
          confirmed: mobile         # where the confirmed one is kept
          known: send               # there is one already
          mobile: this_phone
          other: another            # a landline, or the number is withheld

    A text to a landline is refused, or worse, read aloud to whoever answers.
    """

    keep: str
    confirmed: str
    known: Target
    mobile: Target
    other: Target

    def enter(self, scene: Scene) -> Decision:
        if self.confirmed in scene.memory.notes:
            return Go(self.known, scene.memory)
        caller = scene.desk.caller
        if kind_of(caller) is not Line.mobile:
            return Go(self.other, scene.memory)
        return Go(self.mobile, scene.memory.note(self.keep, caller))


KIND = CallerPhone
