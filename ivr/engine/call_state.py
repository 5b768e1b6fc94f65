"""The little we remember of a call; it travels in the URL, sealed."""

from collections.abc import Mapping
from typing import Self

from msgspec import Struct, structs
from msgspec.json import Decoder, encode

LONGEST_HISTORY = 12
"""Questions we can go back through; more would only lengthen the URL."""


class CallState(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where the caller has been and what they told us.

    `turn` counts our answers, so that a promise can be keyed by call, step and turn.
    `trail` holds the questions behind the caller, oldest first, for the # key: `flow/step`, or `flow/step:2` for the
    third page of a reading.
    `attempts`, `page` and `tried` belong to the present step and are forgotten on leaving it.
    """

    turn: int = 0
    history: tuple[str, ...] = ()
    attempts: int = 0
    page: int = 0
    tried: int = 0
    topic: str = ""
    variables: Mapping[str, str] = {}

    def with_variable(self, name: str, value: str) -> Self:
        """The same memory with one more thing the caller told us."""
        return structs.replace(self, variables={**self.variables, name: value})

    def arrived(self, topic: str, page: int = 0) -> Self:
        """The same memory at the door of another step."""
        return type(self)(self.turn, self.history, page=page, topic=topic or self.topic, variables=self.variables)

    def asked(self, attempts: int, page: int) -> Self:
        """The same memory while a step asks, for the so-manieth time, on one of its pages."""
        if (self.attempts, self.page) == (attempts, page):
            return self
        return structs.replace(self, attempts=attempts, page=page)

    def passed(self, question: str | None, now_at: str) -> Self:
        """The same memory one turn later, with the question (and its page) left behind added to the trail.

        A step that is on the trail already is a place we have come back to: what lay after it is forgotten,
        so a trail never turns into a loop.
        """
        left = () if question is None or step_of(question) == now_at else (question,)
        history = (*self.history, *left)
        steps = [step_of(entry) for entry in history]
        if now_at in steps:
            history = history[: steps.index(now_at)]
        of_step = self.attempts, self.page, self.tried
        return type(self)(self.turn + 1, history[-LONGEST_HISTORY:], *of_step, self.topic, self.variables)

    def to_json(self) -> bytes:
        """As compact bytes, to be sealed."""
        return encode(self, enc_hook=str)  # a step's name may be of a class of its own (`Target`)


decode_call_state = Decoder(CallState).decode
"""Back from bytes that we once wrote; raises MsgspecError for what is no memory, or has more in it than we know of."""


def at_page(step: str, page: int) -> str:
    """A question as the trail has it.

    >>> at_page("school/menu", 0), at_page("school/first_steps", 2)
    ('school/menu', 'school/first_steps:2')
    """
    return f"{step}:{page}" if page else step


def step_of(entry: str) -> str:
    """The step of an entry of the trail."""
    return entry.partition(":")[0]


def page_of(entry: str) -> int:
    """The page of an entry of the trail; the first is 0."""
    return int(entry.partition(":")[2] or 0)
