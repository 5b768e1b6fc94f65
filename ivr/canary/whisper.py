"""What an adviser's telephone does in a test call: it hears out the whisper, and presses the key that accepts."""

from collections.abc import Sequence
from datetime import datetime

from ivr.canary.listening import ANSWERING, longest
from ivr.engine.call_flows import CallFlows
from ivr.engine.effects import AcceptCall
from ivr.engine.events import Digits
from ivr.engine.run import PendingEffect, begin, run
from ivr.engine.verbs import Gather, Turn
from ivr.helpline.canary import CANARY
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.whisper import HUNT, LEG, OFFER, adviser_call_state
from ivr.telephony.scripted_call import Act, Listen, Press

PICKS_UP = Press("w")
"""Half a second of silence that answers: a pause would let it ring on (https://www.twilio.com/docs/voice/twiml/pause)."""
TALK = 6
"""Seconds of talk before the adviser hangs up."""


def accepting(flows: CallFlows, now: datetime) -> Sequence[Act]:
    """Return what is done on an adviser's leg; where no step offers a call, it only hangs up."""
    offer = next((at for at, step in flows.steps.items() if step.kind == OFFER), None)
    if offer is None:
        return ()
    environment, state = HelplineEnvironment(now), adviser_call_state(CANARY, None, **{HUNT: CANARY, LEG: CANARY})
    heard = begin(flows, offer, environment, state)
    if isinstance(heard, PendingEffect):
        return ()
    accepted = (run(flows, offer, heard.state, Digits(key), environment) for key in "123456789")
    keys = zip("123456789", accepted, strict=True)
    key = next((key for key, after in keys if _accepts(after)), None)
    offered = Turn(tuple(verb for verb in heard.turn.verbs if isinstance(verb, Gather)))
    return (PICKS_UP, Listen(longest(offered) + ANSWERING), Press(key), Listen(TALK)) if key else ()


def _accepts(after: object) -> bool:
    return isinstance(after, PendingEffect) and isinstance(after.effect, AcceptCall)
