"""What a helpline did for each webhook of a simulated call, as the telephone in the browser shows it."""

from collections import deque
from collections.abc import Mapping

from msgspec import structs, to_builtins

from ivr.engine.call_state import CallState
from ivr.engine.conversation import Answer
from ivr.engine.effects import Effect, EffectStatus
from ivr.engine.events import DialEnded, Digits, Event, NoInput, QueueEnded, Recorded
from ivr.simulator.browser.helpline_source import CallTrace, EffectTrace

MOST_TRACES = 50
"""How many are kept until the telephone takes them; it does so after each webhook."""


class CallTraces:
    """An observer of the answers of one application."""

    def __init__(self) -> None:
        self._traces: deque[CallTrace] = deque(maxlen=MOST_TRACES)

    def observe(self, call: str, at: str, event: Event, answer: Answer) -> None:
        """Keep what was answered."""
        reply, happened = answer.reply, _what_happened(event) if at else ""
        path, effects = tuple(map(str, reply.path)), tuple(_effect(*performed) for performed in answer.effects)
        self._traces.append(CallTrace(call, at, happened, path, str(reply.at), _state(reply.state), effects))

    def take(self, call: str) -> list[CallTrace]:
        """Return the traces of a call that were not taken yet, in order."""
        found = [trace for trace in self._traces if trace.call == call]
        self._traces = deque((trace for trace in self._traces if trace.call != call), maxlen=MOST_TRACES)
        return found


def _what_happened(event: Event) -> str:
    """Return an event in words.

    >>> _what_happened(Digits("14102026")), _what_happened(NoInput())
    ('pressed 14102026', 'pressed nothing')
    """
    match event:
        case Digits(keys):
            return f"pressed {keys}"
        case NoInput():
            return "pressed nothing"
        case Recorded(gone=gone, key=key):
            return "spoke and hung up" if gone else f"spoke and pressed {key}" if key else "spoke"
        case DialEnded(outcome):
            return f"was put through: {outcome}"
        case QueueEnded(result):
            return f"left the queue: {result}"
    return "hung up"


def _state(state: CallState) -> Mapping[str, object]:
    """Return the call state as JSON values."""
    values: dict[str, object] = to_builtins(
        {name: getattr(state, name) for name in state.__struct_fields__}, enc_hook=str
    )
    return values


def _effect(effect: Effect, status: EffectStatus) -> EffectTrace:
    fields: dict[str, object] = to_builtins(structs.asdict(effect), enc_hook=str)
    return EffectTrace(type(effect).__name__, fields, status.value)
