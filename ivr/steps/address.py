"""Reads somebody's postal and e-mail addresses slowly, for people who write them down."""

from ivr.engine.pages import Pages
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.engine.verbs import Pause, Speech
from ivr.helpline.spoken import spelt_email, spelt_post

TO_FIND_A_PEN = Pause(3000)


class Address(Pages):
    """One page for each address of an entry of contacts.yaml. If they may not be said today, it takes `unknown`.

    In a flow:

        address:
          kind: address
          who: send_tribunal
          then: next
          unknown: no_address
          otherwise: person/ring
    """

    who: str
    unknown: Target
    says = Pages.says | {"post": frozenset({"address"}), "email": frozenset({"address"})}
    shares = Pages.shares | {"pen": frozenset(), "again": frozenset[str]()}
    unasked = frozenset({"unknown"})

    @property
    def plain(self) -> bool:
        return False

    def speaks_of(self) -> str:
        return self.who

    def pages_to_say(self) -> int:
        return 2

    def page(self, scene: Scene, number: int) -> tuple[Speech, ...]:
        words, desk = scene.words, scene.desk
        post, email = spelt_post(desk.written_post(self.who) or ""), spelt_email(desk.written_email(self.who) or "")
        name, address = (("post", post), ("email", email))[number]
        pen = (*words.speech("helpline.pen"), TO_FIND_A_PEN)
        return (pen, words.speech(own(scene.at, name), address=address), words.speech("helpline.again"))

    def enter(self, scene: Scene) -> Decision:
        if scene.desk.written_email(self.who) is None or scene.desk.written_post(self.who) is None:
            return Go(self.unknown, scene.memory)
        return super().enter(scene)

    def again(self, scene: Scene) -> Decision:
        return self.enter(scene)  # it may be the day after by now


KIND = Address
