"""What others can make us pay for at most, by the caps: texts and minutes, and pounds where prices are known."""

from collections.abc import Iterator
from dataclasses import dataclass

SEGMENTS = 3
"""A text is paid for by the segment; the lint rule `text_too_long` lets none be longer."""
MESSAGE_SECONDS = 180
NIGHT = 12
"""Hours in which nobody looks."""


@dataclass(frozen=True, slots=True)
class CostCaps:
    """The caps: texts, messages and calls back, for one number in a day and for all in an hour."""

    texts_per_number: int
    texts_per_hour: int
    messages_per_number: int
    messages_per_hour: int
    callbacks_per_number: int
    callbacks_per_hour: int


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the bill: segments of texts that we send, and minutes of messages that we record."""

    who: str
    segments: int
    minutes: int

    def pounds(self, segment: float, minute: float) -> float:
        """Return the pounds, at a price for a segment and for a recorded minute."""
        return self.segments * segment + self.minutes * minute


def cost_lines(most: CostCaps) -> Iterator[CostLine]:
    """Yield the cost for one number in a day, for all in an hour, and for all in a night.

    Each message and each call back can have one text sent to an adviser besides; each number is answered one text of
    its own a day.

    >>> [line.segments for line in cost_lines(CostCaps(5, 200, 5, 60, 3, 60))]
    [42, 1560, 18720]
    """
    minutes = MESSAGE_SECONDS // 60
    alerts = most.messages_per_number + most.callbacks_per_number
    yield CostLine(
        "one number, one day", (most.texts_per_number + alerts + 1) * SEGMENTS, most.messages_per_number * minutes
    )
    texts = most.texts_per_hour * 2 + most.messages_per_hour + most.callbacks_per_hour
    for who, hours in (("everybody, one hour", 1), (f"everybody, one night of {NIGHT} hours", NIGHT)):
        yield CostLine(who, texts * SEGMENTS * hours, most.messages_per_hour * minutes * hours)
