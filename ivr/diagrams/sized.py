"""How large a box is with its words in it, and with what hangs on to its sides."""

from dataclasses import dataclass
from functools import cached_property

from ivr.diagrams.letters import width, wrapped
from ivr.diagrams.picture import Box, Stub

BOX, PAD = 196.0, 10.0
"""Pixels: how wide every box is, and how far its words stay from its edge."""
NAME, SMALL = 13.0, 11.0
"""Sizes of letters."""
BOLD = 1.1
"""How much wider bold letters are."""
NAME_LINE, LINE = 18.0, 14.0
PILL, PILL_STEP = 20.0, 26.0
"""How high a stub is, and how far the next one is below it."""
ARROW = 26.0
"""The shortest arrow between a box and a stub."""
LONGEST_PILL, LONGEST_COMERS = 170.0, 132.0
WORDS_SHOWN = 3


def on_arrow(labels: tuple[str, ...]) -> str:
    """The labels of one arrow, as one text.

    >>> on_arrow(("1", "otherwise"))
    '1, otherwise'
    """
    return ", ".join(labels)


@dataclass(frozen=True)
class Sized:
    """A box with its words in lines."""

    box: Box

    @cached_property
    def words(self) -> list[str]:
        return wrapped(self.box.words, SMALL, BOX - 2 * PAD, WORDS_SHOWN)

    @cached_property
    def problems(self) -> list[str]:
        return [line for says in self.box.problems for line in wrapped(says, SMALL * BOLD, BOX - 2 * PAD)]

    @cached_property
    def comers(self) -> list[str]:
        """Who comes from elsewhere, in lines."""
        return wrapped(", ".join(self.box.enters), SMALL, LONGEST_COMERS - PAD)

    @cached_property
    def height(self) -> float:
        """Of the box alone: all its stubs begin at its edge."""
        lines = 1 + len(self.words) + len(self.problems)
        return max(NAME_LINE + LINE * lines + PAD, PILL_STEP * len(self.box.leaves))

    @property
    def comers_height(self) -> float:
        return PILL + LINE * (len(self.comers) - 1)

    @cached_property
    def arrow(self) -> float:
        """How long the arrows to its stubs are: their labels stand on them."""
        return max((width(on_arrow(stub.labels), SMALL) for stub in self.box.leaves), default=0) + ARROW

    @cached_property
    def pill(self) -> float:
        """How wide its stubs are."""
        return max((self.pill_of(stub) for stub in self.box.leaves), default=0)

    @staticmethod
    def pill_of(stub: Stub) -> float:
        return width(stub.to, SMALL) + 16

    @cached_property
    def comers_width(self) -> float:
        return max((width(line, SMALL) for line in self.comers), default=0) + 16 if self.comers else 0

    @property
    def left(self) -> float:
        """From the middle of the box to the left edge of all that belongs to it."""
        return BOX / 2 + (self.comers_width + ARROW if self.comers else 0)

    @property
    def right(self) -> float:
        """The same to the right."""
        return BOX / 2 + (self.arrow + self.pill if self.box.leaves else 0)

    @property
    def bottom(self) -> float:
        """From the top of the box to the bottom edge of all that belongs to it."""
        return max(self.height, self.comers_height if self.comers else 0)
