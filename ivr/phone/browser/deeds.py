"""What the person at the page did in a call, one thing after another: what a script is written from."""

from dataclasses import dataclass, field


@dataclass
class Deed:
    """Something done `at` a second of the company's clock, in the words of a call script.

    Somebody else's telephone that is answered is `answers` with its `number`; the text, how they behave, is known only
    when they have decided. `ends` is the other end of a talk being put down.
    """

    at: float
    does: str
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    number: str = ""


class Deeds(list[Deed]):
    """All of one call."""

    def presses(self, at: float, key: str, goes_on: bool) -> None:
        """A key; one that goes on with a number belongs to it."""
        if goes_on and self and self[-1].does == "presses":
            self[-1].text += key
        else:
            self.append(Deed(at, "presses", key))

    def turns_out(self, number: str, behaviour: str) -> None:
        """How whoever answered last at that number behaves after all."""
        for deed in reversed(self):
            if deed.does == "answers" and deed.number == number:
                deed.text = behaviour
                return
