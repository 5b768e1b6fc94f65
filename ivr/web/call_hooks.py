"""What simulated calls change of our answers, and are told of them."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.engine.call_state import CallState
from ivr.engine.conversation import Answer
from ivr.engine.events import Event
from ivr.engine.verbs import Turn
from ivr.web.signature_check import Form


@dataclass(frozen=True)
class CallHooks:
    """Functions for whoever simulates calls; as they are here, they change nothing, and tell nobody."""

    entry: Callable[[Form], tuple[str, CallState]] = lambda form: ("", CallState())
    """Chooses the step at which a call begins ("" for the first), and its language and audience."""
    rendered: Callable[[Turn, bytes], None] = lambda turn, document: None
    """Is told every document with its turn."""
    answered: Callable[[str, str, Event, Answer], None] = lambda call, at, event, answer: None
    """Is told every answer: of which call (its SID), asked at which step ("" for a new call), on what event."""


NO_HOOKS = CallHooks()
