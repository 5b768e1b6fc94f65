"""The state of a call; it travels in the URL, sealed."""

from collections.abc import Iterable, Mapping
from typing import Self

from msgspec import Raw, Struct, ValidationError, structs
from msgspec.json import Decoder, encode

LONGEST_HISTORY = 12
"""Questions we can go back through; more would only lengthen the URL."""


class CallState(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where the caller has been and what they told us.

    `turn` counts our answers, so that an effect has an idempotency key of call, step and turn.
    `history` holds the questions behind the caller, oldest first, for the # key: `flow/step`, or `flow/step:2` for the
    third page of a reading.
    `attempts`, `page` and `tried` belong to the present step and are reset on leaving it.
    `former_names` holds, by step, what earlier releases call it, as far as a step of this state was renamed.
    `language` (a tag such as cy) and `audience` choose the words of this call; "" are those that calls begin with.

    It is sealed as a JSON array. A release may only add fields, at the end and with a default: the release before it
    keeps what it does not know (`NewerCallState`), the release after it still reads a shorter array.
    """

    turn: int = 0
    history: tuple[str, ...] = ()
    attempts: int = 0
    page: int = 0
    tried: int = 0
    topic: str = ""
    variables: Mapping[str, str] = {}
    former_names: Mapping[str, tuple[str, ...]] = {}
    language: str = ""
    audience: str = ""

    def anew(self) -> "CallState":
        """Return the state of a call that begins again, in the same words."""
        return CallState(language=self.language, audience=self.audience)

    def with_variable(self, name: str, value: str) -> Self:
        """Return the state with one more thing the caller told us."""
        return structs.replace(self, variables={**self.variables, name: value})

    def arrived(self, topic: str, page: int = 0) -> Self:
        """Return the state on coming to another step."""
        return structs.replace(self, attempts=0, page=page, tried=0, topic=topic or self.topic)

    def with_attempt(self, attempts: int, page: int) -> Self:
        """Return the state while a step asks on one of its pages, after so many failed attempts."""
        if (self.attempts, self.page) == (attempts, page):
            return self
        return structs.replace(self, attempts=attempts, page=page)

    def passed(self, question: str | None, now_at: str) -> Self:
        """Return the state one turn later, with the question (and its page) left behind added to the history.

        A step that is in the history already is a place we have come back to: what lay after it is dropped,
        so a history never turns into a loop.
        """
        left = () if question is None or step_of(question) == now_at else (question,)
        history = (*self.history, *left)
        steps = steps_of(history)
        if now_at in steps:
            history = history[: steps.index(now_at)]
        return structs.replace(self, turn=self.turn + 1, history=history[-LONGEST_HISTORY:])

    def to_json(self) -> bytes:
        """Return compact bytes, to be sealed."""
        return encode(self, enc_hook=str)  # a step's name may be of a class of its own (`Target`)


class NewerCallState(CallState, frozen=True):
    """A state that a newer release sealed, with the fields that this one does not know."""

    unknown: tuple[Raw, ...] = ()

    def to_json(self) -> bytes:
        *known, unknown = structs.astuple(self)
        return encode((*known, *unknown), enc_hook=str)


class _KnownFields(CallState, frozen=True, forbid_unknown_fields=False):
    """The fields that this release knows, of a state that may have more."""


_decode = Decoder(CallState).decode
_decode_known = Decoder(_KnownFields).decode
_decode_all = Decoder(list[Raw]).decode


def decode_call_state(data: bytes) -> CallState:
    """Return the state that some release sealed; raises MsgspecError for what is no state."""
    try:
        return _decode(data)
    except ValidationError:
        known, unknown = _decode_known(data), _decode_all(data)[len(structs.fields(CallState)) :]
        if not unknown:
            raise
        return NewerCallState(**structs.asdict(known), unknown=tuple(one.copy() for one in unknown))


def at_page(step: str, page: int) -> str:
    """Return a question as the history has it.

    >>> at_page("school/menu", 0), at_page("school/first_steps", 2)
    ('school/menu', 'school/first_steps:2')
    """
    return f"{step}:{page}" if page else step


def step_of(entry: str) -> str:
    """Return the step of an entry of the history."""
    return entry.partition(":")[0]


def steps_of(history: Iterable[str]) -> list[str]:
    """Return the steps of all entries of a history."""
    return [entry.partition(":")[0] for entry in history]


def page_of(entry: str) -> int:
    """Return the page of an entry of the history; the first is 0."""
    return int(entry.partition(":")[2] or 0)
