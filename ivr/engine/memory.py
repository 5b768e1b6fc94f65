"""The little we remember of a call; it travels in the URL, sealed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

LONGEST_TRAIL = 12
"""Questions we can go back through; more would only lengthen the URL."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Where the caller has been and what they told us.

    `turn` counts our answers, so that a promise can be keyed by call, step and turn.
    `trail` holds the questions behind the caller, oldest first, for the # key.
    `attempts`, `page` and `tried` belong to the present step and are forgotten on leaving it.
    """

    turn: int = 0
    trail: tuple[str, ...] = ()
    attempts: int = 0
    page: int = 0
    tried: int = 0
    topic: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    def note(self, name: str, value: str) -> Self:
        """The same memory with one more thing the caller told us."""
        return replace(self, notes={**self.notes, name: value})

    def arrived(self, topic: str) -> Self:
        """The same memory at the door of another step."""
        return replace(self, attempts=0, page=0, tried=0, topic=topic or self.topic)

    def passed(self, question: str | None, now_at: str) -> Self:
        """The same memory one turn later, with the question left behind added to the trail.

        A step that is on the trail already is a place we have come back to: what lay after it is forgotten,
        so a trail never turns into a loop.
        """
        trail = self.trail if question in (None, now_at) else (*self.trail, question)
        if now_at in trail:
            trail = trail[: trail.index(now_at)]
        return replace(self, turn=self.turn + 1, trail=trail[-LONGEST_TRAIL:])

    def to_json(self) -> bytes:
        """As compact bytes, to be sealed."""
        fields = (self.turn, self.trail, self.attempts, self.page, self.tried, self.topic, self.notes)
        return json.dumps(fields, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Back from bytes that we once wrote."""
        turn, trail, *rest = json.loads(data)
        return cls(turn, tuple(trail), *rest)
