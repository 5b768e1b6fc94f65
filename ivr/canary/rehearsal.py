"""Rehearses a test call: what follows when every effect succeeds that such a call may have, and no other does."""

from dataclasses import dataclass

from ivr.engine.call_flows import CallFlows
from ivr.engine.effects import (
    Effect,
    EffectStatus,
    EndHunt,
    LeaveHunt,
    PollHunt,
    SaveRecording,
    SendText,
    StartHunt,
    StartVoicemail,
    SubmitVoicemail,
)
from ivr.engine.environment import Environment
from ivr.engine.events import EffectResult
from ivr.engine.run import PendingEffect, Reply, resume_with
from ivr.helpline import data_complaints
from ivr.helpline.hunt import HuntStatus

MAY_ASK_FOR = SendText | StartHunt | StartVoicemail | SaveRecording | SubmitVoicemail | LeaveHunt | PollHunt | EndHunt


@dataclass(frozen=True, slots=True)
class QueueReply:
    """The reply that put a caller into the queue, and the way by which they leave it, once they do."""

    reply: Reply
    left: str = ""


def after_effects(
    flows: CallFlows, reply: Reply | PendingEffect, environment: Environment, queue: QueueReply | None
) -> tuple[Reply, tuple[Effect, ...], QueueReply | None]:
    """Return what is heard once every effect is done, those effects, and the queue that the caller is in after them."""
    effects: tuple[Effect, ...] = ()
    while isinstance(reply, PendingEffect):
        effect = reply.effect
        if isinstance(effect, LeaveHunt) and queue:
            queue = QueueReply(queue.reply, effect.way)
        result = _result(effect, queue.left if queue else "")
        if isinstance(effect, EndHunt):
            queue = None
        effects += (effect,)
        reply = resume_with(flows, reply, result, environment)
    return reply, effects, queue


def _result(effect: Effect, left: str) -> EffectResult:
    is_complaint = isinstance(effect, StartVoicemail) and effect.topic == data_complaints.TOPIC
    if not isinstance(effect, MAY_ASK_FOR) or is_complaint:
        return EffectResult(EffectStatus.down)
    match effect:
        case PollHunt():
            return EffectResult(EffectStatus.kept, HuntStatus.ringing)
        case EndHunt():
            return EffectResult(EffectStatus.kept, left)
        case SaveRecording() | SubmitVoicemail():
            return EffectResult(EffectStatus.kept)
    return EffectResult(EffectStatus.kept, "1")
