"""Reads somebody's postal and e-mail addresses slowly, for people who write them down."""

from ivr.engine.pages import Pages
from ivr.engine.step import Decision, Go, StepContext, Target, own
from ivr.engine.verbs import Speech
from ivr.helpline.spoken import invite_to_write, spell_email, spell_postal_address


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

    @property
    def for_anybody(self) -> bool:
        return True

    def speaks_of(self) -> str:
        return self.who

    def pages_to_say(self) -> int:
        return 2

    def page(self, context: StepContext, number: int) -> tuple[Speech, ...]:
        words, environment = context.words, context.environment
        if number == 0:
            name, address = "post", spell_postal_address(environment.written_post(self.who) or "")
        else:
            name, address = "email", spell_email(environment.written_email(self.who) or "")
        read_out = words.speech(own(context.at, name), address=address)
        return (invite_to_write(words), read_out, words.speech("helpline.again"))

    def enter(self, context: StepContext) -> Decision:
        if context.environment.written_email(self.who) is None or context.environment.written_post(self.who) is None:
            return Go(self.unknown, context.state)
        return super().enter(context)

    def again(self, context: StepContext) -> Decision:
        return self.enter(context)  # it may be the day after by now


KIND = Address
