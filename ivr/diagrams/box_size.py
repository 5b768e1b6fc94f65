"""The size of a box with its text, and of the stubs at its sides."""

from dataclasses import dataclass
from functools import cached_property

from ivr.diagrams.diagram import Box, Stub
from ivr.diagrams.text_metrics import text_width, wrap

BOX, PAD = 196.0, 10.0
"""Pixels: the width of every box, and its padding."""
NAME, SMALL = 13.0, 11.0
"""Font sizes."""
BOLD = 1.1
"""The factor by which bold text is wider."""
NAME_LINE, LINE = 18.0, 14.0
PILL, PILL_STEP = 20.0, 26.0
"""The height of a stub, and the distance to the next one."""
ARROW = 26.0
"""The shortest arrow between a box and a stub."""
INCOMING_WIDTH = 132.0
WORDS_SHOWN = 3


def label_text(labels: tuple[str, ...]) -> str:
    """Return the labels of one arrow as one text.

    >>> label_text(("1", "otherwise"))
    '1, otherwise'
    """
    return ", ".join(labels)


@dataclass(frozen=True)
class SizedBox:
    """A box with its text wrapped in lines."""

    box: Box

    @cached_property
    def words(self) -> list[str]:
        return wrap(self.box.words, SMALL, BOX - 2 * PAD, WORDS_SHOWN)

    @cached_property
    def problems(self) -> list[str]:
        return [line for says in self.box.problems for line in wrap(says, SMALL * BOLD, BOX - 2 * PAD)]

    @cached_property
    def incoming(self) -> list[str]:
        """What leads here from other diagrams, in lines."""
        return wrap(", ".join(self.box.incoming), SMALL, INCOMING_WIDTH - PAD)

    @cached_property
    def height(self) -> float:
        """The height of the box alone: all its stubs begin at its edge."""
        lines = 1 + len(self.words) + len(self.problems)
        return max(NAME_LINE + LINE * lines + PAD, PILL_STEP * len(self.box.outgoing))

    @property
    def incoming_height(self) -> float:
        return PILL + LINE * (len(self.incoming) - 1)

    @cached_property
    def arrow(self) -> float:
        """The length of the arrows to the stubs, which carry their labels."""
        return max((text_width(label_text(stub.labels), SMALL) for stub in self.box.outgoing), default=0) + ARROW

    @cached_property
    def pill(self) -> float:
        """The width of the stubs."""
        return max((self.pill_of(stub) for stub in self.box.outgoing), default=0)

    @staticmethod
    def pill_of(stub: Stub) -> float:
        return text_width(stub.to, SMALL) + 16

    @cached_property
    def incoming_width(self) -> float:
        return max((text_width(line, SMALL) for line in self.incoming), default=0) + 16 if self.incoming else 0

    @property
    def left(self) -> float:
        """The distance from the centre of the box to the left edge of all that belongs to it."""
        return BOX / 2 + (self.incoming_width + ARROW if self.incoming else 0)

    @property
    def right(self) -> float:
        """The distance from the centre to the right edge."""
        return BOX / 2 + (self.arrow + self.pill if self.box.outgoing else 0)

    @property
    def bottom(self) -> float:
        """The distance from the top of the box to the bottom edge of all that belongs to it."""
        return max(self.height, self.incoming_height if self.incoming else 0)
