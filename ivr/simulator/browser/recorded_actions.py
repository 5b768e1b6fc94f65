"""The actions of the person at the page in one call, from which a scenario is written."""

from dataclasses import dataclass, field


@dataclass
class RecordedAction:
    """An action `at` a second of the simulated clock, in the words of a scenario.

    When somebody else's telephone is answered the action is `answers` with its `number`; its text, the behaviour, is
    only known when they have decided. `ends` is the other party of a talk hanging up.
    """

    at: float
    action: str
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    number: str = ""


class RecordedActions(list[RecordedAction]):
    """All actions in one call."""

    def press(self, at: float, key: str, continues: bool) -> None:
        """Record a key; one that continues a number is added to the keys before."""
        if continues and self and self[-1].action == "presses":
            self[-1].text += key
        else:
            self.append(RecordedAction(at, "presses", key))

    def set_behaviour(self, number: str, behaviour: str) -> None:
        """Set how whoever answered last at that number behaves."""
        for recorded in reversed(self):
            if recorded.action == "answers" and recorded.number == number:
                recorded.text = behaviour
                return
